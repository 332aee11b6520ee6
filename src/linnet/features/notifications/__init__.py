"""Notifications: who did what to you."""
