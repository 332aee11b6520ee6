"""Trends: hashtags, posts and links that more people speak of now than their own past lets expect."""
