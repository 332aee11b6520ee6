"""Conversation, as on the wire (https://docs.joinmastodon.org/entities/Conversation/)."""

import msgspec

from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.status import Status


class Conversation(msgspec.Struct):
    """Direct messages between the viewer and some others, with the latest of them."""

    id: str
    unread: bool
    accounts: list[Account]
    last_status: Status | None
