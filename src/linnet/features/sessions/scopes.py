"""Scopes: what a token may do. Pure rules, with Mastodon's names and its hierarchy."""

from collections.abc import Collection, Iterable
from typing import Final

from linnet.platform.errors import Invalid, Problem

_READ: Final = (
    "accounts", "blocks", "bookmarks", "collections", "favourites", "filters", "follows", "lists", "mutes",
    "notifications", "search", "statuses",
)  # fmt: skip
_WRITE: Final = (
    "accounts", "blocks", "bookmarks", "collections", "conversations", "favourites", "filters", "follows", "lists",
    "media", "mutes", "notifications", "reports", "statuses",
)  # fmt: skip
_ADMIN: Final = (
    "accounts", "canonical_email_blocks", "domain_allows", "domain_blocks", "email_domain_blocks", "ip_blocks",
    "reports",
)  # fmt: skip

DEFAULT: Final = "read"
"""What is meant when a client names no scope."""

EVERYTHING: Final = ("read", "write", "follow", "push", "profile", "admin:read", "admin:write")
"""What our own clients may do; the person's role still decides about `admin:`."""

KNOWN: Final = (
    *EVERYTHING,
    *(f"read:{noun}" for noun in _READ),
    *(f"write:{noun}" for noun in _WRITE),
    *(f"admin:{verb}:{noun}" for verb in ("read", "write") for noun in _ADMIN),
)
"""Every scope there is, in the order in which they are published."""

_KNOWN = frozenset(KNOWN)
_FOLLOW = frozenset(f"{verb}:{noun}" for verb in ("read", "write") for noun in ("blocks", "follows", "mutes"))


def allows(granted: Collection[str], needed: str) -> bool:
    """Whether `granted` contains `needed` or a wider scope: `read` for `read:lists`, `follow` for `write:blocks`.

    `profile` is the narrowest of all: whoever may read accounts has it too.
    """
    if needed in granted:
        return True
    if needed == "profile":
        return "read" in granted or "read:accounts" in granted
    if needed in _FOLLOW and "follow" in granted:
        return True
    wider = needed.rpartition(":")[0]
    return wider in granted and wider != "admin"


def parse(text: str | None) -> tuple[str, ...]:
    """The scopes named in a list divided by spaces, each once, in their order; `read` when none is named."""
    return tuple(dict.fromkeys((text or "").split())) or (DEFAULT,)


def check(scopes: Iterable[str]) -> None:
    """Raise `Invalid` naming the scopes that do not exist."""
    unknown = [scope for scope in scopes if scope not in _KNOWN]
    if unknown:
        names = ", ".join(unknown)[:200]
        raise Invalid.of({"scopes": [Problem("ERR_INVALID", f"must not name scopes that do not exist: {names}")]})


def within(asked: Iterable[str], granted: Collection[str]) -> bool:
    """Whether every scope asked for is known and allowed by those granted."""
    return all(scope in _KNOWN and allows(granted, scope) for scope in asked)
