"""What is indexed: an inbox of posts that changed, and a document for each post that may be found by anybody."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from linnet.platform.postgres import Queries


@dataclass(frozen=True, slots=True)
class Document:
    """A post as the index keeps it."""

    status_id: int
    opened: bool
    vector: str
    """A text that PostgreSQL reads as `tsvector`."""


async def take_changes(db: Queries, limit: int) -> list[int]:
    """Up to `limit` ids out of the inbox, the oldest first, each once. Run it in a transaction. Primary key."""
    rows = await db.rows(
        """
        with taken as (
            delete from search_changes where id in (
                select id from search_changes order by id limit $1 for update skip locked)
            returning id, status_id
        )
        select status_id from taken group by status_id order by min(id)
        """,
        limit,
    )
    return [row["status_id"] for row in rows]


async def texts(db: Queries, status_ids: Sequence[int]) -> list[asyncpg.Record]:
    """What is to be indexed of posts; deleted and direct ones and reblogs are left out. Primary keys, media_status."""
    return await db.rows(
        """
        select s.id, s.account_id, s.text, s.spoiler_text, s.sensitive as is_sensitive, s.language,
            s.in_reply_to_account_id, s.in_reply_to_id is not null as is_reply, s.quote_of_id is not null as is_quote,
            s.mention_ids, s.tags, s.visibility = 'public' and a.findable and s.limited_at is null as opened,
            case when s.poll_id is not null then (select options from polls where id = s.poll_id) end as poll_options,
            case when s.media_count > 0 then (select array_agg(description order by position)
                from media where status_id = s.id and position is not null) end as descriptions,
            case when s.media_count > 0 then (select array_agg(kind order by position)
                from media where status_id = s.id and position is not null) end as media_kinds,
            coalesce((select favourites from status_counters where status_id = s.id), 0) as favourites
        from unnest($1::bigint[]) as wanted (id)
        cross join lateral (select * from statuses where id = wanted.id limit 1) s
        cross join lateral (select indexable and silenced_at is null as findable from accounts
            where id = s.account_id limit 1) a
        where s.deleted_at is null and s.reblog_of_id is null and s.visibility <> 'direct'
        """,
        list(status_ids),
    )


async def stems(db: Queries, dictionaries: Sequence[str], words: Sequence[str]) -> list[list[str]]:
    """For each word, in order, its stems by the dictionary at its place; none of what a dictionary passes over."""
    rows = await db.rows(
        """
        select coalesce(ts_lexize(one.dictionary::regdictionary, one.word), '{}') as stems
        from unnest($1::text[], $2::text[]) with ordinality as one (dictionary, word, place)
        order by one.place
        """,
        list(dictionaries),
        list(words),
    )
    return [row["stems"] for row in rows]


async def stems_everywhere(db: Queries, dictionaries: Sequence[str], words: Sequence[str]) -> dict[str, list[str]]:
    """The stems of each word in any of the dictionaries."""
    rows = await db.rows(
        """
        select word, array(
            select distinct stem from unnest($1::text[]) as dictionary
            cross join lateral unnest(ts_lexize(dictionary::regdictionary, word)) as stem) as stems
        from unnest($2::text[]) as word
        """,
        list(dictionaries),
        list(words),
    )
    return {row["word"]: row["stems"] for row in rows}


async def write(db: Queries, documents: Sequence[Document]) -> None:
    """Index posts, anew where they are. Primary key."""
    await db.execute(
        """
        insert into search_documents as d (status_id, opened, words)
        select one.status_id, one.opened, one.vector::tsvector
        from unnest($1::bigint[], $2::boolean[], $3::text[]) as one (status_id, opened, vector)
        on conflict (status_id) do update set opened = excluded.opened, words = excluded.words
        """,
        [one.status_id for one in documents],
        [one.opened for one in documents],
        [one.vector for one in documents],
    )


async def merge(db: Queries) -> None:
    """Put what was written into the index itself: what waits beside it every search would have to read through.

    Half the price of doing so row by row, for words that many posts share are put in once.
    """
    await db.execute("select gin_clean_pending_list('search_documents_words')")


async def remove(db: Queries, status_ids: Sequence[int]) -> None:
    """Take posts out of the index. Primary key."""
    await db.execute("delete from search_documents where status_id = any($1)", list(status_ids))


async def announce(db: Queries, status_ids: Sequence[int]) -> None:
    """Put posts into the inbox."""
    await db.execute("insert into search_changes (status_id) select unnest($1::bigint[])", list(status_ids))


async def announce_all(db: Queries, after_id: int, limit: int) -> int | None:
    """Put up to `limit` posts with ids above `after_id` into the inbox; the last of them, None when there are no more.

    Uses statuses_pkey.
    """
    return await db.value(
        """
        with slice as (
            select id from statuses where id > $1 order by id limit $2
        ), told as (
            insert into search_changes (status_id) select id from slice
        )
        select max(id) from slice
        """,
        after_id,
        limit,
    )


async def misjudged(db: Queries, account_id: int, after_id: int, limit: int) -> list[int]:
    """Up to `limit` public posts of an account that are indexed as open though it is not, or the other way round.

    Oldest first, from `after_id` on. Uses statuses_by_account.
    """
    rows = await db.rows(
        """
        select s.id from statuses s
        cross join lateral (select opened from search_documents where status_id = s.id limit 1) d
        where s.account_id = $1 and s.id > $2 and s.deleted_at is null
            and s.visibility = 'public' and s.reblog_of_id is null and s.limited_at is null
            and d.opened <> (select indexable and silenced_at is null from accounts where id = $1)
        order by s.id limit $3
        """,
        account_id,
        after_id,
        limit,
    )
    return [row["id"] for row in rows]
