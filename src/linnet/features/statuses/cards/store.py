"""Rows of cards: what addresses had to show, and which statuses show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, cast

import asyncpg

from linnet.features.statuses.cards.models import Card, Found, Kind, LookedUp, Picture
from linnet.features.statuses.store.visible import UNSILENCED, VISIBLE, WIDE
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

CARD: LiteralString = """
    case when s.card_id is not null then (
        select row(c.id, c.url, c.kind, c.title, c.description, c.language, c.author_name, c.author_url,
            c.provider_name, c.provider_url, c.html, c.embed_url, c.width, c.height, c.image_description,
            c.published_at, (select true from card_pictures where card_id = c.id) is not null)
        from cards c where c.id = s.card_id) end
"""
"""Of `statuses s`, what `card_of` takes; a status without a card costs no look. Uses cards_pkey, card_pictures_pkey."""


def card_of(row: asyncpg.Record | None) -> Card | None:
    """The card that `CARD` gives of a status."""
    return Card(*cast("Any", row)) if row is not None else None


@dataclass(frozen=True, slots=True)
class Linking:
    """A status as it was when its links were looked for."""

    status_id: int
    text: str
    edited_at: datetime | None
    card_id: int | None


async def linking(db: Queries, status_ids: Sequence[int]) -> list[Linking]:
    """Those of the statuses that are there, with their words. Uses statuses_pkey.

    What shows media counts as saying nothing: it has no card beside them.
    """
    rows = await db.rows(
        """
        select id, case when media_count > 0 then '' else text end, edited_at, card_id from statuses
        where id = any($1) and deleted_at is null and reblog_of_id is null
        """,
        list(status_ids),
    )
    return [Linking(*row) for row in rows]


async def looked_up(db: Queries, url: str) -> LookedUp | None:
    """What is known of an address. Uses looked_up_links_pkey."""
    row = await db.row("select card_id, next_at, failures from looked_up_links where url = $1", url)
    return LookedUp(*row) if row else None


async def hold(db: Queries, url: str, now: datetime, until: datetime) -> bool:
    """Begin to look at an address that is due; False while somebody else does, or when it is not due any more."""
    return bool(
        await db.execute(
            """
            insert into looked_up_links as l (url, next_at, held_until) values ($1, $2, $3)
            on conflict (url) do update set held_until = excluded.held_until
                where l.next_at <= excluded.next_at and coalesce(l.held_until, '-infinity') < excluded.next_at
            """,
            url,
            now,
            until,
        )
    )


async def note(
    db: Queries, url: str, card_id: int | None, *, failures: int, next_at: datetime, looked_at: datetime
) -> None:
    """Write down what came of looking at an address, and when to look again."""
    await db.execute(
        """
        update looked_up_links
        set card_id = $2, failures = $3, next_at = $4, looked_at = $5, held_until = null where url = $1
        """,
        url,
        card_id,
        failures,
        next_at,
        looked_at,
    )


async def load(db: Queries, card_id: int) -> Card | None:
    """One card. Uses cards_pkey."""
    return card_of(await db.value("select " + CARD + " from (select $1::bigint as card_id) s", card_id))


async def of_urls(db: Queries, urls: Sequence[str]) -> dict[str, Card]:
    """The cards of those of the addresses that have one. Uses looked_up_links_pkey."""
    rows = await db.rows("select s.url, " + CARD + " from looked_up_links s where s.url = any($1)", list(urls))
    return {row[0]: card for row in rows if (card := card_of(row[1])) is not None}


async def insert(db: Queries, found: Found, picture: Picture | None, at: datetime) -> int:
    """Write a card, with its picture; its id."""
    return await db.value(
        """
        with card as (
            insert into cards (url, kind, title, description, language, author_name, author_url, provider_name,
                provider_url, html, embed_url, width, height, image_description, published_at, made_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) returning id
        ), pictured as (
            insert into card_pictures (card_id, jpeg, width, height)
            select id, $17::bytea, $18, $19 from card where $17::bytea is not null
        )
        select id from card
        """,
        found.url,
        found.kind,
        found.title,
        found.description,
        found.language,
        found.author_name,
        found.author_url,
        found.provider_name,
        found.provider_url,
        found.html,
        found.embed_url,
        found.width or (picture.width if picture else 0),
        found.height or (picture.height if picture else 0),
        found.image_description,
        found.published_at,
        at,
        picture.jpeg if picture else None,
        picture.width if picture else 0,
        picture.height if picture else 0,
    )


async def picture(db: Queries, card_id: int) -> bytes | None:
    """The picture of a card. Uses card_pictures_pkey."""
    return await db.value("select jpeg from card_pictures where card_id = $1", card_id)


async def attach(db: Queries, card_id: int | None, statuses: Sequence[Linking]) -> tuple[list[int], list[int]]:
    """Let statuses that still say what they said show this card, or none.

    Which of them show something else now, and the cards that they no longer show. Run it in a transaction: a card that
    is shown cannot be dropped before that ends. A card that is gone is not shown.
    """
    if card_id is not None:
        await db.execute("select pg_advisory_xact_lock_shared($1)", card_id)
    changed = await db.rows(
        """
        with before as (
            select s.id, s.card_id from statuses s
            join unnest($2::bigint[], $3::timestamptz[]) as said (id, edited_at)
                on said.id = s.id and said.edited_at is not distinct from s.edited_at
            where s.deleted_at is null and s.card_id is distinct from $1
                and ($1::bigint is null or exists (select from cards where id = $1))
            for no key update of s
        ), shown as (
            update statuses s set card_id = $1 from before where s.id = before.id
        ), added as (
            insert into card_statuses (card_id, status_id) select $1, id from before where $1::bigint is not null
            on conflict do nothing
        ), removed as (
            delete from card_statuses e using before where e.card_id = before.card_id and e.status_id = before.id
        )
        select id, card_id from before
        """,
        card_id,
        [one.status_id for one in statuses],
        [one.edited_at for one in statuses],
    )
    return [row[0] for row in changed], [row[1] for row in changed if row[1] is not None]


async def detach(db: Queries, status_ids: Sequence[int]) -> list[int]:
    """Deleted statuses show nothing; the cards they showed. Uses card_statuses_status."""
    rows = await db.rows("delete from card_statuses where status_id = any($1) returning card_id", list(status_ids))
    return [row[0] for row in rows]


async def drop_unshown(db: Queries, card_ids: Sequence[int]) -> None:
    """Remove those of the cards that no status shows. Run it in a transaction: nobody can show them meanwhile."""
    for card_id in sorted(set(card_ids)):
        await db.execute("select pg_advisory_xact_lock($1)", card_id)
    await db.execute(
        """
        with gone as (
            delete from cards c where c.id = any($1)
                and not exists (select from card_statuses e where e.card_id = c.id)
            returning id
        ), unpictured as (
            delete from card_pictures where card_id in (select id from gone)
        )
        delete from looked_up_links where card_id in (select id from gone)
        """,
        list(card_ids),
    )


async def drop_forgotten(db: Queries, before: datetime, limit: int) -> int:
    """Forget up to `limit` addresses that had nothing to show and nobody asked about since `before`; how many."""
    return await db.execute(
        """
        delete from looked_up_links where url in (
            select url from looked_up_links where next_at < $1 and card_id is null order by next_at limit $2)
        """,
        before,
        limit,
    )


async def linked(db: Queries, viewer_id: int, window: Window, urls: Sequence[str]) -> list[int]:
    """Ids of public statuses that show a card of one of these addresses, newest first. Uses card_statuses_pkey."""
    nearest: LiteralString = " order by e.status_id asc limit $4"
    newest: LiteralString = " order by e.status_id desc limit $4"
    rows = await db.rows(
        """
        with wanted as (
            select card_id from looked_up_links where url = any($5) and card_id is not null
        )
        select s.id from card_statuses e join statuses s on s.id = e.status_id
        where e.card_id in (select card_id from wanted) and e.status_id > $2 and e.status_id < $3
            and s.visibility = 'public' and """
        + WIDE
        + " and "
        + UNSILENCED
        + " and "
        + VISIBLE
        + (nearest if window.forward else newest),
        viewer_id,
        window.floor,
        window.ceiling,
        window.limit,
        list(urls),
    )
    ids = [row[0] for row in rows]
    return ids[::-1] if window.forward else ids


def is_same(card: Card, found: Found) -> bool:
    """Whether a card says what was found, so that it can go on being shown."""
    kind: Kind = found.kind
    said = (found.url, kind, found.title, found.description, found.language, found.author_name, found.author_url)
    shown = (card.url, card.kind, card.title, card.description, card.language, card.author_name, card.author_url)
    more = (found.provider_name, found.provider_url, found.html, found.embed_url, found.image_description)
    rest = (card.provider_name, card.provider_url, card.html, card.embed_url, card.image_description)
    return (said, more, found.published_at, bool(found.image_url)) == (shown, rest, card.published_at, card.has_picture)
