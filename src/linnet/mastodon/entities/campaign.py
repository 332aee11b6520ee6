"""A campaign of many accounts; an entity of our own."""

import msgspec


class Campaign(msgspec.Struct, kw_only=True):
    """Many accounts that said nearly the same, and what spoke for it."""

    id: str
    score: float
    """How sure it is, 0 to 1."""
    evidence: dict[str, float]
    """What was counted: posts, authors, newcomers, linked, varied (shares), sites, strange_sites, links, minutes."""
    posts_count: int
    """Of its posts those that were seen by others before."""
    recognised_at: str
    last_seen_at: str
    lifted_at: str | None
    """When somebody said that it is none."""
    lifted_by_account_id: str | None
