"""Rows of standings: what is known of an account, and how often what happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from linnet.features.moderation.standing import RULES, Count, Origin, Record, What
from linnet.platform.postgres import Queries


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to an account so many times, below 0 when it is taken back."""

    account_id: int
    what: What
    times: int
    weight: float
    """The times, weighed by how long ago it was."""


async def load(db: Queries, account_ids: Sequence[int]) -> dict[int, Record]:
    """What is written down of each account; of whom nothing is is as one just made. One statement.

    Uses standings_pkey and standing_counts_pkey.
    """
    rows = await db.rows(
        """
        select one.account_id, s.origin, s.followers, c.what, c.total, c.weight, c.at
        from unnest($1::bigint[]) as one (account_id)
        left join standings s on s.account_id = one.account_id
        left join standing_counts c on c.account_id = one.account_id
        """,
        account_ids,
    )
    facts: dict[int, tuple[str, int]] = {}
    counts: dict[int, dict[What, Count]] = {account_id: {} for account_id in account_ids}
    for account_id, origin, followers, what, total, weight, at in rows:
        facts[account_id] = origin or Origin.OPEN, followers or 0
        if what in _KNOWN:
            counts[account_id][What(what)] = Count(max(total, 0), max(weight, 0.0), at)
    return {
        account_id: Record(account_id, Origin(origin), followers, counts[account_id])
        for account_id, (origin, followers) in facts.items()
    }


_KNOWN = frozenset(What)
"""A newer release may have written down others."""


async def begin(db: Queries, account_id: int, origin: Origin) -> None:
    """Write down how an account came in."""
    await db.execute(
        """
        insert into standings (account_id, origin) values ($1, $2)
        on conflict (account_id) do update set origin = excluded.origin
        """,
        account_id,
        origin,
    )


async def set_followers(db: Queries, followers: Iterable[tuple[int, int]]) -> None:
    """Write down how many followers accounts have. In the order of the accounts, so that no two wait for each other."""
    ordered = sorted(followers)
    await db.execute(
        """
        insert into standings as s (account_id, followers) select * from unnest($1::bigint[], $2::bigint[])
        on conflict (account_id) do update set followers = excluded.followers where s.followers <> excluded.followers
        """,
        [account_id for account_id, _ in ordered],
        [number for _, number in ordered],
    )


async def count(db: Queries, happenings: Iterable[Happening], at: datetime) -> None:
    """Add what happened to what is written down, as of `at`; what is taken back leaves no less than nothing.

    No two may be of the same account and kind. Uses standing_counts_pkey, in its order.
    """
    ordered = sorted(happenings, key=lambda one: (one.account_id, one.what))
    await db.execute(
        """
        insert into standing_counts as c (account_id, what, total, weight, at)
        select account_id, what, total, weight, $5
        from unnest($1::bigint[], $2::text[], $3::bigint[], $4::float8[]) as one (account_id, what, total, weight)
        on conflict (account_id, what) do update set
            total = greatest(c.total + excluded.total, 0),
            weight = greatest(excluded.weight + c.weight * (
                select power(0.5, least(extract(epoch from greatest(excluded.at - c.at, interval '0')) / life_s, 1000))
                from unnest($6::text[], $7::float8[]) as rule (what, life_s) where rule.what = c.what), 0),
            at = greatest(c.at, excluded.at)
        """,
        [one.account_id for one in ordered],
        [one.what.value for one in ordered],
        [one.times for one in ordered],
        [one.weight for one in ordered],
        at,
        *_LIVES,
    )


_LIVES = [what.value for what in RULES], [rule.half_life_days * 86_400.0 for rule in RULES.values()]
"""The half-lives, in seconds, of what is counted."""


async def through(db: Queries) -> int | None:
    """The id up to which statuses have been counted, None when none have; nobody else counts until the end of `db`."""
    return await db.value("select through from standings_counted for update")


async def set_through(db: Queries, status_id: int) -> None:
    """Write down that statuses up to this id have been counted."""
    await db.execute(
        "insert into standings_counted (through) values ($1) on conflict (id) do update set through = excluded.through",
        status_id,
    )


async def erase(db: Queries, account_id: int) -> None:
    """Forget an account: two primary keys."""
    await db.execute(
        """
        with facts as (delete from standings where account_id = $1) delete from standing_counts where account_id = $1
        """,
        account_id,
    )
