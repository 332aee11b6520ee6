"""Hashtags that people follow, and those they feature on their profiles. See decision 0025."""
