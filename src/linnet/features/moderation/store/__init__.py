"""All SQL of the engine: policies and decisions."""
