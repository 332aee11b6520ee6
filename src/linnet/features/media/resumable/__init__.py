"""Uploads that go on where they were when the connection broke, by tus 1.0 (decision 0036)."""
