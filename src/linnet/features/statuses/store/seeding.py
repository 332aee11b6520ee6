"""Many statuses and favourites at once, of any time: the same rows and counter changes that single ones make.

For `linnet demo`, and for what people bring along from elsewhere.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from linnet.platform.postgres import Queries


async def new_ids(db: Queries, moments: Sequence[datetime]) -> list[int]:
    """A fresh snowflake for each moment, in order."""
    rows = await db.rows(
        """
        select snowflake(moment) as id from unnest($1::timestamptz[]) with ordinality as x (moment, place)
        order by place
        """,
        moments,
    )
    return [row["id"] for row in rows]


async def threads_of(db: Queries, author_id: int, status_ids: Sequence[int]) -> dict[int, int]:
    """The threads of an author's statuses that are not deleted, by id. Uses statuses_pkey."""
    rows = await db.rows(
        "select id, thread_id from statuses where id = any($1) and account_id = $2 and deleted_at is null",
        status_ids,
        author_id,
    )
    return {row["id"]: row["thread_id"] for row in rows}


async def insert_all(db: Queries, statuses: Sequence[Mapping[str, object]]) -> None:
    """Write statuses with their mentions and every counter change they cause, in one statement."""
    await db.execute(
        """
        with fresh as materialized (
            select * from jsonb_to_recordset($1) as x (
                id bigint, account_id bigint, visibility visibility, text text, html text, spoiler_text text,
                sensitive boolean, language text, in_reply_to_id bigint, in_reply_to_account_id bigint,
                reblog_of_id bigint, quote_of_id bigint, thread_id bigint, mention_ids bigint[], tags text[],
                quote_policy text, created_at timestamptz)
        ), written as (
            insert into statuses (id, account_id, visibility, text, html, spoiler_text, sensitive, language,
                in_reply_to_id, in_reply_to_account_id, reblog_of_id, quote_of_id, thread_id, mention_ids, tags,
                quote_policy, created_at)
            select id, account_id, visibility, text, html, spoiler_text, sensitive, language,
                in_reply_to_id, in_reply_to_account_id, reblog_of_id, quote_of_id, thread_id, mention_ids, tags,
                quote_policy, created_at
            from fresh
        ), mentioned as (
            insert into mentions (status_id, account_id) select id, unnest(mention_ids) from fresh
        ), authors as (
            insert into account_counter_changes (account_id, statuses, made_at)
            select account_id, count(*), max(created_at) from fresh group by account_id
        ), searched as (
            insert into search_changes (status_id)
            select id from fresh where reblog_of_id is null and visibility <> 'direct'
        )
        insert into status_counter_changes (status_id, replies, reblogs, quotes)
        select in_reply_to_id, count(*), 0, 0 from fresh where in_reply_to_id is not null group by 1
        union all select reblog_of_id, 0, count(*), 0 from fresh where reblog_of_id is not null group by 1
        union all select quote_of_id, 0, 0, count(*) from fresh where quote_of_id is not null group by 1
        """,
        statuses,
    )


async def tag_all(db: Queries, status_ids: Sequence[int], names: Sequence[str], display_names: Sequence[str]) -> None:
    """Put statuses under hashtags, columns in parallel, making the tags that are new."""
    await db.execute(
        """
        insert into tags (name, display_name)
        select distinct on (name) name, display_name from unnest($1::text[], $2::text[]) as x (name, display_name)
        on conflict (name) do nothing
        """,
        names,
        display_names,
    )
    await db.execute(
        """
        insert into status_tags (tag_id, status_id)
        select t.id, x.status_id from unnest($1::bigint[], $2::text[]) as x (status_id, name) join tags t using (name)
        on conflict do nothing
        """,
        status_ids,
        names,
    )


async def favourite_all(
    db: Queries, account_ids: Sequence[int], status_ids: Sequence[int], moments: Sequence[datetime]
) -> None:
    """Write favourites, columns in parallel, and count those that are new, in one statement."""
    await db.execute(
        """
        with made as (
            insert into favourites (account_id, status_id, id, created_at)
            select account_id, status_id, snowflake(moment), moment
            from unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) as x (account_id, status_id, moment)
            on conflict do nothing returning status_id
        )
        insert into status_counter_changes (status_id, favourites) select status_id, count(*) from made group by 1
        """,
        account_ids,
        status_ids,
        moments,
    )
