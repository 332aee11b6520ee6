"""What somebody may do in a while; an extension of ours."""

import msgspec


class LimitOfKind(msgspec.Struct, kw_only=True):
    """One kind of act: at most `limit` within any `within` seconds, of which `remaining` are left now.

    `more_in` is the number of seconds until there is room for one more; 0 while none was used.
    """

    kind: str
    limit: int
    within: int
    remaining: int
    more_in: int


class Limits(msgspec.Struct, kw_only=True):
    """`tier` is new, ordinary, trusted or poor; `limits` is empty where nothing is limited."""

    tier: str
    limits: list[LimitOfKind]
