"""What posts are looked at for, and what was found in them; leans on every other feature, and none leans on it."""
