"""What is read of the head of an HTTP request by all who answer HTTP: its headers, and where it came from."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, Final

TURN: Final = "linnet.turn"
"""Where in the ASGI scope our own server puts what else it can do with a request whose turn it is."""

Network = IPv4Network | IPv6Network


class RequestHeaders:
    """The request's headers, by name in any case; the first one wins where a header came twice."""

    __slots__ = ("_raw",)

    def __init__(self, raw: Sequence[tuple[bytes, bytes]]) -> None:
        self._raw = raw

    def get(self, name: str) -> str | None:
        """The header's value, or None."""
        wanted = name.lower().encode("latin-1")
        return next((value.decode("latin-1") for key, value in self._raw if key == wanted), None)

    def get_all(self, name: str) -> list[str]:
        """The values of all headers of this name, in their order."""
        wanted = name.lower().encode("latin-1")
        return [value.decode("latin-1") for key, value in self._raw if key == wanted]

    def __iter__(self) -> Iterator[tuple[bytes, bytes]]:
        return iter(self._raw)


def client_address(client: Sequence[Any] | None, headers: RequestHeaders, trusted: Sequence[Network]) -> str:
    """The IP address a request came from: behind trusted proxies, the last one they forwarded that is not theirs.

    A peer on a Unix socket has no address and is believed when any proxy is trusted.
    """
    address: str = client[0] if client else ""
    if not trusted or not _is_in(address, trusted):
        return address
    forwarded = ",".join(headers.get_all("x-forwarded-for"))  # some proxies add a line of their own below a sent one
    for hop in reversed(forwarded.split(",")):
        if not (candidate := hop.strip()):
            continue
        try:
            address = str(ip_address(candidate))
        except ValueError:
            break
        if not _is_in(address, trusted):
            break
    return address


def _is_in(address: str, networks: Sequence[Network]) -> bool:
    try:
        ip = ip_address(address)
    except ValueError:
        return not address
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:  # how an IPv4 peer looks to a socket that listens on both
        ip = ip.ipv4_mapped
    return any(ip in network for network in networks)
