"""Questions about hashtags: which there are, and how much they were used in the last days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Final

import asyncpg

from linnet.features.accounts.models import Viewer
from linnet.features.statuses.entities import HASHTAG_LENGTH_MAX, Hashtag, parse, tag_name
from linnet.features.statuses.store import hashtags as store
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound
from linnet.platform.ids import first_id_at
from linnet.platform.postgres import Queries

DAYS: Final = 7
"""Days of a hashtag's history, today's included."""

USES_MAX: Final = 10_000
"""Uses of one hashtag that are looked at, the latest first."""


@dataclass(frozen=True, slots=True)
class Use:
    """How often, and by how many accounts, a hashtag was used in public on one day (UTC)."""

    day: date
    uses: int = 0
    accounts: int = 0


@dataclass(frozen=True, slots=True)
class UsedHashtag:
    """A hashtag and its last `DAYS` days, today first. `id` is 0 for one that nobody has used yet."""

    id: int
    name: str
    display_name: str
    history: tuple[Use, ...]


def names_of(texts: Iterable[str]) -> list[str]:
    """The normalised names of hashtags in any spelling, each once; what cannot be one is left out."""
    return list(dict.fromkeys(name for text in texts if (name := _name(text))))


async def known_as(db: Queries, texts: Iterable[str]) -> list[int]:
    """The ids of hashtags in any spelling, by name; those that are new are made. `Invalid` for what is no hashtag."""
    spelt = {one.name: one.display_name for one in map(typed, texts)}
    return await store.known_as(db, list(spelt), list(spelt.values())) if spelt else []


def typed(text: str) -> Hashtag:
    """The hashtag as somebody typed it, with its sign or without; `Invalid` for what is none."""
    written = f"#{text.strip().lstrip('#＃')}"
    spans = parse(written[: 2 * HASHTAG_LENGTH_MAX])
    if len(spans) == 1 and isinstance(spans[0], Hashtag) and spans[0].end == len(written):
        return spans[0]
    raise Invalid("Validation failed: Tag is not a valid hashtag")


def _name(text: str) -> str:
    """The normalised name of a hashtag; empty for what cannot be one."""
    name = tag_name(text)
    return name if len(name) <= HASHTAG_LENGTH_MAX else ""


async def show(engines: Engines, viewer: Viewer | None, text: str, *, at_once: bool = False) -> UsedHashtag:
    """The hashtag in any of its spellings, used or not; `NotFound` for what cannot be one.

    `at_once`: as the primary has it, for whoever has just made it.
    """
    name = _name(text)
    if not name:
        raise NotFound
    days = _days(engines)
    db = engines.db if at_once else await engines.replica_for(viewer.account_id if viewer else 0)
    found = _hashtags(await store.named(db, [name], _since_id(days), USES_MAX), days)
    return found[0] if found else UsedHashtag(0, name, text, tuple(Use(day) for day in days))


async def load(engines: Engines, tag_ids: Sequence[int]) -> list[UsedHashtag]:
    """The hashtags with these ids, in their order."""
    if not tag_ids:
        return []
    days = _days(engines)
    return _hashtags(await store.with_ids(engines.db, tag_ids, _since_id(days), USES_MAX), days)


def _days(engines: Engines) -> list[date]:
    today = engines.clock.now().astimezone(UTC).date()
    return [today - timedelta(days=ago) for ago in range(DAYS)]


def _since_id(days: Sequence[date]) -> int:
    return first_id_at(datetime.combine(days[-1], time(), UTC))


def _hashtags(rows: Sequence[asyncpg.Record], days: Sequence[date]) -> list[UsedHashtag]:
    found: list[UsedHashtag] = []
    for (tag_id, name, display_name), group in groupby(rows, lambda row: (row["id"], row["name"], row["display_name"])):
        by_day = {row["day"]: Use(row["day"], row["uses"], row["accounts"]) for row in group if row["day"]}
        found.append(UsedHashtag(tag_id, name, display_name, tuple(by_day.get(day, Use(day)) for day in days)))
    return found
