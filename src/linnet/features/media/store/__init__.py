"""All SQL of media."""
