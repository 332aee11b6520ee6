"""Search over posts: what people type, what is indexed, what is found; and searches that are kept."""
