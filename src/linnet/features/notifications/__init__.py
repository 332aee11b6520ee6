"""Notifications: what others did that concerns somebody, kept for them to read."""
