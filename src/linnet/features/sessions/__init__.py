"""Sessions: signing up and in, tokens, apps and what they may do."""
