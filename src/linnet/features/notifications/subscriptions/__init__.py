"""Subscriptions: to which app, and through whom, notifications are pushed."""
