"""Detectors on labelled sets, beside the libraries that people use, and what a post costs."""
