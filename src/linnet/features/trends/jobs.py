"""Later work of trends: every minute what has happened is folded into who speaks of what, and that is scored."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, timedelta
from typing import Final

import asyncpg

from linnet.features.accounts.events import AccountDeleted, AccountRestricted, AccountSuspended
from linnet.features.accounts.restrictions import Restriction
from linnet.features.sessions.origins import ip_of, network_of
from linnet.features.statuses.entities import Link, parse
from linnet.features.trends import rising
from linnet.features.trends.models import (
    DAYS_KEPT,
    HISTORY_DAYS,
    KEPT_HOURS,
    LINKS_OF_POST_MAX,
    PEOPLE_MAX,
    SCORE_MIN,
    WINDOW_HOURS,
    Kind,
    Subject,
    TrendRules,
    Use,
)
from linnet.features.trends.rising import Past
from linnet.features.trends.store import folding, naming
from linnet.features.trends.store.folding import Observed, Scored
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job, Periodic
from linnet.platform.postgres import Queries

UPDATE_EVERY_S: Final = 60.0
FOLD_MAX: Final = 2_000
"""Changes folded in one transaction."""

SCORED_MAX: Final = 500
"""Subjects scored by one statement."""

SLICE: Final = 5_000
FORGET_EVERY_S: Final = 600.0


async def update(engines: Engines) -> None:
    """Fold what has happened, then score every subject that somebody spoke of and those that trended before."""
    folded = FOLD_MAX
    while folded == FOLD_MAX:
        folded, touched = await _fold(engines)
        await _score(engines, touched)
        await _count(engines, [subject_id for kind, subject_id in touched if kind is Kind.TAG])
    after: Subject | None = None
    while risen := await folding.rising(engines.db, after, SCORED_MAX):
        await _score(engines, risen)
        after = risen[-1]


async def _fold(engines: Engines) -> tuple[int, list[Subject]]:
    """Take changes out of the inbox into what is known; how many, and the subjects they were about."""
    async with engines.transaction() as tx:
        taken, rows = await folding.take_changes(tx, FOLD_MAX)
        ids = await _SubjectIds.of(engines, tx, rows)
        uses: dict[tuple[Subject, int], Use] = {}
        for row in rows:
            for subject in ids.subjects(row):
                earlier = uses.get((subject, row["account_id"]))
                uses[subject, row["account_id"]] = _use(engines, row, subject, earlier.times if earlier else 0)
        if uses:
            await folding.note(tx, list(uses.values()), PEOPLE_MAX)
    return taken, list(dict.fromkeys(subject for subject, _ in uses))


class _SubjectIds:
    """What the hashtags and links of a batch of changes are known by."""

    def __init__(self, tags: dict[str, int], links: dict[str, int]) -> None:
        self._tags = tags
        self._links = links

    @classmethod
    async def of(cls, engines: Engines, db: Queries, rows: Sequence[asyncpg.Record]) -> "_SubjectIds":
        """Two statements at most."""
        posted = [row for row in rows if row["kind"] == "posted"]
        names = sorted({name for row in posted for name in row["tags"]})
        urls = sorted({url for row in posted for url in _links(row)})
        tags = await folding.tag_ids(db, names) if names else {}
        return cls(tags, await folding.link_ids(db, urls, engines.clock.now()) if urls else {})

    def subjects(self, row: asyncpg.Record) -> Iterator[Subject]:
        """What somebody spoke of by posting, or by favouriting or boosting somebody else's post."""
        if row["kind"] == "posted":
            yield from ((Kind.TAG, self._tags[name]) for name in row["tags"] if name in self._tags)
            yield from ((Kind.LINK, self._links[url]) for url in _links(row))
        elif row["account_id"] != row["author_id"] and _may_trend(row):
            yield (Kind.STATUS, row["status_id"])


def _links(row: asyncpg.Record) -> list[str]:
    if "://" not in row["text"]:
        return []
    urls = dict.fromkeys(span.url for span in parse(row["text"]) if isinstance(span, Link))
    return list(urls)[:LINKS_OF_POST_MAX]


