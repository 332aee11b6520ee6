"""Conversations: private messages between two people or in a group, which nobody else can come across."""
