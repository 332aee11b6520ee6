"""Lists: some of the people one follows, and hashtags, each list a timeline of its own. See decision 0025."""
