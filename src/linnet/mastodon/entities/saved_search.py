"""A search that somebody keeps: an entity of our own."""

import msgspec


class SavedSearch(msgspec.Struct):
    """What is looked for, and what its owner calls it."""

    id: str
    title: str
    query: str
    created_at: str
