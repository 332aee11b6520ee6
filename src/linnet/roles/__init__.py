"""The processes we run: each file is one, and `everything.py` runs them all in one place."""
