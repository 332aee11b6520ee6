"""Statuses written whole, many in one statement, with all that follows from them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

import msgspec

from linnet.features.media.statements import ATTACH, ATTACHABLE
from linnet.platform.jobs.new import ENQUEUE, NewJobs
from linnet.platform.postgres import Queries


class Row(msgspec.Struct, frozen=True):
    """A status about to be written, with whom it mentions and its hashtags; the names are those of the columns."""

    id: int
    account_id: int
    visibility: str
    text: str
    html: str
    spoiler_text: str
    sensitive: bool
    language: str | None
    in_reply_to_id: int | None
    in_reply_to_account_id: int | None
    quote_of_id: int | None
    thread_id: int
    mention_ids: Sequence[int]
    tags: Sequence[str]
    quote_policy: str
    reply_policy: str
    application_name: str | None
    application_website: str | None
    created_at: datetime
    key: str | None
    """The idempotency key."""
    scheduled_id: int | msgspec.UnsetType = msgspec.UNSET
    """The post for later that it was."""
    poll_id: int | msgspec.UnsetType = msgspec.UNSET
    """Like what follows, of those with a poll only."""
    poll_options: Sequence[str] | msgspec.UnsetType = msgspec.UNSET
    poll_multiple: bool | msgspec.UnsetType = msgspec.UNSET
    poll_hides_totals: bool | msgspec.UnsetType = msgspec.UNSET
    poll_expires_at: datetime | msgspec.UnsetType = msgspec.UNSET
    media_ids: Sequence[int] | msgspec.UnsetType = msgspec.UNSET
    decision: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    """What was decided about it, where anything was found: the columns of a decision, some of which may be missing."""
    withheld: bool | msgspec.UnsetType = msgspec.UNSET
    limited: bool | msgspec.UnsetType = msgspec.UNSET
    labels: Sequence[str] | msgspec.UnsetType = msgspec.UNSET


_encode = msgspec.json.Encoder().encode

_DUE: LiteralString = """, due as (
            delete from scheduled_statuses q using draft
            where q.id = draft.scheduled_id and q.scheduled_at <= draft.created_at
            returning q.id
        )"""

_IS_DUE: LiteralString = " and (scheduled_id is null or scheduled_id in (select id from due))"

_ASKED: LiteralString = """, asked as (
            insert into polls (id, status_id, account_id, options, multiple, hides_totals, expires_at)
            select poll_id, id, account_id, poll_options, poll_multiple, poll_hides_totals, poll_expires_at
            from fact where poll_id is not null
        )
"""


_MODERATED: LiteralString = """, case when withheld then created_at end, case when limited then created_at end,
                coalesce(labels, '{}')
"""

_DECIDED: LiteralString = """, decided as (
            insert into decisions (id, account_id, about, subject_id, surface, measure, findings, reputation,
                policy_version, model_version, language, failed, decided_at)
            select coalesce(d.id, snowflake(fact.created_at)), fact.account_id, 'status', fact.id, d.surface, d.measure,
                d.findings, d.reputation, d.policy_version, d.model_version, fact.language, d.failed, fact.created_at
            from fact cross join lateral json_to_record(fact.decision) as d (id bigint, surface text, measure text,
                findings jsonb, reputation real, policy_version integer, model_version text, failed boolean)
            where fact.decision is not null
        )
