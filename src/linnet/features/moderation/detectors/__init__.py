"""Detectors: each file has one pure function from a text and what is known about it to findings."""
