"""Letters: what is written to people by e-mail, and how it gets to them."""
