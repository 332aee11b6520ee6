"""Where somebody signs in from, in the units that attempts are counted by."""

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

IPV6_NETWORK_BITS: Final = 64
"""An IPv6 subscriber has a whole network to take addresses from, so it counts as one origin."""


def network_of(address: str) -> str:
    """The IPv4 address, or the /64 network of an IPv6 address, that an address counts as; `local` for a socket."""
    found = ip_of(address)
    if found is None:
        return "local"
    if isinstance(found, IPv4Address):
        return str(found)
    bits = 128 - IPV6_NETWORK_BITS
    return f"{IPv6Address(int(found) >> bits << bits)}/{IPV6_NETWORK_BITS}"


def ip_of(address: str) -> IPv4Address | IPv6Address | None:
    """The address itself, an IPv4 one also when it came as IPv6; None for a socket."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found
