"""Pages of status ids, newest first: an account's, everyone's, a hashtag's, one's favourites and bookmarks.

Each list is one statement bounded by its window; `_window` adds the direction. Arguments $1 to $4 are always the
viewer (0 for the public), the floor, the ceiling and the limit.
"""

from collections.abc import Sequence
from typing import LiteralString

from linnet.features.statuses.store.visible import FOLLOWED_OR_WIDE, UNSILENCED, VISIBLE, WIDE
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

_NEWEST: LiteralString = " order by key desc limit $4"
_NEAREST: LiteralString = " order by key asc limit $4"

TAGGED_MAX = 10_000
"""Statuses under one hashtag that are looked at for one page."""

Keyed = list[tuple[int, int]]
"""(id of the row that pages are cut by, id of the noun it leads to), newest first."""


async def _window(db: Queries, sql: LiteralString, viewer_id: int, window: Window, *args: object) -> Keyed:
    rows = await db.rows(
        sql + (_NEAREST if window.forward else _NEWEST), viewer_id, window.floor, window.ceiling, window.limit, *args
    )
    found = [(row["key"], row["id"]) for row in rows]
    return found[::-1] if window.forward else found


async def by_account(
    db: Queries,
    viewer_id: int,
    author_id: int,
    window: Window,
    *,
    replies: bool,
    reblogs: bool,
    tag: str | None,
    only_media: bool,
) -> list[int]:
    """An account's statuses that the viewer may see; on demand without replies to others, or reblogs, or other tags.

    Uses statuses_by_account, without replies statuses_originals, under a hashtag (normalised name) status_tags_pkey,
    of those that show media statuses_media_by_account.
    """
    sql: LiteralString = """
        select s.id as key, s.id from statuses s where s.account_id = $5 and s.id > $2 and s.id < $3 and """
    if not replies:
        sql += "(s.in_reply_to_id is null or s.in_reply_to_account_id = s.account_id) and "
    if not reblogs:
        sql += "s.reblog_of_id is null and "
    if only_media:
        sql += "s.media_count > 0 and "
    if tag is not None:
        sql += "s.id in (select status_id from status_tags where tag_id = (select id from tags where name = $6)) and "
    return _ids(await _window(db, sql + VISIBLE, viewer_id, window, author_id, *([] if tag is None else [tag])))


async def pinned(db: Queries, viewer_id: int, author_id: int, window: Window) -> list[int]:
    """What an account has pinned. Uses pins_pkey."""
    sql: LiteralString = """
        select s.id as key, s.id from pins p join statuses s on s.id = p.status_id
        where p.account_id = $5 and s.id > $2 and s.id < $3 and """
    return _ids(await _window(db, sql + VISIBLE, viewer_id, window, author_id))


def _ids(found: Keyed) -> list[int]:
    return [status_id for _, status_id in found]


async def public(db: Queries, viewer_id: int, window: Window, *, only_media: bool) -> list[int]:
    """Everyone's public statuses without reblogs, and without replies to other people; on demand those with media.

    Uses statuses_public, and of those with media statuses_public_media.
    """
    sql: LiteralString = """
        select s.id as key, s.id from statuses s
        where s.visibility = 'public' and s.reblog_of_id is null and s.id > $2 and s.id < $3
            and (s.in_reply_to_id is null or s.in_reply_to_account_id = s.account_id) and """
    if only_media:
        sql += "s.media_count > 0 and "
    return _ids(await _window(db, sql + UNSILENCED + " and " + VISIBLE + " and " + WIDE, viewer_id, window))


async def tagged(
    db: Queries,
    viewer_id: int,
    window: Window,
    *,
    any_of: Sequence[str],
    all_of: Sequence[str],
    none_of: Sequence[str],
    only_media: bool,
) -> list[int]:
    """Public statuses under one of `any_of`, all of `all_of` and none of `none_of`. Uses status_tags_pkey.

    Of each of `any_of` the `TAGGED_MAX` statuses nearest to the page are looked at, so that a rare tag of `all_of`
    does not have all of a popular one read.
    """
    towards: LiteralString = "asc" if window.forward else "desc"
    sql: LiteralString = (
        """
        select distinct found.id as key, found.id from tags t
        cross join lateral (
            select s.id from (
                select status_id from status_tags
                where tag_id = t.id and status_id > $2 and status_id < $3
                order by status_id """
        + towards
        + """ limit $8) near
            cross join lateral (select * from statuses where id = near.status_id limit 1) s
            where s.visibility = 'public' and s.reblog_of_id is null and s.tags @> $6 and not (s.tags && $7) and """
        + ("s.media_count > 0 and " if only_media else "")
        + UNSILENCED
        + " and "
        + VISIBLE
        + " and "
        + WIDE
        + " order by near.status_id "
        + towards
        + " limit $4) found where t.name = any($5)"
    )
    found = await _window(db, sql, viewer_id, window, list(any_of), list(all_of), list(none_of), TAGGED_MAX)
    return _ids(found)


