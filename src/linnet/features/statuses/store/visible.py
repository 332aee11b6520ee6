"""Who may see a status: the one condition every read of statuses carries."""

from typing import LiteralString

VISIBLE: LiteralString = """
    s.deleted_at is null
    and (
        s.visibility in ('public', 'unlisted')
        or s.account_id = $1
        or (s.visibility = 'private'
            and exists (select from follows f where f.account_id = $1 and f.target_id = s.account_id))
        or exists (select from mentions m where m.status_id = s.id and m.account_id = $1)
    )
    and not exists (select from blocks b where b.account_id = s.account_id and b.target_id = $1)
    and exists (select from accounts a where a.id = s.account_id and a.deleted_at is null and a.suspended_at is null)
"""
"""For `statuses s` and the viewer's account id as `$1` (0 for the public, whom nobody follows, mentions or blocks)."""

UNSILENCED: LiteralString = """
    not exists (select from blocks b where b.account_id = $1 and b.target_id = s.account_id)
    and not exists (select from mutes u where u.account_id = $1 and u.target_id = s.account_id
                    and (u.expires_at is null or u.expires_at > now()))
"""
"""For timelines: additionally nothing by people the viewer has blocked or muted."""
