"""Homes that Valkey does not have, out of PostgreSQL: those that are asked for at the same time share one statement."""

from collections.abc import Sequence
from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.timelines import homes, packed, store
from linnet.platform.engines import Engines
from linnet.platform.ids import ID_MAX
from linnet.platform.postgres import Queries
from linnet.platform.together import Asked

FILLED: Final = 400
"""Entries that a home is filled with from PostgreSQL when Valkey has none."""

FILLED_TOGETHER_MAX: Final = 10
"""Homes of one statement, which takes half a millisecond for each that follows 150, so that nobody waits long."""


async def fill(engines: Engines, viewer: Viewer) -> bytes:
    """Fill a home; what Valkey then has, without what arrived meanwhile.

    Of several who fill the same one only the first writes it.
    """
    token = await homes.begin_filling(engines.valkey, viewer.account_id)
    entries = await _fills.ask(engines.db, viewer.account_id)
    whole = len(entries) < FILLED * packed.ENTRY_BYTES
    string = (packed.pack([packed.WHOLE]) if whole else entries[: packed.ENTRY_BYTES]) + entries
    if token is not None:
        await homes.put_under(engines.valkey, viewer.account_id, token, string)
    return string


async def _read_all(db: Queries, viewer_ids: Sequence[int]) -> list[bytes]:
    found = await store.homes_ids(db, set(viewer_ids), 0, ID_MAX, FILLED)
    return [found[viewer_id] for viewer_id in viewer_ids]


_fills: Asked[int, bytes] = Asked(_read_all, questions_max=FILLED_TOGETHER_MAX)
