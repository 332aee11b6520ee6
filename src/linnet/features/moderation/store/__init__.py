"""All SQL of the engine: policies, decisions, and what is known of people."""
