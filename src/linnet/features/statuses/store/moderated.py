"""Statuses that not everybody sees as they were written: withheld, limited in reach, behind a warning; and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from linnet.features.moderation.decisions import findings_of
from linnet.features.moderation.measures import Measure
from linnet.features.statuses.gone import Gone
from linnet.features.statuses.models import Moderated, Visibility
from linnet.platform.postgres import Queries

MODERATED: LiteralString = """
    case when s.withheld_at is not null or s.limited_at is not null or s.labels <> '{}'
        or author.silenced_at is not null then jsonb_build_object(
        'withheld', s.withheld_at is not null, 'limited', s.limited_at is not null, 'labels', s.labels,
        'silenced', author.silenced_at is not null,
        'decision', (select jsonb_build_object('id', d.id, 'measure', d.measure, 'findings', d.findings,
                'outdated', exists (select from decisions n where n.subject_id = s.id and n.about = 'status'
                    and n.id > d.id and n.measure = 'allow' and n.source = 'request'))
            from decisions d where d.subject_id = s.id and d.about = 'status' and d.measure <> 'allow'
            order by d.id desc limit 1)) end
"""
"""Of `statuses s` by `accounts author`, what `moderated_of` takes; others cost no look. Uses decisions_subject."""


def moderated_of(known: Mapping[str, Any] | None) -> Moderated | None:
    """What `MODERATED` gives of a status."""
    if known is None:
        return None
    decision = known["decision"]
    return Moderated(
        known["withheld"],
        known["limited"],
        tuple(known["labels"]),
        decision and decision["id"],
        decision and Measure(decision["measure"]),
        findings_of(decision["findings"], because=True) if decision else (),
        outdated=bool(decision and decision["outdated"]),
        author_silenced=known["silenced"],
    )


@dataclass(frozen=True, slots=True)
class Withheld:
    """A status that was just withheld: whom it is gone for, and whose counts are others."""

    gone: Gone
    related_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Released:
    """A status that everybody whom it is for may see again."""

    account_id: int
    related_ids: tuple[int, ...]
    notable: bool
    """It mentions or quotes somebody."""
    tag_ids: tuple[int, ...]
    """Its hashtags, if it is for everybody, and not limited."""
    links: bool


async def withhold(db: Queries, status_id: int) -> Withheld | None:
    """Let only its author see a status, which counts for nobody any more; None when it is gone or withheld.

    Uses statuses_pkey.
    """
    row = await db.row(
        """
        with held as (
            update statuses set withheld_at = now()
            where id = $1 and withheld_at is null and deleted_at is null and reblog_of_id is null
            returning id, account_id, visibility, mention_ids, in_reply_to_id, quote_of_id, quote_revoked_at
        ), counted as (
            insert into status_counter_changes (status_id, replies, quotes)
            select in_reply_to_id, -1, 0 from held where in_reply_to_id is not null
            union all select quote_of_id, 0, -1 from held where quote_of_id is not null and quote_revoked_at is null
        )
        select account_id, visibility, mention_ids, in_reply_to_id, quote_of_id from held
        """,
        status_id,
    )
    if row is None:
        return None
    account_id, visibility, mention_ids, *related_ids = row
    gone = Gone(status_id, account_id, Visibility(visibility), mention_ids=tuple(mention_ids))
    return Withheld(gone, _numbers(related_ids))


async def release(db: Queries, status_id: int) -> Released | None:
    """Undo `withhold`: it counts, and trends, as if it was posted now; None when it is gone or not withheld.

    Uses statuses_pkey and tags_name_key.
    """
    row = await db.row(
        """
        with freed as (
            update statuses set withheld_at = null where id = $1 and withheld_at is not null and deleted_at is null
            returning id, account_id, visibility, text, tags, mention_ids, in_reply_to_id, quote_of_id,
                quote_revoked_at, limited_at, visibility = 'public' and limited_at is null as open
        ), counted as (
            insert into status_counter_changes (status_id, replies, quotes)
            select in_reply_to_id, 1, 0 from freed where in_reply_to_id is not null
            union all select quote_of_id, 0, 1 from freed where quote_of_id is not null and quote_revoked_at is null
        ), searched as (
            insert into search_changes (status_id) select id from freed
        ), trending as (
            insert into trend_changes (kind, status_id, account_id, made_at)
            select 'posted', id, account_id, now() from freed
            where open and (cardinality(tags) > 0 or position('://' in text) > 0)
        )
        select account_id, in_reply_to_id, quote_of_id, mention_ids <> '{}' or quote_of_id is not null as notable,
            case when open then array(select id from tags where name = any(freed.tags)) else '{}' end as tag_ids,
            position('://' in text) > 0 as links,
            exists (select from follows where target_id = account_id and notifies) as announced
        from freed
        """,
        status_id,
    )
    if row is None:
        return None
    return Released(
        row["account_id"],
        _numbers([row["in_reply_to_id"], row["quote_of_id"]]),
        row["notable"] or row["announced"],
        tuple(row["tag_ids"]),
        row["links"],
    )


def _numbers(ids: Sequence[int | None]) -> tuple[int, ...]:
    return tuple(one for one in ids if one is not None)


async def limit(db: Queries, status_id: int) -> int | None:
    """Bring a status to no stranger any more; its author, None when it is gone or was limited. Uses statuses_pkey."""
    return await db.value(
        """
        with limited as (
            update statuses set limited_at = now()
            where id = $1 and limited_at is null and deleted_at is null and reblog_of_id is null
            returning id, account_id
        ), searched as (
            insert into search_changes (status_id) select id from limited
        )
        select account_id from limited
        """,
        status_id,
    )


async def unlimit(db: Queries, status_id: int) -> int | None:
    """Undo `limit`; None when it is gone or not limited. Uses statuses_pkey."""
    return await db.value(
        """
        with freed as (
            update statuses set limited_at = null where id = $1 and limited_at is not null and deleted_at is null
            returning id, account_id
        ), searched as (
            insert into search_changes (status_id) select id from freed
        )
        select account_id from freed
        """,
        status_id,
    )


async def label(db: Queries, status_id: int, labels: Sequence[str]) -> int | None:
    """Show a status behind a warning, or with none no longer; its author, None when it is gone or has these labels.

    Uses statuses_pkey.
    """
    return await db.value(
        """
        update statuses set labels = $2
        where id = $1 and labels <> $2::text[] and deleted_at is null and reblog_of_id is null
        returning account_id
        """,
        status_id,
        list(labels),
    )
