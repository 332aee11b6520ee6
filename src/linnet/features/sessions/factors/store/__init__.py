"""SQL of second factors."""
