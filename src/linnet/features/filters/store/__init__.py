"""All SQL of filters."""
