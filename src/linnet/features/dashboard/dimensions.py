"""What the server is made up of: languages, apps, space, versions."""

import platform
from collections.abc import Sequence
from typing import Final

import asyncpg

from linnet import __version__
from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.dashboard import store
from linnet.features.dashboard.models import (
    COUNTED_MAX,
    DAYS_MAX,
    LISTED_MAX,
    USES_MAX,
    About,
    Dimension,
    Made,
    Part,
    Period,
)
from linnet.features.media import oversight
from linnet.features.statuses import census as statuses
from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown
from linnet.platform.postgres import Queries
from linnet.platform.remembered import remembered
from linnet.platform.site import Site

KEPT_S: Final = 60
SIZES_KEPT_S: Final = 600
"""Adding up what everybody uploaded reads that whole table."""

_OF_TAGS: Final = frozenset({Dimension.TAG_SERVERS, Dimension.TAG_LANGUAGES})


async def dimensions(
    engines: Engines, actor: Actor | Operator, keys: Sequence[Dimension], period: Period, about: About, limit: int
) -> list[Made]:
    """Each dimension over some days, up to `limit` parts of it. Raises `Forbidden`, `Invalid` for too many days."""
    require(actor, Permission.VIEW_DASHBOARD)
    period.check(DAYS_MAX)
    limit = max(1, min(limit, LISTED_MAX))
    return [await _dimension(engines, key, period, about.tag_ids.get(key), limit) for key in dict.fromkeys(keys)]


async def _dimension(engines: Engines, key: Dimension, period: Period, tag_id: int | None, limit: int) -> Made:
    async def find() -> Made:
        return Made(key, await _parts(engines, await engines.replica_for(0), key, period, tag_id or 0, limit))

    name = f"dimension:{key}:{tag_id or ''}:{period.first}:{period.last}:{limit}"
    kept_s = SIZES_KEPT_S if key is Dimension.SPACE_USAGE else KEPT_S
    return await remembered(engines.valkey, name, Made, find, kept_s=kept_s)


async def _parts(
    engines: Engines, db: Queries, key: Dimension, period: Period, tag_id: int, limit: int
) -> Sequence[Part]:
    if key in _OF_TAGS:
        return await _of_tag(engines, db, key, period, tag_id, limit)
    bounds = period.bounds
    parts: Sequence[Part] = ()  # of another server: no other is known here
    match key:
        case Dimension.LANGUAGES:
            parts = _by_key(await store.locales_between(db, period.first, period.last, limit))
        case Dimension.SOURCES:
            found = await store.sources_between(db, bounds[0], bounds[-1], COUNTED_MAX, limit)
            parts = [Part(row["key"] or "web", row["key"] or "Website", str(row["number"])) for row in found]
        case Dimension.SERVERS:
            parts = _here(engines, sum(await statuses.posted_between(db, bounds, COUNTED_MAX)))
        case Dimension.SPACE_USAGE:
            parts = await _space(engines, db)
        case Dimension.SOFTWARE_VERSIONS:
            parts = await _versions(engines, db)
        case _:
            pass
    return parts


async def _of_tag(
    engines: Engines, db: Queries, key: Dimension, period: Period, tag_id: int, limit: int
) -> Sequence[Part]:
    first_id, end_id = period.bounds[0], period.bounds[-1]
    if key is Dimension.TAG_LANGUAGES:
        return _by_key(await store.tag_languages(db, tag_id, first_id, end_id, USES_MAX, limit))
    rows = await store.tag_by_day(db, tag_id, first_id, end_id, USES_MAX)
    return _here(engines, next((row["uses"] for row in rows if row["day"] is None), 0))


def _by_key(rows: Sequence[asyncpg.Record]) -> list[Part]:
    return [Part(row["key"], row["key"], str(row["number"])) for row in rows]


def _here(engines: Engines, number: int) -> list[Part]:
    """The part of the only server there is; none where it has none."""
    domain = engines.config(Site).domain
    return [Part(domain, domain, str(number))] if number else []


async def _space(engines: Engines, db: Queries) -> list[Part]:
    told = await _told_of_valkey(engines)
    words = "Valkey" if engines.valkey.is_single else "Valkey, one of its servers"
    sizes = (
        ("postgresql", "PostgreSQL", (await store.database(db))["bytes"]),
        ("valkey", words, int(told.get("used_memory", 0))),
        ("media", "Media storage", sum(one.bytes for one in await oversight.usage(engines, None))),
    )
    return [Part(key, words, str(size), "bytes") for key, words, size in sizes]


async def _versions(engines: Engines, db: Queries) -> list[Part]:
    told = await _told_of_valkey(engines)
    database: str = (await store.database(db))["version"]
    return [
        Part("linnet", "Linnet", __version__),
        Part("python", "Python", platform.python_version()),
        Part("postgresql", "PostgreSQL", database),
        Part("valkey", "Valkey", told.get("valkey_version") or told.get("redis_version", "away")),
    ]


async def _told_of_valkey(engines: Engines) -> dict[str, str]:
    """What Valkey says of itself; nothing while it is away, for all else can be answered then."""
    try:
        return await engines.valkey.told_of_itself()
    except EngineDown:
        return {}
