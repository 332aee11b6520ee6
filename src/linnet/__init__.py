"""Linnet: a social network server that speaks the Mastodon client API."""

__version__ = "0.1.0"
