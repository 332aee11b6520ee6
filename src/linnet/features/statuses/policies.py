"""Whom an author lets quote and answer a status, changed after it was posted: no new wording, so no edit of it."""

from linnet.features.accounts.models import Viewer
from linnet.features.statuses import reads
from linnet.features.statuses.events import PoliciesChanged
from linnet.features.statuses.models import QuotePolicy, ReplyPolicy, Status
from linnet.features.statuses.quoting import allowed
from linnet.features.statuses.store import edits
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Invalid, NotFound
from linnet.platform.live import Live


async def set_policies(
    engines: Engines,
    viewer: Viewer,
    status_id: int,
    *,
    quote_policy: QuotePolicy | None = None,
    reply_policy: ReplyPolicy | None = None,
) -> None:
    """Let others quote and answer one's own status from now on; None leaves a policy as it is.

    What has quoted or answered it stays. `NotFound` when it is not there or not theirs.
    """
    async with engines.transaction() as tx:
        await edits.lock(tx, status_id)
        before = await reads.visible(tx, viewer, status_id)
        if before.account_id != viewer.account_id:
            raise NotFound
        if before.reblog_of_id is not None:
            raise Invalid("A boost is quoted and answered as its original.")
        await set_on(tx, before, quote_policy, reply_policy)


async def set_on(
    tx: Transaction, before: Status, quote_policy: QuotePolicy | None, reply_policy: ReplyPolicy | None
) -> None:
    """The same as part of another verb, whose author wrote the status and has locked it."""
    wanted = allowed(before.visibility, quote_policy or before.quote_policy), reply_policy or before.reply_policy
    if wanted != (before.quote_policy, before.reply_policy):
        await edits.set_policies(tx, before.id, *wanted)
        tx.changed(Kind.STATUS, before.id)
        tx.live(Live.EDITED, before.id)
        await tx.record(PoliciesChanged(status_id=before.id, account_id=before.account_id))
