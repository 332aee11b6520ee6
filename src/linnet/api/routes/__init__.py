"""The endpoints, in files named as in Mastodon's documentation."""
