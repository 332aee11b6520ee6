"""The way in over HTTP: the edge, the one parameter decoder, and the table of endpoints."""
