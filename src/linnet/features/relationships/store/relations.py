"""What is between a viewer and others, looked at in batches."""

from collections.abc import Iterable, Sequence

import asyncpg

from linnet.features.relationships.models import Relationship
from linnet.platform.postgres import Queries


async def load(db: Queries, viewer_id: int, target_ids: Iterable[int]) -> dict[int, Relationship]:
    """What is between the viewer and each target, by target. Uses the primary keys of every edge.

    Each edge is looked up by itself (`limit 1` keeps the planner from joining): otherwise, a viewer with a million
    followers would have all of them read to find out who of a page is one.
    """
    rows = await db.rows(
        """
        select t.id, f.id is not null as following,
            coalesce(f.shows_reblogs, q.shows_reblogs, false) as showing_reblogs,
            coalesce(f.notifies, q.notifies, false) as notifying, coalesce(f.languages, q.languages) as languages,
            g.id is not null as followed_by, b.id is not null as blocking, c.id is not null as blocked_by,
            m.id is not null as muting, coalesce(m.hides_notifications, false) as muting_notifications,
            m.expires_at as muting_expires_at, q.id is not null as requested, r.id is not null as requested_by,
            coalesce(n.comment, '') as note, e.id is not null as endorsed
        from unnest($2::bigint[]) t(id)
        left join lateral (select id, shows_reblogs, notifies, languages from follows
            where account_id = $1 and target_id = t.id limit 1) f on true
        left join lateral (select id from follows where account_id = t.id and target_id = $1 limit 1) g on true
        left join lateral (select id from blocks where account_id = $1 and target_id = t.id limit 1) b on true
        left join lateral (select id from blocks where account_id = t.id and target_id = $1 limit 1) c on true
        left join lateral (select id, hides_notifications, expires_at from mutes
            where account_id = $1 and target_id = t.id and (expires_at is null or expires_at > now()) limit 1) m on true
        left join lateral (select id, shows_reblogs, notifies, languages from follow_requests
            where account_id = $1 and target_id = t.id limit 1) q on true
        left join lateral (select id from follow_requests where account_id = t.id and target_id = $1 limit 1) r on true
        left join lateral (select comment from account_notes
            where account_id = $1 and target_id = t.id limit 1) n on true
        left join lateral (select id from endorsements where account_id = $1 and target_id = t.id limit 1) e on true
        """,
        viewer_id,
        list(target_ids),
    )
    return {row["id"]: _relationship(row) for row in rows}


def _relationship(row: asyncpg.Record) -> Relationship:
    languages: list[str] | None = row["languages"]
    return Relationship(
        account_id=row["id"],
        following=row["following"],
        showing_reblogs=row["showing_reblogs"],
        notifying=row["notifying"],
        languages=tuple(languages) if languages else None,
        followed_by=row["followed_by"],
        blocking=row["blocking"],
        blocked_by=row["blocked_by"],
        muting=row["muting"],
        muting_notifications=row["muting_notifications"],
        muting_expires_at=row["muting_expires_at"],
        requested=row["requested"],
        requested_by=row["requested_by"],
        note=row["note"],
        endorsed=row["endorsed"],
    )


async def silenced(db: Queries, viewer_id: int, account_ids: Iterable[int]) -> set[int]:
    """Those of `account_ids` blocked in either direction or muted now. Uses the primary keys of blocks and mutes."""
    rows = await db.rows(
        """
        select target_id as id from blocks where account_id = $1 and target_id = any($2)
        union select account_id from blocks where account_id = any($2) and target_id = $1
        union select target_id from mutes
            where account_id = $1 and target_id = any($2) and (expires_at is null or expires_at > now())
        """,
        viewer_id,
        list(account_ids),
    )
    return {row["id"] for row in rows}


async def followers_among(db: Queries, account_id: int, account_ids: Iterable[int]) -> set[int]:
    """Those of `account_ids` who follow an account. Uses follows_target."""
    rows = await db.rows(
        "select account_id from follows where target_id = $1 and account_id = any($2::bigint[])",
        account_id,
        list(account_ids),
    )
    return {row[0] for row in rows}


async def follower_ids(db: Queries, author_id: int, after_id: int, limit: int) -> list[int]:
    """A slice of an author's followers, ordered by their ids, after `after_id`. Uses follows_target."""
    rows = await db.rows(
        "select account_id from follows where target_id = $1 and account_id > $2 order by account_id limit $3",
        author_id,
        after_id,
        limit,
    )
    return [row["account_id"] for row in rows]


async def following_ids(db: Queries, account_id: int, limit: int) -> list[int]:
    """Whom an account follows, ordered by their ids. Uses follows_pkey."""
    rows = await db.rows(
        "select target_id from follows where account_id = $1 order by target_id limit $2", account_id, limit
    )
    return [row["target_id"] for row in rows]


async def familiar(db: Queries, viewer_id: int, target_ids: Sequence[int], limit: int) -> list[tuple[int, int]]:
    """Pairs (target, somebody the viewer follows who follows it), at most `limit` of each target, latest follow first.

    Who hides their follows is left out. Uses follows_pkey and accounts_pkey.
    """
    rows = await db.rows(
        """
        select t.id as target_id, familiar.account_id
        from unnest($2::bigint[]) with ordinality t(id, place)
        cross join lateral (
            select g.id, g.account_id
            from follows mine
            join follows g on g.account_id = mine.target_id and g.target_id = t.id
            join accounts a on a.id = g.account_id and not a.hides_collections
                and a.deleted_at is null and a.suspended_at is null
            where mine.account_id = $1
            order by g.id desc limit $3
        ) familiar
        order by t.place, familiar.id desc
        """,
        viewer_id,
        list(target_ids),
        limit,
    )
    return [(row["target_id"], row["account_id"]) for row in rows]


async def requests_count(db: Queries, target_id: int, limit: int) -> int:
    """How many ask to follow an account, counted up to `limit`. Uses follow_requests_target."""
    return await db.value(
        """
        select count(*) from (
            select from follow_requests q
            join accounts a on a.id = q.account_id and a.deleted_at is null and a.suspended_at is null
            where q.target_id = $1 limit $2
        ) asking
        """,
        target_id,
        limit,
    )
