"""SQL of what is shown: pieces for the statements of stores above, and the holds of what waits to be shown."""

from collections.abc import Iterable, Sequence
from typing import Any, LiteralString

import msgspec

from linnet.features.media.models import Media
from linnet.features.media.store.uploads import MEDIA
from linnet.platform.postgres import Queries

_COLUMNS: LiteralString = MEDIA.replace("m.", "media.")

SHOWN: LiteralString = (
    """
    case when s.media_count > 0 then (select jsonb_agg(to_jsonb(shown) order by shown.position) from (
        select media.position, """
    + _COLUMNS
    + """
        from media where media.status_id = s.id and media.position is not null) shown) end
"""
)
"""Of `statuses s`, what `shown_of` takes; one without media costs no look. Uses media_status."""

SHOWN_BY_MESSAGE: LiteralString = SHOWN.replace("s.media_count", "m.media_count").replace("s.id", "m.id")
"""The same of `messages m`."""

SAID: LiteralString = """
    case when s.media_count > 0 then (
        select case
            when count(*) > 1 then 'Sent ' || count(*) || ' pictures'
            else case min(kind)
                when 'image' then 'Sent a picture' when 'gifv' then 'Sent an animation'
                when 'video' then 'Sent a video' when 'audio' then 'Sent a sound' end
        end
        from media where status_id = s.id and position is not null) end
"""
"""Of `statuses s`, a sentence for where nothing but words can be told; null without media. Uses media_status."""

SAID_BY_MESSAGE: LiteralString = SAID.replace("s.media_count", "m.media_count").replace("s.id", "m.id")
"""The same of `messages m`."""

KEPT: LiteralString = (
    """
    case when e.media_ids is not null then (select jsonb_agg(to_jsonb(shown) order by shown.place) from (
        select x.place, x.words as description_then, """
    + _COLUMNS
    + """
        from unnest(e.media_ids, e.media_descriptions) with ordinality as x (id, words, place)
        join media on media.id = x.id) shown) end
"""
)
"""Of a former wording `e`, what `kept_of` takes. Uses media_pkey."""

ATTACHABLE: LiteralString = """, wanted_media as (
            select distinct on (x.id) x.id, b.id as status_id, b.account_id, x.place - 1 as position from brought b
            cross join lateral unnest(b.media_ids) with ordinality as x (id, place) order by x.id, b.place
        ), held_media as materialized (
            select m.id, w.status_id, w.position from wanted_media w join media m on m.id = w.id
            where m.account_id = w.account_id and m.purpose = 'attachment' and m.state = 'ready'
                and m.loose_since is not null
            order by m.id for update of m
        ), draft as (
            select * from brought where media_ids is null
                or cardinality(media_ids) = (select count(*) from held_media h where h.status_id = brought.id)
        )"""
"""Of statuses about to be written, `brought`, those as `draft` whose `media_ids` are all there to be shown, and locked.

What two of them want only the first gets. Uses media_pkey.
"""

ATTACH: LiteralString = """, attached as (
            update media set status_id = fact.id, position = held_media.position, loose_since = null
            from held_media join fact on fact.id = held_media.status_id where media.id = held_media.id
            returning media.id
        ), unheld as (
            delete from media_holds where media_id in (select id from attached)
        )"""
"""Let those that were written, `fact`, show what was `ATTACHABLE`. Uses media_holds_media."""

DETACH: LiteralString = """, loosened as (
            update media set status_id = null, position = null, loose_since = $3
            where status_id in (select id from gone)
        )"""
"""Let what was taken back at `$3`, `gone`, show nothing any more: it may be shown by another. Uses media_status."""


def shown_of(rows: list[dict[str, Any]] | None) -> tuple[Media, ...]:
    """The media that `SHOWN` gives, in their order."""
    return msgspec.convert(rows, tuple[Media, ...]) if rows else ()


def kept_of(rows: list[dict[str, Any]] | None) -> tuple[Media, ...]:
    """The media that `KEPT` gives, in their order, described as they were then."""
    return shown_of([{**row, "description": row["description_then"]} for row in rows]) if rows else ()


async def hold(db: Queries, account_id: int, holder_id: int, media_ids: Iterable[int]) -> None:
    """Let a draft or a post for later hold those of these uploads that are the account's, and no others any more.

    Uses media_holds_pkey and media_pkey.
    """
    await db.execute(
        """
        with dropped as (
            delete from media_holds where holder_id = $2 and media_id <> all($3::bigint[])
        )
        insert into media_holds (holder_id, media_id)
        select $2, m.id from media m where m.id = any($3::bigint[]) and m.account_id = $1 and m.status_id is null
        on conflict do nothing
        """,
        account_id,
        holder_id,
        list(media_ids),
    )


async def release(db: Queries, holder_ids: Sequence[int]) -> None:
    """Let these hold nothing any more. Uses media_holds_pkey."""
    await db.execute("delete from media_holds where holder_id = any($1)", list(holder_ids))
