"""Writing notifications: where the rules of their recipients allow it, into groups, or behind their policy."""

from collections.abc import Collection
from datetime import datetime
from typing import LiteralString

from linnet.features.notifications.models import Notice
from linnet.features.notifications.store.rows import WELCOME
from linnet.platform.postgres import Queries

_FOLLOWS: LiteralString = """
    (select true from follows f where f.account_id = n.account_id and f.target_id = n.from_account_id limit 1)
"""
_LONG_FOLLOWED: LiteralString = """
    (select true from follows f where f.account_id = n.from_account_id and f.target_id = n.account_id
         and f.created_at < $5::timestamptz - interval '3 days' limit 1)
"""
_SOLICITED: LiteralString = """
    (select true from conversation_members own where own.conversation_id = g.conversation_id
         and own.account_id = n.account_id and own.standing = 'accepted' limit 1)
"""
"""Whether it is in a conversation that the recipient has accepted, or has said something in."""

_VERDICT: LiteralString = (
    """
    case
        when n.kind <> all ('{mention,quote,reblog,favourite,follow,follow_request}') then 'accept'
        when (select true from notification_permissions m
              where m.account_id = n.account_id and m.from_account_id = n.from_account_id) then 'accept'
        else greatest(
            'accept'::notification_verdict,
            case when p.for_not_following <> 'accept' and """
    + _FOLLOWS
    + """ is null then p.for_not_following end,
            case when p.for_not_followers <> 'accept' and """
    + _LONG_FOLLOWED
    + """ is null then p.for_not_followers end,
            case when p.for_new_accounts <> 'accept' and sender.created_at > $5::timestamptz - interval '30 days'
                then p.for_new_accounts end,
            case when p.for_bots <> 'accept' and sender.bot and """
    + _FOLLOWS
    + """ is null then p.for_bots end,
            case when sender.silenced_at is not null and coalesce(p.for_limited_accounts, 'filter') <> 'accept' and """
    + _FOLLOWS
    + """ is null then coalesce(p.for_limited_accounts, 'filter') end,
            case when n.kind = 'mention' and g.id is not null and """
    + _FOLLOWS
    + " is null and "
    + _SOLICITED
    + """ is null then coalesce(p.for_private_mentions, 'filter') end)
    end
"""
)
"""What becomes of a notice `n` about status `s` or message `g` by `sender` under its recipient's policy `p`.

The conditions are Mastodon's, and so are three days of following and thirty of existing.
"""

_GROUP_KEY: LiteralString = """
    case when n.kind in ('favourite', 'reblog', 'follow', 'admin.sign_up') and n.verdict = 'accept' then
        coalesce(
            (select g.group_key from notification_groups g
             where g.account_id = n.account_id and g.group_key <= about.prefix || about.hour
                 and g.group_key > about.prefix || (about.hour - 12)
             order by g.group_key desc limit 1),
            about.prefix || about.hour)
    end
"""
"""`favourite-<status id>-<hour>`: the group that began less than twelve hours ago, else a new one. Hours of Unix time
have six digits until 2084, so that they sort as text."""


async def insert(db: Queries, notices: Collection[Notice], at: datetime) -> list[tuple[int, int]]:
    """Write the notices that their recipients want to hear of; (id, recipient) of each that is told. One statement.

    Nobody hears of themselves (but of their polls, and of what staff did about them), of threads they have muted, or of
    the same thing twice; an edit replaces the notice of the edit before. What a policy drops is not written; what it
    filters is written, but not told, and who mentioned or quoted asks for leave. Whether the recipient may see the
    status is for the caller to ask before. Uses primary keys, and the unique index of notifications.
    """
    told = list(dict.fromkeys(notices))
    rows = await db.rows(
        """
        with judged as (
            select n.account_id, n.kind, n.from_account_id, n.status_id, n.place, """
        + _VERDICT
        + """ as verdict
            from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[]) with ordinality
                as n (account_id, kind, from_account_id, status_id, place)
            join accounts recipient on recipient.id = n.account_id
                and recipient.deleted_at is null and recipient.suspended_at is null
            join accounts sender on sender.id = n.from_account_id
            left join statuses s on s.id = n.status_id
            left join messages g on s.id is null and g.id = n.status_id
            left join notification_policies p on p.account_id = n.account_id
            where (n.account_id <> n.from_account_id or n.kind in ('poll', 'moderation_warning'))
                and (select true from thread_mutes t
                     where t.account_id = n.account_id and t.thread_id = s.thread_id) is null
                and """
        + WELCOME
        + """
        ), written as (
            insert into notifications
                (id, account_id, kind, from_account_id, status_id, created_at, filtered, group_key)
            select snowflake($5), n.account_id, n.kind, n.from_account_id, n.status_id, $5, n.verdict = 'filter', """
        + _GROUP_KEY
        + """
            from judged n
            cross join lateral (select n.kind || coalesce('-' || n.status_id, '') || '-' as prefix,
                                       floor(extract(epoch from $5::timestamptz) / 3600)::int as hour) about
            where n.verdict <> 'drop'
            order by n.place
            on conflict (account_id, kind, from_account_id, status_id) do update
                set id = excluded.id, created_at = excluded.created_at
                where notifications.kind in ('update', 'quoted_update')
            returning id, account_id, kind, from_account_id, filtered, group_key
        ), grouped as (
            insert into notification_groups (account_id, group_key, kind, newest_id)
            select account_id, group_key, kind, max(id) from written where group_key is not null
            group by account_id, group_key, kind order by account_id, group_key
            on conflict (account_id, group_key) do update
                set newest_id = greatest(notification_groups.newest_id, excluded.newest_id)
        ), asked as (
            insert into notification_requests (id, account_id, from_account_id, created_at, updated_at)
            select snowflake($5), account_id, from_account_id, $5, $5 from written
            where filtered and kind in ('mention', 'quote')
            group by account_id, from_account_id order by account_id, from_account_id
            on conflict (account_id, from_account_id) do update set updated_at = excluded.updated_at
        )
        select id, account_id from written where not filtered
        """,
        [notice.account_id for notice in told],
        [notice.kind for notice in told],
        [notice.from_account_id for notice in told],
        [notice.status_id for notice in told],
        at,
    )
    return [(row["id"], row["account_id"]) for row in rows]
