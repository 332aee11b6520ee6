"""Accounts that sign in from where another one does, or at its devices; for staff, and who may ask they decide."""

from datetime import timedelta
from ipaddress import IPv6Address
from typing import Final

from linnet.features.sessions.addresses import addresses_of
from linnet.features.sessions.origins import ip_of
from linnet.features.sessions.store import kinship as store
from linnet.platform.engines import Engines

KEPT: Final = timedelta(days=30)
"""How long after a sign-in two accounts at one address say anything: addresses move on to others."""

LINKED_MAX: Final = 200
"""Accounts that are found by each; behind one address of a mobile network there are more, and they say nothing."""

_GROUPS: Final = 4
"""Of an IPv6 address, that name a subscriber's network."""


async def at_same_network(engines: Engines, account_id: int) -> list[int]:
    """Accounts that were used within 30 days from an address of one of this account's latest networks, newest first.

    The address itself where it is IPv4, the /64 network where it is IPv6 and spells all of that out.
    """
    used = (await addresses_of(engines, [account_id])).get(account_id, ())
    since = engines.clock.now() - KEPT
    beginnings = sorted({_beginning(one.address) for one in used if one.used_at > since and ip_of(one.address)})
    return await store.at_addresses(engines.db, account_id, beginnings, since, LINKED_MAX) if beginnings else []


async def at_same_device(engines: Engines, account_id: int) -> list[int]:
    """Accounts that know a device which this account knows."""
    return await store.with_devices_of(engines.db, account_id, LINKED_MAX)


def _beginning(address: str) -> str:
    """What the addresses of a network begin with as text.

    >>> _beginning("2001:db8:a:b:1:2:3:4"), _beginning("2001:db8::1"), _beginning("192.0.2.7")
    ('2001:db8:a:b:', '2001:db8::1', '192.0.2.7')
    """
    groups = address.split(":")
    if isinstance(ip_of(address), IPv6Address) and "" not in groups[:_GROUPS]:
        return ":".join(groups[:_GROUPS]) + ":"
    return address
