"""Relationships: follows and requests, blocks, mutes, private notes."""
