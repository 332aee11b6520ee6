"""All SQL of conversations: who is in them, what was said, and who may see it."""
