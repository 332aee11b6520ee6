"""All SQL of relationships."""
