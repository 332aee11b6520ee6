"""Filters: what somebody does not want to read, by words and by single posts."""
