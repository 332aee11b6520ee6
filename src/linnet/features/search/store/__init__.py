"""All SQL of search: what is indexed, how it is found, what is kept."""
