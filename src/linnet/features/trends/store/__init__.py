"""All SQL of trends."""
