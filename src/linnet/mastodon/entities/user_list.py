"""List, as on the wire (https://docs.joinmastodon.org/entities/List/)."""

import msgspec


class UserList(msgspec.Struct):
    """Some of the people one follows, as a timeline of their own."""

    id: str
    title: str
    replies_policy: str
    exclusive: bool


class ListedTag(msgspec.Struct):
    """A hashtag on a list. Linnet's own: Mastodon's lists have none."""

    id: str
    name: str
    url: str
