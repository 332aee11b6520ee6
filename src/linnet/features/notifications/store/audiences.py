"""Whom a fact concerns, in bounded slices. The fact is read anew: what was taken back meanwhile concerns nobody."""

from collections.abc import Sequence

from linnet.features.accounts.permissions import ROLE_PERMISSIONS, Permission
from linnet.features.notifications.models import Kind, Notice
from linnet.platform.postgres import Queries

Pairs = Sequence[tuple[int, int]]


async def of_posts(db: Queries, status_ids: Sequence[int]) -> list[Notice]:
    """Those whom statuses mention, and the authors of what they quote; of limited reach only where they follow.

    Uses statuses_pkey, mentions_pkey and follows_pkey.
    """
    rows = await db.rows(
        """
        select m.account_id, 'mention' as kind, s.account_id as from_account_id, s.id as status_id
        from statuses s join mentions m on m.status_id = s.id
        where s.id = any($1) and s.deleted_at is null and (s.limited_at is null or (select true from follows f
            where f.account_id = m.account_id and f.target_id = s.account_id limit 1))
        union all
        select q.account_id, 'quote', s.account_id, s.id
        from statuses s join statuses q on q.id = s.quote_of_id and q.deleted_at is null
        where s.id = any($1) and s.deleted_at is null and (s.limited_at is null or (select true from follows f
            where f.account_id = q.account_id and f.target_id = s.account_id limit 1))
        """,
        list(status_ids),
    )
    return [_notice(*row) for row in rows]


async def reached(db: Queries, mentions: Pairs) -> set[tuple[int, int]]:
    """Of pairs (who is mentioned, status) those whom the status may be brought to. Uses statuses_pkey, follows_pkey."""
    rows = await db.rows(
        """
        select x.account_id, x.status_id from unnest($1::bigint[], $2::bigint[]) as x (account_id, status_id)
        cross join lateral (select account_id, limited_at from statuses where id = x.status_id limit 1) s
        where s.limited_at is null or (select true from follows f
            where f.account_id = x.account_id and f.target_id = s.account_id limit 1)
        """,
        [account_id for account_id, _ in mentions],
        [status_id for _, status_id in mentions],
    )
    return {(row[0], row[1]) for row in rows}


async def of_announced(db: Queries, status_ids: Sequence[int], after_id: int, limit: int) -> list[Notice]:
    """Of each status a slice, by account id after `after_id`, of the followers who asked to hear of each post.

    By status, then by account. Nobody asked to hear of direct ones, or of answers to other people; those mentioned are
    told so already. Uses statuses_pkey and follows_notified.
    """
    rows = await db.rows(
        """
        select f.account_id, 'status', s.account_id, s.id from statuses s
        cross join lateral (
            select account_id from follows
            where target_id = s.account_id and notifies and account_id > $2 and account_id <> all(s.mention_ids)
            order by account_id limit $3
        ) f
        where s.id = any($1) and s.deleted_at is null and s.reblog_of_id is null and s.visibility <> 'direct'
            and (s.in_reply_to_account_id is null or s.in_reply_to_account_id = s.account_id)
        order by s.id, f.account_id
        """,
        list(status_ids),
        after_id,
        limit,
    )
    return [_notice(*row) for row in rows]


async def of_poll(db: Queries, poll_id: int, after_id: int, limit: int) -> list[Notice]:
    """A slice, by account id after `after_id`, of those who voted in a poll that is over; with the first its author.

    Nobody, when it was opened again meanwhile. Uses polls_pkey, statuses_pkey and poll_votes_poll.
    """
    rows = await db.rows(
        """
        select told.account_id, 'poll', p.account_id, p.status_id
        from polls p join statuses s on s.id = p.status_id and s.poll_id = p.id and s.deleted_at is null
        cross join lateral (
            (select account_id from poll_votes where poll_id = p.id and account_id > $2 order by account_id limit $3)
            union all select p.account_id where $2 = 0
        ) told
        where p.id = $1 and p.closed_at is not null
        order by told.account_id = p.account_id, told.account_id
        """,
        poll_id,
        after_id,
        limit,
    )
    return [_notice(*row) for row in rows]


async def of_edit(db: Queries, status_id: int, after_id: int, limit: int) -> tuple[list[Notice], int | None]:
    """A slice of those who reblogged or quote a status, by the id of their own status, and the id it ends at.

    The former are told of an update, the latter of a quoted one.

    None instead of an id means that it was the last slice. Uses statuses_reblogs and statuses_quotes.
    """
    rows = await db.rows(
        """
        select x.id, x.account_id, x.kind, s.account_id as from_account_id from statuses s
        cross join lateral (
            (select id, account_id, 'update' as kind from statuses
             where reblog_of_id = s.id and deleted_at is null and id > $2 order by id limit $3)
            union all
            (select id, account_id, 'quoted_update' from statuses
             where quote_of_id = s.id and quote_revoked_at is null and deleted_at is null and id > $2
             order by id limit $3)
            order by id limit $3
        ) x
        where s.id = $1 and s.deleted_at is null
        order by x.id
        """,
        status_id,
        after_id,
        limit,
    )
    notices = [Notice(account_id, Kind(kind), author_id, status_id) for _, account_id, kind, author_id in rows]
    return notices, rows[-1]["id"] if len(rows) == limit else None


