"""What became of posts: read from the tables when everything is done, and printed."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import asyncpg

FIRST: Final = 20
"""Posts of each campaign that do not count: what nobody knows yet."""

DONE_S: Final = 300.0
QUIET_S: Final = 8.0
"""How long no job may be due before it is over: what is looked at again is due 5 s later."""

Kinds = Mapping[int, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Post:
    """One post, and what was done about it."""

    account_id: int
    at: float
    done: str
    """`seen`, `limited`, `held`, `warned` or `rejected`."""
    reasons: Sequence[str]
    after_s: float | None
    """How long it was seen by all before, where it was stopped afterwards."""


@dataclass(slots=True)
class Fate:
    """What became of posts of one kind."""

    number: int = 0
    done: Counter[str] = field(default_factory=Counter[str])
    reasons: Counter[str] = field(default_factory=Counter[str])
    seen_s: list[float] = field(default_factory=list[float])

    def add(self, post: Post) -> None:
        """Count a post."""
        self.number += 1
        self.done[post.done] += 1
        if post.done != "seen":
            self.reasons.update(post.reasons)
        if post.after_s is not None:
            self.seen_s.append(post.after_s)

    def line(self, name: str) -> str:
        """A row of the table."""
        share = {name: self.done[name] / max(self.number, 1) for name in ("limited", "held", "rejected", "warned")}
        stopped = 1 - self.done["seen"] / max(self.number, 1)
        reasons = ", ".join(f"{reason} {number}" for reason, number in self.reasons.most_common(4))
        seen = f"{sorted(self.seen_s)[len(self.seen_s) // 2]:.1f}" if self.seen_s else ""
        return (
            f"| {name} | {self.number:,} | {stopped:.2%} | {share['limited']:.2%} | {share['held']:.2%} | "
            f"{share['rejected']:.2%} | {share['warned']:.2%} | {len(self.seen_s)} | {seen} | {reasons} |"
        )


HEADING: Final = (
    "| posts | number | stopped or limited | limited | held | rejected | warned | of those, after they were seen "
    "| for s (median) | why |\n|---|---|---|---|---|---|---|---|---|---|"
)


async def until_done(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Return when no job has been due for a while."""
    ends, quiet_since = time.monotonic() + DONE_S, time.monotonic()
    while time.monotonic() < min(ends, quiet_since + QUIET_S):
        if await connection.fetchval(
            "select exists (select from jobs where state <> 'dead' and run_at < now() + interval '6 s' limit 1)"
        ):
            quiet_since = time.monotonic()
        await asyncio.sleep(0.5)


async def report(connection: "asyncpg.Connection[asyncpg.Record]", spam: Kinds, normal: Kinds) -> None:
    """Print what became of each campaign after its first posts, of each scheme, and of ordinary posts."""
    posts = await _posts(connection)
    by_campaign: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        if post.account_id in spam:
            by_campaign[spam[post.account_id][0]].append(post)
    later = [post for each in by_campaign.values() for post in each[FIRST:]]
    first = [post for each in by_campaign.values() for post in each[:FIRST]]
    print(HEADING)
    print(_fate(later).line(f"**campaigns, after the first {FIRST} of each**"))
    print(_fate(first).line(f"campaigns, the first {FIRST} of each"))
    for name, fate in _by(later, lambda post: spam[post.account_id][0]).items():
        print(fate.line(name))
    for name, fate in _by(later, lambda post: spam[post.account_id][1]).items():
        print(fate.line(name))
    for name, fate in _by(
        [post for post in posts if post.account_id in normal], lambda p: normal[p.account_id][0]
    ).items():
        print(fate.line(f"**{name}**"))
    print(f"\nCampaigns that were recognised: {await connection.fetchval('select count(*) from campaigns')}")


def _by(posts: Sequence[Post], kind: Callable[[Post], str]) -> dict[str, Fate]:
    fates: dict[str, Fate] = defaultdict(Fate)
    for post in posts:
        fates[kind(post)].add(post)
    return dict(sorted(fates.items()))


def _fate(posts: Sequence[Post]) -> Fate:
    fate = Fate()
    for post in posts:
        fate.add(post)
    return fate


async def _posts(connection: "asyncpg.Connection[asyncpg.Record]") -> list[Post]:
    """All posts in the order they came, and texts that were not published."""
    rows = await connection.fetch(
        """
        select s.account_id, extract(epoch from s.created_at)::float8 as at,
            case when s.withheld_at is not null then 'held' when s.limited_at is not null then 'limited'
                else 'seen' end as done,
            array(select f->>'reason' from jsonb_array_elements(d.findings) f) as reasons,
            case when d.source = 'after' then extract(epoch from d.decided_at - s.created_at)::float8 end as after_s
        from statuses s left join lateral (
            select findings, source, decided_at from decisions
            where subject_id = s.id and about = 'status' and measure <> 'allow' order by id desc limit 1) d on true
        union all
        select account_id, extract(epoch from decided_at)::float8,
            case measure when 'warn' then 'warned' else 'rejected' end,
            array(select f->>'reason' from jsonb_array_elements(findings) f), null
        from decisions where about = 'status' and measure in ('warn', 'reject', 'limit_account')
        order by at
        """
    )
    return [Post(*row) for row in rows]
