"""Made-up statuses and favourites for `linnet demo`, in the past and many at once, worded by the real renderer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linnet.features.statuses import wording
from linnet.features.statuses.models import QuotePolicy, Visibility
from linnet.features.statuses.store import seeding as store
from linnet.features.statuses.wording import Wording
from linnet.platform.engines import Engines

SLICE: Final = 500
"""Statuses or favourites written by one transaction."""

_SILENCE: Final = Wording("", (), (), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A status to be made. `answers`, `quotes` and `reblogs` are places of earlier seeds in the same list."""

    author_id: int
    at: datetime
    text: str = ""
    spoiler_text: str = ""
    language: str | None = None
    visibility: Visibility = Visibility.PUBLIC
    answers: int | None = None
    quotes: int | None = None
    reblogs: int | None = None


@dataclass(frozen=True, slots=True)
class SeededFavourite:
    """Somebody's favourite, since a moment."""

    account_id: int
    status_id: int
    at: datetime


async def seed(engines: Engines, seeds: Sequence[Seed], done: Callable[[int], None]) -> list[int]:
    """Write statuses, given from the oldest to the newest; their ids in that order. `done` is told of each slice.

    Who follows whom and who may see what is up to the caller. No event is recorded: homes must be forgotten afterwards.
    """
    ids = await store.new_ids(engines.db, [one.at for one in seeds])
    threads: list[int] = []
    for place, one in enumerate(seeds):
        before = one.answers if one.answers is not None else one.reblogs
        assert before is None or before < place, "a status comes after what it answers"
        threads.append(ids[place] if before is None else threads[before])
    for start in range(0, len(seeds), SLICE):
        places = range(start, min(start + SLICE, len(seeds)))
        await _write(engines, seeds, ids, threads, places)
        done(len(places))
    return ids


async def _write(
    engines: Engines, seeds: Sequence[Seed], ids: Sequence[int], threads: Sequence[int], places: Sequence[int]
) -> None:
    async with engines.transaction() as tx:
        words = {at: await wording.parse(engines, tx, seeds[at].text) if seeds[at].text else _SILENCE for at in places}
        await store.insert_all(tx, [_row(seeds, ids, threads, at, words[at]) for at in places])
        tagged = [
            (ids[at], name, display_name)
            for at in places
            for name, display_name in zip(words[at].tag_names, words[at].tag_display_names, strict=True)
        ]
        if tagged:
            await store.tag_all(
                tx, [one for one, _, _ in tagged], [name for _, name, _ in tagged], [shown for _, _, shown in tagged]
            )


def _row(
    seeds: Sequence[Seed], ids: Sequence[int], threads: Sequence[int], at: int, words: Wording
) -> dict[str, object]:
    one = seeds[at]
    hushed = one.visibility in {Visibility.PRIVATE, Visibility.DIRECT}
    return {
        "id": ids[at],
        "account_id": one.author_id,
        "visibility": one.visibility,
        "text": one.text,
        "html": words.html,
        "spoiler_text": one.spoiler_text,
        "sensitive": bool(one.spoiler_text),
        "language": one.language,
        "in_reply_to_id": None if one.answers is None else ids[one.answers],
        "in_reply_to_account_id": None if one.answers is None else seeds[one.answers].author_id,
        "reblog_of_id": None if one.reblogs is None else ids[one.reblogs],
        "quote_of_id": None if one.quotes is None else ids[one.quotes],
        "thread_id": threads[at],
        "mention_ids": words.mention_ids,
        "tags": words.tag_names,
        "quote_policy": QuotePolicy.NOBODY if hushed else QuotePolicy.PUBLIC,
        "created_at": one.at,
    }


async def seed_favourites(engines: Engines, favourites: Sequence[SeededFavourite], done: Callable[[int], None]) -> None:
    """Write favourites and count them. `done` is told of each slice. No event is recorded."""
    for start in range(0, len(favourites), SLICE):
        some = favourites[start : start + SLICE]
        await store.favourite_all(
            engines.db, [one.account_id for one in some], [one.status_id for one in some], [one.at for one in some]
        )
        done(len(some))
