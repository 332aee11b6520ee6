"""The ways out of the product that are not an answer to a request."""