def _may_trend(row: asyncpg.Record) -> bool:
    """Whether a post may be shown to people who did not look for it."""
    return row["discoverable"] and not row["sensitive"] and row["in_reply_to_id"] is None


def _use(engines: Engines, row: asyncpg.Record, subject: Subject, times: int) -> Use:
    rules = engines.config(TrendRules)
    age = row["made_at"] - row["created_at"]
    return Use(
        kind=subject[0],
        subject_id=subject[1],
        account_id=row["account_id"],
        at_s=row["made_at"].timestamp(),
        network=network_of(row["address"]) if ip_of(row["address"]) else f"account {row['account_id']}",
        weight=rising.weight(age / timedelta(days=1), rules.established_days, bot=row["bot"]),
        language=row["language"],
        times=times + 1,
    )


async def _count(engines: Engines, tag_ids: Sequence[int]) -> None:
    """Note how much hashtags are used, by which they are found."""
    today = engines.clock.now().astimezone(UTC).date()
    for at in range(0, len(tag_ids), SCORED_MAX):
        since = today - timedelta(days=HISTORY_DAYS - 1)
        await naming.count(engines.db, tag_ids[at : at + SCORED_MAX], since, today)


async def _score(engines: Engines, subjects: Sequence[Subject]) -> None:
    """Hold who speaks of subjects now against their past, and keep both."""
    now = engines.clock.now()
    hour = int(now.timestamp()) // 3600
    for at in range(0, len(subjects), SCORED_MAX):
        observed = await folding.observe(
            engines.db, subjects[at : at + SCORED_MAX], now - timedelta(hours=WINDOW_HOURS)
        )
        await folding.write_scores(engines.db, list(_scored(engines.config(TrendRules), observed, hour)))


def _scored(rules: TrendRules, observed: Iterable[Observed], hour: int) -> Iterator[Scored]:
    for one in observed:
        past = (one.past or Past(hour)).until(hour)
        people = rising.crowd(one.networks)
        score = rising.score(people, past)
        trends = people >= rules.people_min and score >= SCORE_MIN
        yield Scored(one.subject, one.language, score if trends else 0.0, Past(hour, people, past.mean, past.square))


async def forget(engines: Engines) -> None:
    """Drop what is too old to matter."""
    now = engines.clock.now()
    days = timedelta(days=DAYS_KEPT)
    while await folding.forget_people(engines.db, now - timedelta(hours=KEPT_HOURS), SLICE) == SLICE:
        pass
    while await folding.forget_days(engines.db, (now - days).astimezone(UTC).date(), SLICE) == SLICE:
        pass
    today = now.astimezone(UTC).date()
    while outdated := await naming.outdated(engines.db, today, SCORED_MAX):
        await _count(engines, outdated)
    while await folding.forget_subjects(engines.db, int((now - days).timestamp()) // 3600, SLICE) == SLICE:
        pass
    while await folding.forget_links(engines.db, now - days, SLICE) == SLICE:
        pass


async def _erase(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    await folding.forget_accounts(engines.db, [work.account_id for work in works])


async def _discount(engines: Engines, works: Sequence[AccountSuspended | AccountRestricted]) -> None:
    await folding.forget_accounts(engines.db, [work.account_id for work in works])


ERASE = Job("trends.erase", AccountDeleted, _erase, queue="maintenance")
DISCOUNT = Job("trends.discount", AccountSuspended, _discount, queue="maintenance")
DISCOUNT_LIMITED = Job(
    "trends.discount_limited",
    AccountRestricted,
    _discount,
    queue="maintenance",
    concerns=lambda restricted: restricted.restriction == Restriction.SILENCED and not restricted.lifted,
)

PERIODICS = (
    Periodic("trends.update", UPDATE_EVERY_S, update),
    Periodic("trends.forget", FORGET_EVERY_S, forget),
)
