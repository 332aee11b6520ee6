"""Suggestion, as on the wire (https://docs.joinmastodon.org/entities/Suggestion/)."""

import msgspec

from linnet.mastodon.entities.account import Account


class Suggestion(msgspec.Struct):
    """Somebody whom the viewer might follow, and why; `source` is for clients of Mastodon before 4.3."""

    account: Account
    sources: list[str]
    source: str
