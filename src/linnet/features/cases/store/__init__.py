"""Rows of casework: only this feature writes them."""
