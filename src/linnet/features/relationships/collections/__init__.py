"""Collections: accounts that somebody recommends together, in public, and which may leave them. As in Mastodon 4.6."""
