"""Which addresses members signed in from, for staff: who may ask is decided by whoever shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linnet.features.sessions.store import addresses as store
from linnet.platform.engines import Engines

ADDRESSES_MAX: Final = 10
"""Of one account, the latest."""

ACCOUNTS_MAX: Final = 1_000
"""That an address is looked up for."""


@dataclass(frozen=True, slots=True)
class AddressUsed:
    """An IP address, and when it was last used."""

    address: str
    used_at: datetime


async def addresses_of(engines: Engines, account_ids: Sequence[int]) -> Mapping[int, Sequence[AddressUsed]]:
    """The latest addresses of each account, newest first; accounts without any are left out. One statement."""
    found: dict[int, list[AddressUsed]] = {}
    if account_ids:
        for row in await store.latest(engines.db, account_ids, ADDRESSES_MAX):
            found.setdefault(row["account_id"], []).append(AddressUsed(row["address"], row["used_at"]))
    return found


async def accounts_at(engines: Engines, address: str) -> tuple[int, ...]:
    """Accounts that signed in from exactly this address and have not been forgotten since, newest first."""
    return tuple(await store.accounts_at(engines.db, address, ACCOUNTS_MAX))
