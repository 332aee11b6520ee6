"""All SQL of the engine: policies, decisions and standings."""
