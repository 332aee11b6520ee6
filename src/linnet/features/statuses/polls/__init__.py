"""Polls: a question in a status, answered once by each voter, until a moment."""
