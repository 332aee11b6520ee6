"""From the inbox to people, days and scores; and forgetting. Each call may run twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from linnet.features.trends.models import Kind, Subject, Use
from linnet.features.trends.rising import Past
from linnet.platform.postgres import Queries


async def take_changes(db: Queries, limit: int) -> tuple[int, list[asyncpg.Record]]:
    """How many changes, up to `limit`, were taken out of the inbox, the oldest first; and those that count.

    Those are about public originals, by people who are not suspended; with what was said, and whence the person last
    came. Run it in a transaction. Primary keys, and sessions_account, oauth_tokens_account.
    """
    rows = await db.rows(
        """
        with taken as (
            delete from trend_changes where id in (
                select id from trend_changes order by id limit $1 for update skip locked)
            returning id, kind, status_id, account_id, made_at
        )
        select c.kind, c.status_id, c.account_id, c.made_at, s.account_id as author_id, s.tags, s.text, s.language,
            s.sensitive, s.in_reply_to_id, a.created_at, a.bot, author.discoverable,
            s.id is not null and a.id is not null and author.id is not null as counts,
            coalesce((select came.address from (
                (select address, used_at from sessions where account_id = c.account_id and address <> ''
                    order by id desc limit 1)
                union all (select address, used_at from oauth_tokens where account_id = c.account_id and address <> ''
                    order by id desc limit 1)) came
                order by came.used_at desc nulls last limit 1), '') as address
        from taken c
        left join lateral (
            select * from statuses where id = c.status_id and deleted_at is null and reblog_of_id is null
                and visibility = 'public' and withheld_at is null and limited_at is null limit 1) s on true
        left join lateral (
            select * from accounts
            where id = c.account_id and deleted_at is null and suspended_at is null and silenced_at is null limit 1
        ) a on true
        left join lateral (
            select * from accounts
            where id = s.account_id and deleted_at is null and suspended_at is null and silenced_at is null limit 1
        ) author on true
        order by c.id
        """,
        limit,
    )
    return len(rows), [row for row in rows if row["counts"]]


async def tag_ids(db: Queries, names: Sequence[str]) -> dict[str, int]:
    """Ids of hashtags by their normalised names. Uses tags_name_key."""
    rows = await db.rows("select name, id from tags where name = any($1)", list(names))
    return {row["name"]: row["id"] for row in rows}


async def link_ids(db: Queries, urls: Sequence[str], at: datetime) -> dict[str, int]:
    """Ids of links, new ones made. Uses trend_links_url_key."""
    rows = await db.rows(
        """
        insert into trend_links (id, url, used_at)
        select snowflake($2), url, $2 from unnest($1::text[]) as url order by url
        on conflict (url) do update set used_at = excluded.used_at
        returning url, id
        """,
        list(urls),
        at,
    )
    return {row["url"]: row["id"] for row in rows}


async def note(db: Queries, uses: Sequence[Use], people_max: int) -> None:
    """Remember who spoke of what, and count uses and people of each day (UTC).

    No two uses may be of one subject by the same person. Of a subject of which `people_max` people are known no
    more are. Primary keys of trend_people and trend_days.
    """
    await db.execute(
        """
        with said as (
            select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::float8[], $5::text[], $6::real[],
                $7::text[], $8::int[]) as one (kind, subject_id, account_id, at_s, network, weight, language, times)
        ), known as (
            select said.*, coalesce(t.people, 0) < $9 as open, p.used_at is not null as known,
                (to_timestamp(at_s) at time zone 'utc')::date as day,
                (p.used_at at time zone 'utc')::date as known_day
            from said
            left join trend_people p using (kind, subject_id, account_id)
            left join trend_subjects t using (kind, subject_id)
        ), counted as (
            insert into trend_days as d (kind, subject_id, day, uses, accounts)
            select kind, subject_id, day, sum(times), count(*) filter (where known_day is null or known_day < day)
            from known where kind <> 'status' group by kind, subject_id, day order by kind, subject_id, day
            on conflict (kind, subject_id, day) do update set
                uses = d.uses + excluded.uses, accounts = d.accounts + excluded.accounts
        )
        insert into trend_people as p (kind, subject_id, account_id, used_at, network, weight, language)
        select kind, subject_id, account_id, to_timestamp(at_s), network, weight, language
        from known where open or known order by kind, subject_id, account_id
        on conflict (kind, subject_id, account_id) do update set
            used_at = greatest(p.used_at, excluded.used_at), network = excluded.network, weight = excluded.weight,
            language = excluded.language
        """,
        [use.kind for use in uses],
        [use.subject_id for use in uses],
        [use.account_id for use in uses],
        [use.at_s for use in uses],
        [use.network for use in uses],
        [use.weight for use in uses],
        [use.language for use in uses],
        [use.times for use in uses],
        people_max,
    )


@dataclass(frozen=True, slots=True)
class Observed:
    """A subject, what is known of its past, and who speaks of it now: for each network established and new accounts."""

    subject: Subject
    past: Past | None
    language: str | None
    networks: Sequence[tuple[float, float]]


async def rising(db: Queries, after: Subject | None, limit: int) -> list[Subject]:
    """Up to `limit` subjects whose score is above 0, after one in the order of the primary key."""
    kind, subject_id = after or (Kind.LINK, 0)
    rows = await db.rows(
        """
        select kind, subject_id from trend_subjects
        where score > 0 and (kind, subject_id) > ($1, $2) order by kind, subject_id limit $3
        """,
        kind,
        subject_id,
        limit,
    )
    return [(Kind(row["kind"]), row["subject_id"]) for row in rows]


async def observe(db: Queries, subjects: Sequence[Subject], since: datetime) -> list[Observed]:
    """What there is to know of subjects: people since `since`, and the past. Primary keys."""
    rows = await db.rows(
        """
        select one.kind, one.subject_id, t.hour, t.people, t.mean, t.square, now.language,
            coalesce(now.established, '{}') as established, coalesce(now.newcomers, '{}') as newcomers
        from unnest($1::text[], $2::bigint[]) as one (kind, subject_id)
        left join trend_subjects t using (kind, subject_id)
        left join lateral (
            select mode() within group (order by language) as language,
                array_agg(established) as established, array_agg(newcomers) as newcomers
            from (
                select network, mode() within group (order by language) as language,
                    coalesce(sum(weight) filter (where weight >= 1), 0)::float8 as established,
                    coalesce(sum(weight) filter (where weight < 1), 0)::float8 as newcomers
                from trend_people
                where kind = one.kind and subject_id = one.subject_id and used_at > $3 group by network
            ) by_network
        ) now on true
        """,
        [kind for kind, _ in subjects],
        [subject_id for _, subject_id in subjects],
        since,
    )
    return [
        Observed(
            subject=(Kind(row["kind"]), row["subject_id"]),
            past=None if row["hour"] is None else Past(row["hour"], row["people"], row["mean"], row["square"]),
            language=row["language"],
            networks=list(zip(row["established"], row["newcomers"], strict=True)),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Scored:
    """What is to be kept of a subject."""

    subject: Subject
    language: str | None
    score: float
    past: Past


async def write_scores(db: Queries, scored: Sequence[Scored]) -> None:
    """Keep scores and pasts. Primary key."""
    await db.execute(
        """
        insert into trend_subjects as t (kind, subject_id, language, people, score, mean, square, hour)
        select * from unnest($1::text[], $2::bigint[], $3::text[], $4::float8[], $5::float8[], $6::float8[],
            $7::float8[], $8::bigint[]) order by 1, 2
        on conflict (kind, subject_id) do update set language = coalesce(excluded.language, t.language),
            people = excluded.people, score = excluded.score, mean = excluded.mean, square = excluded.square,
            hour = excluded.hour
        """,
        [one.subject[0] for one in scored],
        [one.subject[1] for one in scored],
        [one.language for one in scored],
        [one.past.people for one in scored],
        [one.score for one in scored],
        [one.past.mean for one in scored],
        [one.past.square for one in scored],
        [one.past.hour for one in scored],
    )


async def forget_people(db: Queries, before: datetime, limit: int) -> int:
    """Forget who spoke of what before then; how many, up to `limit`. Uses trend_people_age."""
    return await db.execute(
        """
        delete from trend_people where ctid in (
            select ctid from trend_people where used_at < $1 order by used_at limit $2)
        """,
        before,
        limit,
    )


async def forget_days(db: Queries, before: date, limit: int) -> int:
    """Forget days before then; how many, up to `limit`. Uses trend_days_age."""
    return await db.execute(
        "delete from trend_days where ctid in (select ctid from trend_days where day < $1 order by day limit $2)",
        before,
        limit,
    )


async def forget_subjects(db: Queries, before_hour: int, limit: int) -> int:
    """Forget subjects that nobody has spoken of since an hour, and nobody has reviewed. Uses trend_subjects_faded."""
    return await db.execute(
        """
        delete from trend_subjects where ctid in (
            select ctid from trend_subjects where reviewed_at is null and hour < $1 and score <= 0
            order by hour limit $2)
        """,
        before_hour,
        limit,
    )


async def forget_links(db: Queries, before: datetime, limit: int) -> int:
    """Forget links that were last shared before then, unless reviewed. Uses trend_links_age."""
    return await db.execute(
        """
        delete from trend_links where id in (
            select l.id from trend_links l where l.used_at < $1 and not exists (
                select from trend_subjects t where t.kind = 'link' and t.subject_id = l.id)
            order by l.used_at limit $2)
        """,
        before,
        limit,
    )


async def forget_accounts(db: Queries, account_ids: Sequence[int]) -> None:
    """Forget that accounts spoke of anything. Uses trend_people_account."""
    await db.execute("delete from trend_people where account_id = any($1)", list(account_ids))
