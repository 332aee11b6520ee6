"""Rows of members as staff search them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, LiteralString

import asyncpg

from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

if TYPE_CHECKING:
    from linnet.features.accounts.members import Search

_PAGE: LiteralString = """
    select a.id, a.username, u.email, u.role::text as role, u.locale, u.created_at, u.signup_reason, u.invited_by,
        u.confirmed_at, u.approved_at, u.disabled_at, a.suspended_at, a.frozen_at, a.silenced_at, a.sensitized_at
    from users u join accounts a on a.id = u.account_id
    where a.deleted_at is null and u.account_id > $1 and u.account_id < $2
        and case coalesce($4, '')
            when 'active' then u.approved_at is not null and u.disabled_at is null and a.suspended_at is null
                and a.frozen_at is null
            when 'pending' then u.approved_at is null
            when 'disabled' then u.disabled_at is not null or a.frozen_at is not null
            when 'silenced' then a.silenced_at is not null
            when 'sensitized' then a.sensitized_at is not null
            when 'suspended' then a.suspended_at is not null
            else true end
        and ($5::text[] is null or u.role::text = any($5))
        and ($6::text is null or starts_with(lower(a.username), lower($6)))
        and ($7::text is null or starts_with(lower(a.display_name), lower($7)))
        and ($8::text is null or starts_with(lower(u.email), lower($8)))
        and ($9::bigint is null or u.invited_by = $9)
        and ($10::bigint[] is null or u.account_id = any($10))
"""


async def page(db: Queries, window: Window, search: "Search") -> Sequence[asyncpg.Record]:
    """A page of members, newest first; walks the primary keys, users_staff or users_invited_by."""
    newest: LiteralString = " order by u.account_id desc limit $3"
    nearest: LiteralString = " order by u.account_id asc limit $3"
    rows = await db.rows(
        _PAGE + (nearest if window.forward else newest),
        window.floor,
        window.ceiling,
        window.limit,
        search.state,
        search.roles,
        search.username,
        search.display_name,
        search.email,
        search.invited_by,
        search.among,
    )
    return rows[::-1] if window.forward else rows
