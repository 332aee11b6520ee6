"""Portability: what people bring along from elsewhere, and what they take away."""
