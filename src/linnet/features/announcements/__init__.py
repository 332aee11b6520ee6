"""Announcements: what the operators tell everybody, and the texts that are the server's word."""
