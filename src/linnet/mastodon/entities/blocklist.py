"""Blocklist: accounts that one may subscribe to have blocked or muted. Linnet's own, Mastodon has none."""

import msgspec

from linnet.mastodon.entities.account import Account


class Blocklist(msgspec.Struct, kw_only=True):
    """A list of accounts, as the viewer sees it."""

    id: str
    account: Account
    """Whose list it is."""
    name: str
    description: str
    public: bool
    accounts_count: int
    subscribers_count: int
    """Up to 10,000."""
    subscribed: str | None
    """What the viewer subscribed to it for: "block" or "mute"; null when they did not."""
    created_at: str
    updated_at: str
