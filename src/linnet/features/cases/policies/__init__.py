"""What staff do with policies of moderation: write, try on the past, let hold. Versions only grow (decision 0045)."""
