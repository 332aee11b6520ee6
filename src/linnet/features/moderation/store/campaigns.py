"""Campaigns and their posts in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from linnet.platform.paging import Window
from linnet.platform.postgres import Queries


async def under_way(db: Queries, since: datetime, limit: int) -> list[asyncpg.Record]:
    """`id, score, linked, signatures, chorus_ids` of campaigns seen since a moment, the latest first.

    Uses campaigns_seen.
    """
    return await db.rows(
        """
        select id, score, linked, signatures, chorus_ids from campaigns
        where lifted_at is null and seen_at > $1 order by seen_at desc limit $2
        """,
        since,
        limit,
    )


async def hold_all(db: Queries) -> None:
    """Let nobody else recognise a campaign until this transaction ends: two would recognise the same one."""
    await db.execute("select pg_advisory_xact_lock(hashtext('campaigns'))")


async def insert(
    db: Queries,
    score: float,
    evidence: Mapping[str, Any],
    signatures: bytes,
    chorus_ids: Sequence[int],
    at: datetime,
    *,
    linked: bool,
) -> int:
    """Keep a campaign that was just recognised; its id."""
    return await db.value(
        """
        insert into campaigns (recognised_at, seen_at, score, evidence, linked, signatures, chorus_ids)
        values ($1, $1, $2, $3, $4, $5, $6) returning id
        """,
        at,
        score,
        dict(evidence),
        linked,
        signatures,
        list(chorus_ids),
    )


async def update(
    db: Queries,
    campaign_id: int,
    score: float,
    evidence: Mapping[str, Any],
    signatures: bytes,
    chorus_ids: Sequence[int],
    at: datetime,
) -> None:
    """Keep what is known of a campaign by now. Uses campaigns_pkey."""
    await db.execute(
        """
        update campaigns set score = greatest(score, $2), evidence = $3, signatures = $4, chorus_ids = $5, seen_at = $6
        where id = $1
        """,
        campaign_id,
        score,
        dict(evidence),
        signatures,
        list(chorus_ids),
        at,
    )


async def touch(db: Queries, campaign_ids: Collection[int], at: datetime) -> None:
    """Note that campaigns were seen. Uses campaigns_pkey."""
    await db.execute("update campaigns set seen_at = $2 where id = any($1) and seen_at < $2", sorted(campaign_ids), at)


async def add_posts(db: Queries, campaign_id: int, status_ids: Sequence[int], account_ids: Sequence[int]) -> None:
    """Note posts of a campaign, each with its author; those that are known already stay. Uses campaign_posts_pkey."""
    await db.execute(
        """
        insert into campaign_posts (status_id, campaign_id, account_id)
        select x.status_id, $1, x.account_id from unnest($2::bigint[], $3::bigint[]) as x (status_id, account_id)
        order by x.status_id on conflict do nothing
        """,
        campaign_id,
        list(status_ids),
        list(account_ids),
    )


async def known_posts(db: Queries, status_ids: Collection[int]) -> set[int]:
    """Which of some posts are known as a campaign's. Uses campaign_posts_pkey."""
    rows = await db.rows("select status_id from campaign_posts where status_id = any($1)", list(status_ids))
    return {row[0] for row in rows}


async def by_id(db: Queries, campaign_id: int) -> asyncpg.Record | None:
    """`id, recognised_at, seen_at, lifted_at, lifted_by, score, evidence, posts` of one campaign."""
    return await db.row(
        """
        select c.id, c.recognised_at, c.seen_at, c.lifted_at, c.lifted_by, c.score, c.evidence,
            (select count(*) from campaign_posts where campaign_id = c.id)::int as posts
        from campaigns c where c.id = $1
        """,
        campaign_id,
    )


async def page(db: Queries, window: Window) -> list[asyncpg.Record]:
    """A page of campaigns, newest first; the columns of `by_id`. Uses campaigns_pkey and campaign_posts_campaign."""
    return await db.rows(
        """
        select c.id, c.recognised_at, c.seen_at, c.lifted_at, c.lifted_by, c.score, c.evidence,
            (select count(*) from campaign_posts where campaign_id = c.id)::int as posts
        from campaigns c where c.id > $1 and c.id < $2 order by c.id desc limit $3
        """,
        window.since_id or 0,
        window.max_id or 2**63 - 1,
        window.limit,
    )


async def lift(db: Queries, campaign_id: int, actor_account_id: int | None, at: datetime) -> bool:
    """Note that somebody says it is none; False when it is not there, or lifted already. Uses campaigns_pkey."""
    return bool(
        await db.execute(
            "update campaigns set lifted_at = $3, lifted_by = $2 where id = $1 and lifted_at is null",
            campaign_id,
            actor_account_id,
            at,
        )
    )


async def posts_of(db: Queries, campaign_id: int, above_id: int, limit: int) -> list[int]:
    """A slice of the posts of a campaign, by id. Uses campaign_posts_campaign."""
    rows = await db.rows(
        "select status_id from campaign_posts where campaign_id = $1 and status_id > $2 order by status_id limit $3",
        campaign_id,
        above_id,
        limit,
    )
    return [row[0] for row in rows]


async def erase(db: Queries, account_id: int) -> None:
    """Forget which posts of an account were a campaign's. Uses campaign_posts_account."""
    await db.execute("delete from campaign_posts where account_id = $1", account_id)


async def forget(db: Queries, before: datetime, limit: int) -> int:
    """Forget campaigns not seen since a moment, with their posts; how many were forgotten."""
    return await db.value(
        """
        with gone as (
            delete from campaigns where id in (select id from campaigns where seen_at < $1 limit $2) returning id
        ), posts as (
            delete from campaign_posts where campaign_id in (select id from gone)
        )
        select count(*) from gone
        """,
        before,
        limit,
    )
