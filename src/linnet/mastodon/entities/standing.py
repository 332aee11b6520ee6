"""How an account stands, for those who moderate; an extension of ours."""

import msgspec


class StandingPart(msgspec.Struct, kw_only=True):
    """One term of the formula: `points` of credit, or of trouble below 0, for so `much` of what `name` says."""

    name: str
    much: float
    points: float


class StandingCount(msgspec.Struct, kw_only=True):
    """How often something happened, ever, and how much of it counts now."""

    total: int
    counts: float


class StandingLimit(msgspec.Struct, kw_only=True):
    """How often something may be done within so many seconds."""

    limit: int
    within: int


class AccountStanding(msgspec.Struct, kw_only=True):
    """reputation = credit / (credit + trouble). `tier` is new, ordinary, trusted or poor."""

    account_id: str
    username: str
    origin: str
    """open, approved, invited or operator."""
    followers: int
    reputation: float
    credit: float
    trouble: float
    tier: str
    reporter_weight: float
    links_share: float
    duplicates_share: float
    parts: list[StandingPart]
    happened: dict[str, StandingCount]
    limits: dict[str, StandingLimit]
