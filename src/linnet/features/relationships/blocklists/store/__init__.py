"""All SQL of blocklists."""
