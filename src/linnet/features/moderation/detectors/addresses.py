"""Links in texts: where they stand, and the parts of one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from publicsuffixlist import PublicSuffixList

from linnet.features.moderation.models import LOOKED_AT_MAX, Span

LINKS_MAX: Final = 20
"""Links of a text that are looked at; a text with more is a flood of links."""
LINK_LENGTH_MAX: Final = 500
HOST_LENGTH_MAX: Final = 253

_LINK: Final = re.compile(
    r"https?://[^\s<>\"'`|{}]{1,2000}"
    r"|(?<![\w@.\-/])(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?![\w@])(?::\d{1,5})?(?:/[^\s<>\"'`|{}]{0,2000})?",
    re.IGNORECASE,
)
_TRAILING: Final = ".,;:!?)]}…*"
_PARTS: Final = re.compile(
    r"(?:([a-z][a-z0-9+.-]{0,15}):/{1,4})?(?:([^/?#@]*)@)?([^/?#:]*)(?::([0-9]*))?(.*)", re.IGNORECASE | re.DOTALL
)


@dataclass(slots=True, frozen=True)
class Address:
    """The parts of a link, in small letters but for the rest of it."""

    scheme: str
    user: str
    host: str
    """As a person reads it: names in punycode are decoded."""
    ascii_host: str
    port: str
    rest: str
    """Path, query and fragment; empty rather than a lone slash."""
    domain: str
    """The part of the host that somebody registered."""
    suffix: str
    """What that was registered below: `com`, `co.uk`, `github.io`."""


def links(text: str) -> Iterator[tuple[Span, Address]]:
    """The links of a text in order, with where they stand; those without a scheme when their suffix is a real one."""
    found = 0
    for match in _LINK.finditer(text[:LOOKED_AT_MAX]):
        link = match[0].rstrip(_TRAILING)
        address = parts(link)
        if not (set(address.host) & set(".0123456789")) or (not address.scheme and not _ends_really(address)):
            continue
        yield Span(match.start(), match.start() + len(link)), address
        found += 1
        if found >= LINKS_MAX:
            return


def parts(link: str) -> Address:
    """The parts of one link, with or without a scheme. Anything at all has parts."""
    match = _PARTS.match(link.strip()[:LINK_LENGTH_MAX])
    assert match is not None
    written = match[3].lower().strip(".")[:HOST_LENGTH_MAX]
    rest = "" if match[5] == "/" else match[5]
    suffix = _suffixes().publicsuffix(written) or ""
    below = written.removesuffix(suffix).rstrip(".")
    domain = f"{below.rpartition('.')[2]}.{suffix}" if below else written
    return Address(
        (match[1] or "").lower(), match[2] or "", unicode_host(written), written, match[4] or "", rest, domain, suffix
    )


def unicode_host(host: str) -> str:
    """A host with the labels that are in punycode decoded; what cannot be decoded stays."""
    if "xn--" not in host:
        return host
    return ".".join(_decoded(label) if label.startswith("xn--") else label for label in host.split("."))


def _decoded(label: str) -> str:
    try:
        return label[4:].encode("ascii").decode("punycode").lower()
    except UnicodeError:
        return label


def _ends_really(address: Address) -> bool:
    return bool(_suffixes().publicsuffix(address.ascii_host, accept_unknown=False))


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
