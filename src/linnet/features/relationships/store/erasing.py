"""Removing what is left of a deleted account, and mutes that have run out, in bounded slices. Each may run twice."""

from datetime import datetime

from linnet.platform.postgres import Queries


async def end_following(db: Queries, account_id: int, limit: int) -> list[int]:
    """Remove up to `limit` follows by an account; whom it followed. Uses follows_pkey."""
    rows = await db.rows(
        """
        delete from follows where account_id = $1 and target_id in (
            select target_id from follows where account_id = $1 limit $2)
        returning target_id
        """,
        account_id,
        limit,
    )
    return [row["target_id"] for row in rows]


async def end_followers(db: Queries, account_id: int, limit: int) -> list[int]:
    """Remove up to `limit` follows of an account; who followed it. Uses follows_target."""
    rows = await db.rows(
        """
        delete from follows where (account_id, target_id) in (
            select account_id, target_id from follows where target_id = $1 limit $2)
        returning account_id
        """,
        account_id,
        limit,
    )
    return [row["account_id"] for row in rows]


async def erase_others(db: Queries, account_id: int, limit: int) -> int:
    """Remove requests, blocks, mutes, notes, endorsements and dismissed suggestions by or about an account.

    Up to `limit` of each kind and way; how many. Uses the primary keys and the indexes by target of each.
    """
    return await db.value(
        """
        with asked as (
            delete from follow_requests where (account_id, target_id) in (
                (select account_id, target_id from follow_requests where account_id = $1 limit $2)
                union all (select account_id, target_id from follow_requests where target_id = $1 limit $2)) returning 1
        ), blocked as (
            delete from blocks where (account_id, target_id) in (
                (select account_id, target_id from blocks where account_id = $1 limit $2)
                union all (select account_id, target_id from blocks where target_id = $1 limit $2)) returning 1
        ), muted as (
            delete from mutes where (account_id, target_id) in (
                (select account_id, target_id from mutes where account_id = $1 limit $2)
                union all (select account_id, target_id from mutes where target_id = $1 limit $2)) returning 1
        ), noted as (
            delete from account_notes where (account_id, target_id) in (
                (select account_id, target_id from account_notes where account_id = $1 limit $2)
                union all (select account_id, target_id from account_notes where target_id = $1 limit $2)) returning 1
        ), endorsed as (
            delete from endorsements where (account_id, target_id) in (
                (select account_id, target_id from endorsements where account_id = $1 limit $2)
                union all (select account_id, target_id from endorsements where target_id = $1 limit $2)) returning 1
        ), dismissed as (
            delete from suggestion_dismissals where (account_id, target_id) in (
                (select account_id, target_id from suggestion_dismissals where account_id = $1 limit $2)
                union all (select account_id, target_id from suggestion_dismissals where target_id = $1 limit $2))
            returning 1
        )
        select (select count(*) from asked) + (select count(*) from blocked) + (select count(*) from muted)
            + (select count(*) from noted) + (select count(*) from endorsed) + (select count(*) from dismissed)
        """,
        account_id,
        limit,
    )


async def drop_expired_mutes(db: Queries, now: datetime, limit: int) -> int:
    """Remove up to `limit` mutes that have run out; how many. Uses mutes_expiry."""
    return await db.execute(
        """
        delete from mutes where (account_id, target_id) in (
            select account_id, target_id from mutes where expires_at <= $1 order by expires_at limit $2)
            and expires_at <= $1
        """,
        now,
        limit,
    )
