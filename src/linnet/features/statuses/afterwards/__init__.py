"""What is looked at right after a status was published, because it takes longer than its author should wait."""
