"""An invitation: an entity of our own, with the names of Mastodon's table of invites."""

import msgspec


class Invite(msgspec.Struct, kw_only=True):
    """A code that lets people in. Null for `max_uses` and `expires_at`: without end."""

    id: str
    code: str
    url: str
    """Where whoever was invited goes on."""
    uses: int
    max_uses: int | None
    expires_at: str | None
    created_at: str
    usable: bool
    account_id: str | None
    """Who made it; null for the operator."""
