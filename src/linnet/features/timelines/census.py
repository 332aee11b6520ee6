"""How many are here and how much they write: numbers of the whole server, counted seldom and remembered for all."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from linnet.features.accounts import census as accounts
from linnet.features.sessions import census as sessions
from linnet.features.statuses import census as statuses
from linnet.features.timelines import store
from linnet.platform.engines import Engines
from linnet.platform.ids import first_id_at
from linnet.platform.remembered import remembered

KEPT_S: Final = 60
"""How old the numbers may be."""

WEEKS: Final = 12
WEEKS_KEPT_S: Final = 3_600
COUNTED_MAX: Final = 100_000
"""Rows counted of one week: a busier week than that is told as just so busy."""

VISITORS_MAX: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Census:
    """The server in numbers; exact while they are small."""

    members: int
    statuses: int
    active_month: int
    """Accounts that read their home within 30 days."""
    active_half_year: int


@dataclass(frozen=True, slots=True)
class Week:
    """What went on in the seven days from Monday, `starts_at`, midnight UTC."""

    starts_at: datetime
    statuses: int
    logins: int
    registrations: int


async def census(engines: Engines) -> Census:
    """The server in numbers, at most `KEPT_S` old."""

    async def count() -> Census:
        today = engines.clock.now().date()
        db = await engines.replica_for(0)
        return Census(
            members=await accounts.members(db),
            statuses=await statuses.published(db),
            active_month=await store.visitors_since(db, today - timedelta(days=30), VISITORS_MAX),
            active_half_year=await store.visitors_since(db, today - timedelta(days=180), VISITORS_MAX),
        )

    return await remembered(engines.valkey, "census", Census, count, kept_s=KEPT_S)


async def weeks(engines: Engines) -> list[Week]:
    """The last `WEEKS` weeks, the present one first, at most `WEEKS_KEPT_S` old."""

    async def count() -> list[Week]:
        today = engines.clock.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        monday = today - timedelta(days=today.weekday())
        starts = [monday - timedelta(weeks=ago) for ago in range(WEEKS - 1, -2, -1)]
        bounds = [first_id_at(start) for start in starts]
        db = await engines.replica_for(0)
        posted = await statuses.posted_between(db, bounds, COUNTED_MAX)
        signed_in = await sessions.signed_in_between(db, bounds, COUNTED_MAX)
        made = await accounts.made_between(db, bounds, COUNTED_MAX)
        counted = zip(starts[:-1], posted, signed_in, made, strict=True)
        return [Week(*one) for one in counted][::-1]

    return await remembered(engines.valkey, "weeks", list[Week], count, kept_s=WEEKS_KEPT_S)
