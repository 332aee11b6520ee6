"""Marker, as on the wire (https://docs.joinmastodon.org/entities/Marker/)."""

import msgspec


class Marker(msgspec.Struct):
    """How far one has read a timeline."""

    last_read_id: str
    version: int
    updated_at: str
