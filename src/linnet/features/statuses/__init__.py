"""Statuses: posts, replies, reblogs, quotes, and what people do with them."""
