"""Accounts: who is on this server, what they say of themselves, and how they are found."""
