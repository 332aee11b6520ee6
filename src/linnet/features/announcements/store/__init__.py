"""All SQL of announcements: their rows, what people do with them, and the server's texts."""
