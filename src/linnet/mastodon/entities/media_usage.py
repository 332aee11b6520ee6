"""What somebody has in the store of media; an extension of ours."""

import msgspec


class MediaUsageOfKind(msgspec.Struct, kw_only=True):
    """What there is of one kind; `unknown` is what was not looked at yet."""

    type: str
    count: int
    bytes: int


class MediaUsage(msgspec.Struct, kw_only=True):
    """All in the store, and on its way there; `bytes_max` is null where anybody may have any amount."""

    count: int
    bytes: int
    bytes_coming: int
    bytes_max: int | None
    kinds: list[MediaUsageOfKind]
