"""Letters that wait: who is told something and away gets one later, not more often than bearable."""

from collections.abc import Sequence

from linnet.features.notifications.mailing import store
from linnet.features.notifications.mailing.models import AWAY, KINDS_DEFAULT, PAUSE, PERIODS, Waiting
from linnet.platform.engines import Engines, Transaction
from linnet.platform.ids import first_id_at


async def note(engines: Engines, told: Sequence[tuple[int, int]]) -> None:
    """Of pairs (account id, notification id) note who wants a letter about it. One statement."""
    now = engines.clock.now()
    await store.note(engines.db, told, sorted(KINDS_DEFAULT), at=now, away=AWAY, pause=PAUSE)


async def take_due(engines: Engines, tx: Transaction, limit: int) -> list[Waiting]:
    """Up to `limit` of those whose letter is due now; they wait no longer."""
    return await store.take_due(tx, engines.clock.now(), limit)


async def take_due_digests(engines: Engines, tx: Transaction, limit: int) -> list[Waiting]:
    """Up to `limit` of those whose digest is due now; the next is due in a day or a week."""
    now = engines.clock.now()
    periods = [(digest.value, length) for digest, length in PERIODS.items()]
    return await store.take_due_digests(tx, now, first_id_at(now), periods, limit)


async def note_written(engines: Engines, account_id: int) -> None:
    """Note that a letter went out now."""
    await store.note_written(engines.db, account_id, engines.clock.now())
