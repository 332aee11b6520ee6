"""An IP block: a network, what it may not do, and until when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from linnet.platform.requests import Network

COMMENT_LENGTH_MAX: Final = 500
BLOCKS_MAX: Final = 20_000
"""All of them are in the memory of every process: some 10 MB of it."""

Address = IPv4Address | IPv6Address


class Severity(StrEnum):
    """What a network may not do; the order is from the mildest to the hardest."""

    SIGN_UP_REQUIRES_APPROVAL = "sign_up_requires_approval"
    SIGN_UP_BLOCK = "sign_up_block"
    NO_ACCESS = "no_access"


HARDNESS: Final = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class IpBlock:
    """What one network may not do."""

    id: int
    network: Network
    severity: Severity
    comment: str
    created_at: datetime
    expires_at: datetime | None

    def holds_at(self, at: datetime) -> bool:
        """Whether it has not expired."""
        return self.expires_at is None or at < self.expires_at


def network_of(text: str) -> Network | None:
    """The network that is meant, also by an address in it; None when it is none.

    >>> network_of("203.0.113.7/24"), network_of("2001:db8::1"), network_of("::ffff:192.0.2.0/120")
    (IPv4Network('203.0.113.0/24'), IPv6Network('2001:db8::1/128'), IPv4Network('192.0.2.0/24'))
    """
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        return None
    if isinstance(network, IPv6Network) and network.prefixlen >= _MAPPED_BITS:
        mapped = network.network_address.ipv4_mapped
        if mapped is not None:
            return ip_network((mapped, network.prefixlen - _MAPPED_BITS))
    return network


def address_of(text: str) -> Address | None:
    """The address that is meant, of IPv4 where IPv6 only wraps it; None for a socket's peer, which has none."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


_MAPPED_BITS: Final = 96
"""Before the IPv4 address in `::ffff:192.0.2.1`."""
