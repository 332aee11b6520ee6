"""Notifications by e-mail: what somebody wants written to them, and what waits to be."""
