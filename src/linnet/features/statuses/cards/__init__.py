"""Cards: previews of what statuses link to, looked up once for all who link there."""
