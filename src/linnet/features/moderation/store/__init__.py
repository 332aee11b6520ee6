"""All SQL of moderation."""