"""


async def insert(db: Queries, jobs: NewJobs, rows: Sequence[Row], key_kept_s: int) -> set[int]:
    """Write statuses, their mentions, known tags, counter changes and jobs in one statement, a transaction by itself.

    The ids of those written: nothing is of one whose idempotency key is another status's; a request with the same key
    that runs at the same time is waited for. A post for later is taken off its list, and not written unless it is on it
    and due. No two rows may have the same key of the same account, or be the same post for later. Jobs follow from the
    rows by their places. Of one whose media are not all there to be shown nothing is written either. Polls, media,
    posts for later and decisions are in the statement only where there are any.
    Uses idempotency_keys_pkey, tags_name_key, scheduled_statuses_pkey and media_pkey.
    """
    scheduled = any(row.scheduled_id is not msgspec.UNSET for row in rows)
    asking = any(row.poll_id is not msgspec.UNSET for row in rows)
    attaching = any(row.media_ids is not msgspec.UNSET for row in rows)
    judged = any(row.decision is not msgspec.UNSET for row in rows)
    made = await db.rows(
        "with "
        + ("brought" if attaching else "draft")
        + """ as (
            select *, (row_number() over () - 1)::int as place from json_to_recordset($5::json) as row (
                id bigint, account_id bigint, visibility visibility, text text, html text, spoiler_text text,
                sensitive boolean, language text, in_reply_to_id bigint, in_reply_to_account_id bigint,
                quote_of_id bigint, thread_id bigint, mention_ids bigint[], tags text[], quote_policy text,
                reply_policy text, application_name text, application_website text, created_at timestamptz, key text,
                scheduled_id bigint, poll_id bigint,
                poll_options text[], poll_multiple boolean, poll_hides_totals boolean, poll_expires_at timestamptz,
                media_ids bigint[], decision json, withheld boolean, limited boolean, labels text[])
        )"""
        + (ATTACHABLE if attaching else "")
        + """, claimed as (
            insert into idempotency_keys as k (account_id, key, status_id, created_at)
            select account_id, key, id, created_at from draft where key is not null order by account_id, key
            on conflict (account_id, key) do update set status_id = excluded.status_id, created_at = excluded.created_at
                where k.created_at < excluded.created_at - make_interval(secs => $6)
            returning status_id
        )"""
        + (_DUE if scheduled else "")
        + """, allowed as materialized (
            select * from draft where (key is null or id in (select status_id from claimed))"""
        + (_IS_DUE if scheduled else "")
        + """
        ), written as (
            insert into statuses (id, account_id, visibility, text, html, spoiler_text, sensitive, language,
                in_reply_to_id, in_reply_to_account_id, quote_of_id, thread_id, mention_ids, tags, quote_policy,
                reply_policy, application_name, application_website, created_at, poll_id, media_count"""
        + (", withheld_at, limited_at, labels" if judged else "")
        + """)
            select id, account_id, visibility, text, html, spoiler_text, sensitive, language,
                in_reply_to_id, in_reply_to_account_id, quote_of_id, thread_id, mention_ids, tags, quote_policy,
                reply_policy, application_name, application_website, created_at, poll_id,
                coalesce(cardinality(media_ids), 0)"""
        + (_MODERATED if judged else "")
        + """ from allowed
            returning id
        ), fact as (
            select allowed.* from written join allowed using (id)
        ), enqueued as ("""
        + ENQUEUE
        + """), mentioned as (
            insert into mentions (status_id, account_id) select id, unnest(mention_ids) from fact
        ), tagged as (
            insert into status_tags (tag_id, status_id) select t.id, fact.id from fact join tags t on t.name = any(tags)
        ), author as (
            insert into account_counter_changes (account_id, statuses) select account_id, 1 from fact
        ), counted as (
            insert into status_counter_changes (status_id, replies, quotes)
            select in_reply_to_id, 1, 0 from fact where in_reply_to_id is not null and withheld is not true
            union all select quote_of_id, 0, 1 from fact where quote_of_id is not null and withheld is not true
        ), searched as (
            insert into search_changes (status_id) select id from fact where visibility <> 'direct'
        ), trending as (
            insert into trend_changes (kind, status_id, account_id, made_at)
            select 'posted', id, account_id, created_at from fact
            where visibility = 'public' and withheld is not true and limited is not true
                and (cardinality(tags) > 0 or position('://' in text) > 0)
        )"""
        + (_ASKED if asking else "")
        + (ATTACH if attaching else "")
        + (_DECIDED if judged else "")
        + " select id from fact",
        jobs.names,
        jobs.queues,
        jobs.works,
        jobs.places,
        _encode(rows).decode(),
        key_kept_s,
    )
    return {row[0] for row in made}
