"""How a poll comes with a status, and becomes another one when the status is edited."""

from datetime import datetime, timedelta

from linnet.features.statuses.polls import store
from linnet.features.statuses.polls.events import PollReplaced
from linnet.features.statuses.polls.models import Poll, PollDraft
from linnet.platform.engines import Transaction


def opened(draft: PollDraft, status_id: int, at: datetime) -> Poll:
    """The poll of a new status, in which nobody has voted; its first poll has the status's own number."""
    return Poll(
        id=status_id,
        options=draft.options,
        multiple=draft.multiple,
        hides_totals=draft.hides_totals,
        expires_at=_end(draft, at),
        is_closed=False,
        votes=(0,) * len(draft.options),
        voters=0,
    )


async def revise(
    tx: Transaction, before: Poll | None, draft: PollDraft | None, *, status_id: int, account_id: int, at: datetime
) -> int | None:
    """The id of the poll that a status has once it is edited. As in Mastodon votes hold while the same is asked.

    Where something else is asked it is a new poll without votes, so that nobody's vote, not even one that is on its
    way, counts for what they were not asked. Nobody votes meanwhile: the caller has locked the status.
    """
    if before is not None and draft is not None and before.asks_what(draft):
        await store.prolong(tx, before.id, hides_totals=draft.hides_totals, expires_at=_end(draft, at))
        return before.id
    if before is not None:
        await tx.record(PollReplaced(poll_id=before.id, status_id=status_id))
    if draft is None:
        return None
    return await store.ask(tx, status_id, account_id, draft, _end(draft, at), at)


def _end(draft: PollDraft, at: datetime) -> datetime:
    return at + timedelta(seconds=draft.expires_in_s)