async def favourites(db: Queries, viewer_id: int, window: Window) -> Keyed:
    """The viewer's favourites by when they were made. Uses favourites_by_account."""
    return await _window(
        db,
        """
        select f.id as key, s.id from favourites f join statuses s on s.id = f.status_id
        where f.account_id = $1 and f.id > $2 and f.id < $3 and """
        + VISIBLE,
        viewer_id,
        window,
    )


async def bookmarks(db: Queries, viewer_id: int, window: Window, folder_id: int | None) -> Keyed:
    """The viewer's bookmarks by when they were made, or those in a folder.

    Uses bookmarks_by_account, in a folder bookmarks_by_folder.
    """
    sql: LiteralString = """
        select b.id as key, s.id from bookmarks b join statuses s on s.id = b.status_id
        where b.account_id = $1 and b.id > $2 and b.id < $3 and """
    if folder_id is not None:
        sql += "b.folder_id = $5 and "
    return await _window(db, sql + VISIBLE, viewer_id, window, *([] if folder_id is None else [folder_id]))


async def quotes(db: Queries, viewer_id: int, status_id: int, window: Window) -> list[int]:
    """The statuses that quote one, but for revoked quotes and those of limited strangers. Uses statuses_quotes."""
    found = await _window(
        db,
        """
        select s.id as key, s.id from statuses s
        where s.quote_of_id = $5 and s.quote_revoked_at is null and s.id > $2 and s.id < $3 and """
        + FOLLOWED_OR_WIDE
        + " and "
        + UNSILENCED
        + " and "
        + VISIBLE,
        viewer_id,
        window,
        status_id,
    )
    return _ids(found)


async def hidden(db: Queries, viewer_id: int, thread_id: int, window: Window) -> list[int]:
    """The hidden replies of a thread. Uses statuses_hidden."""
    found = await _window(
        db,
        """
        select s.id as key, s.id from statuses s
        where s.thread_id = $5 and s.hidden_at is not null and s.id > $2 and s.id < $3 and """
        + UNSILENCED
        + " and "
        + VISIBLE,
        viewer_id,
        window,
        thread_id,
    )
    return _ids(found)


_NOT_BLOCKED: LiteralString = """
    and (select a.deleted_at is null and a.suspended_at is null from accounts a where a.id = x.account_id)
    and (select true from blocks b where b.account_id = x.account_id and b.target_id = $1 limit 1) is null
"""


async def favouriters(db: Queries, viewer_id: int, status_id: int, window: Window) -> Keyed:
    """Accounts that favourited a status, by when they did. Uses favourites_by_status."""
    return await _window(
        db,
        """
        select x.id as key, x.account_id as id from favourites x
        where x.status_id = $5 and x.id > $2 and x.id < $3"""
        + _NOT_BLOCKED,
        viewer_id,
        window,
        status_id,
    )


async def rebloggers(db: Queries, viewer_id: int, status_id: int, window: Window) -> Keyed:
    """Accounts that reblogged a status where everyone may see it, by when they did. Uses statuses_reblogs."""
    return await _window(
        db,
        """
        select x.id as key, x.account_id as id from statuses x
        where x.reblog_of_id = $5 and x.deleted_at is null and x.visibility in ('public', 'unlisted')
            and x.id > $2 and x.id < $3"""
        + _NOT_BLOCKED,
        viewer_id,
        window,
        status_id,
    )


async def ancestors(db: Queries, viewer_id: int, status_id: int, limit: int) -> list[int]:
    """What a status answers, and what that answers, and so on: the oldest first. Uses statuses_pkey."""
    rows = await db.rows(
        """
        with recursive chain as (
            select in_reply_to_id as id, 1 as depth from statuses where id = $2
            union all
            select s.in_reply_to_id, chain.depth + 1
            from chain join statuses s on s.id = chain.id where chain.depth < $3
        )
        select s.id from chain join statuses s on s.id = chain.id
        where """
        + UNSILENCED
        + " and "
        + VISIBLE
        + " order by chain.depth desc",
        viewer_id,
        status_id,
        limit,
    )
    return [row["id"] for row in rows]


async def descendants(db: Queries, viewer_id: int, status_id: int, limit: int, depth: int) -> list[int]:
    """The replies below a status, each followed by its own replies, oldest first. Uses statuses_replies.

    Without hidden ones, and what hangs below them, which only their authors find where they were, and without what
    limited accounts say to who does not follow them.
    """
    rows = await db.rows(
        """
        with recursive tree as (
            select id, array[id] as path from (
                select id from statuses where in_reply_to_id = $2 and deleted_at is null
                    and (hidden_at is null or account_id = $1) order by id limit $3) first
            union all
            select s.id, tree.path || s.id
            from tree join statuses s on s.in_reply_to_id = tree.id and s.deleted_at is null
                and (s.hidden_at is null or s.account_id = $1)
            where cardinality(tree.path) < $4
        )
        select s.id from (select * from tree limit $3) t join statuses s on s.id = t.id
        where """
        + UNSILENCED
        + " and "
        + VISIBLE
        + " and "
        + FOLLOWED_OR_WIDE
        + " order by t.path",
        viewer_id,
        status_id,
        limit,
        depth,
    )
    return [row["id"] for row in rows]
