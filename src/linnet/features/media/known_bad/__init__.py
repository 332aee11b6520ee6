"""Pictures that nobody may upload, known by what they look like: a list that moderators keep (decision 0036)."""
