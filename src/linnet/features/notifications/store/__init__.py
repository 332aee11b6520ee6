"""All SQL of notifications: whom to tell of what, the rows themselves, and forgetting them."""
