"""What uses an upload: a status shows it, something else keeps it, or nothing does."""

from collections.abc import Sequence
from datetime import datetime

from linnet.features.media.models import Media
from linnet.features.media.store.uploads import MEDIA, media_of
from linnet.platform.postgres import Queries


async def loose_among(db: Queries, media_ids: Sequence[int]) -> set[int]:
    """Those of these that nothing uses. Uses media_pkey."""
    rows = await db.rows("select id from media where id = any($1) and loose_since is not null", media_ids)
    return {row["id"] for row in rows}


async def of_statuses(db: Queries, status_ids: Sequence[int]) -> dict[int, list[Media]]:
    """What each status shows, in its order; statuses without media are absent. Uses media_status."""
    rows = await db.rows(
        "select "
        + MEDIA
        + """
        from media m where m.status_id = any($1) and m.position is not null order by m.status_id, m.position
        """,
        status_ids,
    )
    found: dict[int, list[Media]] = {}
    for row in rows:
        found.setdefault(row["status_id"], []).append(media_of(row))
    return found


async def attach(db: Queries, status_id: int, media_ids: Sequence[int]) -> None:
    """Let a status show exactly these, in this order; others it showed stay its own, unseen. Uses media_status."""
    await db.execute(
        """
        update media m set status_id = $1, loose_since = null, position = x.position - 1
        from (
            select m.id, x.position from media m
            left join unnest($2::bigint[]) with ordinality as x (id, position) on x.id = m.id
            where m.status_id = $1 or m.id = any($2)
        ) as x
        where m.id = x.id
        """,
        status_id,
        media_ids,
    )


async def detach(db: Queries, account_id: int, status_ids: Sequence[int], at: datetime) -> list[int]:
    """Let go of all that these statuses of an account show or showed; the media's ids. Uses media_status."""
    rows = await db.rows(
        """
        update media set status_id = null, position = null, loose_since = $3
        where status_id = any($2) and account_id = $1 returning id
        """,
        account_id,
        status_ids,
        at,
    )
    return [row["id"] for row in rows]


async def keep(db: Queries, media_ids: Sequence[int]) -> None:
    """Note that something else than a status uses these. Uses media_pkey."""
    await db.execute("update media set loose_since = null where id = any($1)", media_ids)


async def release(db: Queries, account_id: int, media_ids: Sequence[int], at: datetime) -> None:
    """Note that nothing uses these any more, but for those that a status has. Uses media_pkey."""
    await db.execute(
        "update media set loose_since = $3 where id = any($2) and account_id = $1 and status_id is null",
        account_id,
        media_ids,
        at,
    )


async def announce(db: Queries, status_id: int) -> None:
    """Have search look anew at a status whose media are described in other words."""
    await db.execute("insert into search_changes (status_id) values ($1)", status_id)
