"""What media costs: `python -m bench.media`."""
