"""Counters of accounts: changes are appended with their facts and folded here, so a popular account is no hot row."""

from collections.abc import Sequence
from dataclasses import dataclass

from linnet.platform.postgres import Queries


async def append(
    db: Queries, account_ids: Sequence[int], followers: Sequence[int], following: Sequence[int], statuses: Sequence[int]
) -> None:
    """Append one change for each account, columns in parallel."""
    await db.execute(
        """
        insert into account_counter_changes (account_id, followers, following, statuses)
        select * from unnest($1::bigint[], $2::int[], $3::int[], $4::int[])
        """,
        account_ids,
        followers,
        following,
        statuses,
    )


@dataclass(frozen=True, slots=True)
class Folded:
    """An account's counters after its changes were folded, and whether the day of its last post is another now."""

    account_id: int
    followers: int
    following: int
    statuses: int
    dated: bool
    changes: int


async def fold(db: Queries, limit: int) -> list[Folded]:
    """Move up to `limit` pending changes into the counters, exactly once. Run it in a transaction.

    Two folds at a time take different changes (skip locked) and meet the same counters in the same order. The day of
    the last post moves along. Uses account_counter_changes_pkey and accounts_pkey.
    """
    rows = await db.rows(
        """
        with taken as (
            delete from account_counter_changes where id in (
                select id from account_counter_changes order by id limit $1 for update skip locked)
            returning account_id, followers, following, statuses, made_at
        ), summed as (
            select account_id, sum(followers) as followers, sum(following) as following, sum(statuses) as statuses,
                count(*) as changes
            from taken group by account_id
        ), folded as (
            insert into account_counters as c (account_id, followers, following, statuses)
            select account_id, followers, following, statuses from summed order by account_id
            on conflict (account_id) do update set
                followers = c.followers + excluded.followers, following = c.following + excluded.following,
                statuses = c.statuses + excluded.statuses
            returning account_id, followers, following, statuses
        ), posted as (
            select account_id, max((made_at at time zone 'utc')::date) as posted_on from taken
            where statuses > 0 group by account_id
        ), dated as (
            update accounts a set last_status_on = p.posted_on
            from (
                select b.id, posted.posted_on from accounts b join posted on posted.account_id = b.id
                where b.last_status_on is distinct from posted.posted_on
                    and (b.last_status_on is null or b.last_status_on < posted.posted_on)
                order by b.id for update of b
            ) p
            where a.id = p.id returning a.id
        )
        select f.account_id, f.followers, f.following, f.statuses, d.id is not null, s.changes
        from folded f join summed s on s.account_id = f.account_id left join dated d on d.id = f.account_id
        """,
        limit,
    )
    return [Folded(*row) for row in rows]
