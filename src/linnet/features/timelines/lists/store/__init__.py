"""All SQL about lists."""
