"""From the product's nouns to entities, always in batches."""
