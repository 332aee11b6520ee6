"""What is looked at when people write, what was found, and what follows; every feature that takes words leans on it."""
