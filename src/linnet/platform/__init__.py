"""What the product stands on. Nothing here knows what a status or an account is."""
