"""Timelines: home by smart fan-out, and the public, hashtag and account timelines."""
