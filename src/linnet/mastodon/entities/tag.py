"""Tag, as on the wire (https://docs.joinmastodon.org/entities/Tag/)."""

import msgspec


class TagHistory(msgspec.Struct):
    """A hashtag's use on one day: midnight in Unix seconds and two counts, all of them strings."""

    day: str
    uses: str
    accounts: str


class Tag(msgspec.Struct):
    """A hashtag and its last days. What the viewer has to do with it is absent for the public."""

    id: str
    name: str
    url: str
    history: list[TagHistory]
    following: bool | msgspec.UnsetType = msgspec.UNSET
    featuring: bool | msgspec.UnsetType = msgspec.UNSET


class FeaturedTag(msgspec.Struct):
    """A hashtag on somebody's profile; how often it was used there is a string."""

    id: str
    name: str
    url: str
    statuses_count: str
    last_status_at: str | None