async def of_reblogs(db: Queries, reblog_ids: Sequence[int]) -> list[Notice]:
    """The authors of what was reblogged, where the reblog still stands. Uses statuses_pkey."""
    rows = await db.rows(
        """
        select s.account_id, 'reblog', r.account_id, s.id
        from statuses r join statuses s on s.id = r.reblog_of_id and s.deleted_at is null
        where r.id = any($1) and r.deleted_at is null
        """,
        list(reblog_ids),
    )
    return [_notice(*row) for row in rows]


async def of_favourites(db: Queries, favourites: Pairs) -> list[Notice]:
    """The authors of what was favourited, for pairs (who, status) that still stand. Uses favourites_pkey."""
    rows = await db.rows(
        """
        select s.account_id, 'favourite', f.account_id, s.id
        from unnest($1::bigint[], $2::bigint[]) as x (account_id, status_id)
        join favourites f on f.account_id = x.account_id and f.status_id = x.status_id
        join statuses s on s.id = f.status_id and s.deleted_at is null
        """,
        [account_id for account_id, _ in favourites],
        [status_id for _, status_id in favourites],
    )
    return [_notice(*row) for row in rows]


async def of_message_favourites(db: Queries, favourites: Pairs) -> list[Notice]:
    """Who said what was favourited, for pairs (who, message) that still stand. Uses message_favourites_pkey."""
    rows = await db.rows(
        """
        select m.account_id, 'favourite', f.account_id, m.id
        from unnest($1::bigint[], $2::bigint[]) as x (account_id, message_id)
        join message_favourites f on f.account_id = x.account_id and f.message_id = x.message_id
        join messages m on m.id = f.message_id
        """,
        [account_id for account_id, _ in favourites],
        [message_id for _, message_id in favourites],
    )
    return [_notice(*row) for row in rows]


async def of_follows(db: Queries, follows: Pairs) -> list[Notice]:
    """Who was followed, for pairs (follower, followed) that still stand. Uses follows_pkey."""
    rows = await db.rows(
        """
        select f.target_id, 'follow', f.account_id, null::bigint
        from unnest($1::bigint[], $2::bigint[]) as x (account_id, target_id)
        join follows f on f.account_id = x.account_id and f.target_id = x.target_id
        """,
        [account_id for account_id, _ in follows],
        [target_id for _, target_id in follows],
    )
    return [_notice(*row) for row in rows]


async def of_follow_requests(db: Queries, requests: Pairs) -> list[Notice]:
    """Who was asked, for pairs (who asks, who is asked) that still wait. Uses follow_requests_pkey."""
    rows = await db.rows(
        """
        select f.target_id, 'follow_request', f.account_id, null::bigint
        from unnest($1::bigint[], $2::bigint[]) as x (account_id, target_id)
        join follow_requests f on f.account_id = x.account_id and f.target_id = x.target_id
        """,
        [account_id for account_id, _ in requests],
        [target_id for _, target_id in requests],
    )
    return [_notice(*row) for row in rows]


async def of_sign_ups(db: Queries, account_ids: Sequence[int], staff_max: int) -> list[Notice]:
    """Those who may see the private half of accounts, for each new account. Uses users_staff."""
    rows = await db.rows(
        """
        select staff.account_id, 'admin.sign_up', joined.account_id, null::bigint
        from (select account_id from users where role <> 'user' and role = any($2) order by account_id limit $3) staff
        cross join unnest($1::bigint[]) as joined (account_id)
        """,
        list(account_ids),
        [role for role, permissions in ROLE_PERMISSIONS.items() if Permission.MANAGE_USERS in permissions],
        staff_max,
    )
    return [_notice(*row) for row in rows]


async def of_reports(db: Queries, reports: Sequence[tuple[int, int, int]], staff_max: int) -> list[Notice]:
    """Those who look at reports, for each (who reported, whom, the report's id); nobody of one about them.

    Uses users_staff.
    """
    rows = await db.rows(
        """
        select staff.account_id, 'admin.report', made.account_id, made.report_id
        from (select account_id from users where role <> 'user' and role = any($4) order by account_id limit $5) staff
        cross join unnest($1::bigint[], $2::bigint[], $3::bigint[]) as made (account_id, target_id, report_id)
        where staff.account_id not in (made.account_id, made.target_id)
        """,
        [account_id for account_id, _, _ in reports],
        [target_id for _, target_id, _ in reports],
        [report_id for _, _, report_id in reports],
        [role for role, permissions in ROLE_PERMISSIONS.items() if Permission.MANAGE_REPORTS in permissions],
        staff_max,
    )
    return [_notice(*row) for row in rows]


def _notice(account_id: int, kind: str, from_account_id: int, status_id: int | None) -> Notice:
    return Notice(account_id, Kind(kind), from_account_id, status_id)
