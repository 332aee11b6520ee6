"""Which IP addresses are the public internet: what a request to an address that a stranger chose may reach."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from linnet.platform.errors import ProductError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NOT_PUBLIC_4: Final = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # behind a carrier's NAT; Alibaba's metadata are there
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's own service on every virtual machine, though the address looks public
        "169.254.0.0/16",  # link-local: metadata of AWS, Google, Azure and others
        "172.16.0.0/12",
        "192.0.0.0/24",  # Oracle's metadata
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
"""The special-purpose blocks of https://www.iana.org/assignments/iana-ipv4-special-registry, and multicast.

Our own list, for what `ipaddress` calls global depends on the version of Python and counts multicast in.
"""

_PUBLIC_6: Final = IPv6Network("2000::/3")
"""All that is given out as global unicast; whatever else there is, is local, mapped or reserved."""

_NOT_PUBLIC_6: Final = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",
        "2002::/16",  # 6to4 leads to any IPv4 address
        "3fff::/20",
    )
)

_NAT64: Final = IPv6Network("64:ff9b::/96")
"""Where hosts without IPv4 reach it (RFC 6052): as public as the IPv4 address in its last 32 bits."""


class BadAddress(ProductError):
    """An address that is not asked, now or later: no URL of HTTP, or one that leads to a private network."""


def is_public(address: Address) -> bool:
    """Whether an address is on the internet, and neither ours, nor our neighbours', nor a cloud's metadata service."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _PUBLIC_6 and not any(address in network for network in _NOT_PUBLIC_6)


def networks_in(text: str) -> tuple[Network, ...]:
    """Networks written as `10.0.0.0/8,::1/128`; raises `ValueError`."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def address_of(text: str) -> Address:
    """An address as the system's resolver writes it, perhaps with a zone; one of IPv4 mapped into IPv6 is of IPv4."""
    address = ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
