"""All SQL about collections."""
