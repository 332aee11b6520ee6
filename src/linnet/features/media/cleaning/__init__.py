"""Clean-up: what was uploaded and is needed no more, and files in the store that no row knows (decision 0036)."""
