"""Poll, as on the wire (https://docs.joinmastodon.org/entities/Poll/)."""

import msgspec


class PollOption(msgspec.Struct):
    """A possible answer; its votes are null while the poll keeps them to itself."""

    title: str
    votes_count: int | None


class Poll(msgspec.Struct):
    """A poll. What the viewer has done comes last, and is absent for the public."""

    id: str
    expires_at: str
    expired: bool
    multiple: bool
    votes_count: int
    voters_count: int | None
    options: list[PollOption]
    emojis: list[str] = msgspec.field(default_factory=list)
    voted: bool | msgspec.UnsetType = msgspec.UNSET
    own_votes: list[int] | msgspec.UnsetType = msgspec.UNSET


class EditedPollOption(msgspec.Struct):
    """What could be answered, in one wording of a status."""

    title: str


class EditedPoll(msgspec.Struct):
    """The poll that a wording of a status had."""

    options: list[EditedPollOption]
