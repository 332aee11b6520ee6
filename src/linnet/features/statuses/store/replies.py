"""Who may answer a status, and answers that are hidden from their thread."""

from collections.abc import Collection
from datetime import datetime

from linnet.features.statuses.models import ReplyPolicy
from linnet.platform.postgres import Queries


async def refusing(db: Queries, account_id: int, status_ids: Collection[int]) -> ReplyPolicy | None:
    """The policy of the first of these statuses that does not let an account answer.

    Uses statuses_pkey and follows_pkey.
    """
    policy: str | None = await db.value(
        """
        select s.reply_policy from statuses s
        where s.id = any($2) and s.deleted_at is null and s.account_id <> $1
            and case s.reply_policy
                when 'everyone' then false
                when 'followers' then $1 <> all(s.mention_ids) and (select true from follows
                    where account_id = $1 and target_id = s.account_id limit 1) is null
                when 'followed' then $1 <> all(s.mention_ids) and (select true from follows
                    where account_id = s.account_id and target_id = $1 limit 1) is null
                when 'mentioned' then $1 <> all(s.mention_ids)
                else true end
        order by s.id limit 1
        """,
        account_id,
        list(status_ids),
    )
    return None if policy is None else ReplyPolicy(policy)


async def author_of_thread(db: Queries, thread_id: int) -> int | None:
    """Who began a thread, also when they deleted what they began it with. Uses statuses_pkey."""
    return await db.value("select account_id from statuses where id = $1", thread_id)


async def hide(db: Queries, status_id: int, at: datetime) -> bool:
    """Hide an answer; False when it was hidden."""
    return await db.execute("update statuses set hidden_at = $2 where id = $1 and hidden_at is null", status_id, at) > 0


async def unhide(db: Queries, status_id: int) -> bool:
    """Put an answer back into its thread; False when it was there."""
    return (
        await db.execute("update statuses set hidden_at = null where id = $1 and hidden_at is not null", status_id) > 0
    )
