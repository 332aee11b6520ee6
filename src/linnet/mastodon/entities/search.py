"""Search, as on the wire (https://docs.joinmastodon.org/entities/Search/)."""

import msgspec

from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.status import Status
from linnet.mastodon.entities.tag import Tag


class Search(msgspec.Struct):
    """What was found."""

    accounts: list[Account]
    statuses: list[Status]
    hashtags: list[Tag]


class V1Search(msgspec.Struct):
    """What was found, as older clients ask for it: hashtags by name only."""

    accounts: list[Account]
    statuses: list[Status]
    hashtags: list[str]
