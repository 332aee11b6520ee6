"""Near-duplicates of everyone's last hours: a window of them in Valkey, who was alike, and what shows a campaign."""
