"""Drafts that wait on the server, so that what was begun on one device can be finished on another."""
