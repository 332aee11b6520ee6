"""Later work about statuses: folding counters, removing what deleted things leave behind."""

from collections.abc import Sequence
from datetime import timedelta

from linnet.features.accounts.events import AccountDeleted
from linnet.features.statuses import tallies
from linnet.features.statuses.events import (
    PoliciesChanged,
    QuoteRevoked,
    ReplyHidden,
    StatusDeleted,
    StatusModerated,
    StatusWithheld,
)
from linnet.features.statuses.gone import Gone
from linnet.features.statuses.models import IDEMPOTENCY_S
from linnet.features.statuses.store import counters, erasing, posts
from linnet.platform import live
from linnet.platform.changes import Kind, change
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job, Periodic
from linnet.platform.live import Live

SLICE = 500
"""Rows removed by one statement of a clean-up, so that no statement holds locks for long."""

FOLD_MAX = 5_000
FOLD_EVERY_S = 1.0


async def _purge(engines: Engines, works: Sequence[StatusDeleted]) -> None:
    ids = [work.status_id for work in works]
    await engines.changes.tell(change(Kind.STATUS, status_id) for status_id in ids)  # who deleted it may have died
    for status_id in ids:
        gone = await _retract_reblogs(engines, status_id)
        while len(gone) == SLICE:
            gone = await _retract_reblogs(engines, status_id)
    while await erasing.erase_edges(engines.db, ids, SLICE):
        pass
    await erasing.blank(engines.db, ids)


async def _retract_reblogs(engines: Engines, status_id: int) -> list[Gone]:
    """Take back a slice of the reblogs of a deleted status, and tell of it those who look on."""
    gone = await erasing.retract_reblogs(engines.db, status_id, engines.clock.now(), SLICE)
    await live.tell(engines.bus, [live.hint(Live.DELETED, *one.numbers) for one in gone])
    return gone


async def _erase_statuses_of(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    for work in works:
        while ids := await erasing.live_ids_of(engines.db, work.account_id, SLICE):
            async with engines.transaction() as tx:
                for status_id in ids:
                    retracted = await posts.retract(tx, work.account_id, status_id, engines.clock.now())
                    if retracted is not None:
                        for changed_id in (status_id, *retracted[1]):
                            tx.changed(Kind.STATUS, changed_id)
                        await tx.record(StatusDeleted(status_id=status_id, account_id=work.account_id))
        while await erasing.unmark_all(engines.db, work.account_id, SLICE):
            pass


Retold = PoliciesChanged | ReplyHidden | QuoteRevoked | StatusWithheld | StatusModerated


async def _retell(engines: Engines, works: Sequence[Retold]) -> None:
    """Tell again which statuses are others: the process that changed them may have died before it told."""
    await engines.changes.tell(change(Kind.STATUS, status_id) for status_id in {work.status_id for work in works})


async def fold_counters(engines: Engines) -> None:
    """Fold every pending counter change."""
    folded = FOLD_MAX
    while folded == FOLD_MAX:
        async with engines.transaction() as tx:
            folded = await counters.fold(tx, FOLD_MAX, engines.clock.now().date())


async def forget_idempotency_keys(engines: Engines) -> None:
    """Drop idempotency keys that are past their hour."""
    before = engines.clock.now() - timedelta(seconds=IDEMPOTENCY_S)
    while await posts.drop_old_keys(engines.db, before, SLICE) == SLICE:
        pass


PURGE = Job("statuses.purge", StatusDeleted, _purge, queue="maintenance")
ERASE_STATUSES_OF = Job(
    "statuses.erase_of_account", AccountDeleted, _erase_statuses_of, queue="maintenance", batch_max=1
)
RETELL_POLICIES = Job("statuses.retell_policies", PoliciesChanged, _retell, queue="maintenance")
RETELL_HIDDEN = Job("statuses.retell_hidden", ReplyHidden, _retell, queue="maintenance")
RETELL_REVOKED = Job("statuses.retell_revoked", QuoteRevoked, _retell, queue="maintenance")
RETELL_WITHHELD = Job("statuses.retell_withheld", StatusWithheld, _retell, queue="maintenance")
RETELL_MODERATED = Job("statuses.retell_moderated", StatusModerated, _retell, queue="maintenance")

PERIODICS = (
    Periodic("statuses.fold_counters", FOLD_EVERY_S, fold_counters),
    Periodic("statuses.forget_idempotency_keys", 300.0, forget_idempotency_keys),
    Periodic("statuses.tally", tallies.EVERY_S, tallies.tally),
)
