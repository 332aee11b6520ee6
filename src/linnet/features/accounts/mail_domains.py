"""Domains of mail that nobody signs up with: those a setting names, those staff refuse, and throw-away mailboxes.

Addresses are otherwise taken as they are: `ann+birds@example.org` and `ann@example.org` are two addresses, for what a
plus means only the mail server of that domain knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any, Final

import idna

from linnet.features.accounts.audit import Act, note_act
from linnet.features.accounts.names import check_email
from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.accounts.store import mail_domains as store
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound, Problem
from linnet.platform.paging import Window

REFUSED: Final = Problem("ERR_BLOCKED", "is at a mail provider that is not allowed here; please use another one")
_DOMAIN: Final = Problem("ERR_INVALID", "is not a domain such as example.com")


@dataclass(frozen=True, slots=True)
class MailDomainRules:
    """What the settings say. Each domain stands for the ones below it, too."""

    refused: frozenset[str] = field(default_factory=frozenset[str])
    disposable_refused: bool = True


@dataclass(frozen=True, slots=True)
class RefusedDomain:
    """A domain that staff refuse."""

    id: int
    domain: str
    made_at: datetime


async def check_mail_domain(engines: Engines, email: str) -> list[Problem]:
    """A problem when the domain of a well-formed address, or one above it, is refused; else none."""
    rules = engines.config(MailDomainRules)
    above = _above(normal(email.rpartition("@")[2]))
    known = any(domain in rules.refused for domain in above)
    disposable = rules.disposable_refused and any(domain in _disposable() for domain in above)
    return [REFUSED] if known or disposable or await store.any_refused(engines.db, above) else []


async def block(engines: Engines, actor: Actor | Operator, domain: str) -> RefusedDomain:
    """Refuse a domain and those below it from now on; again is no mistake. Raises `Invalid`, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    name = normal(domain.strip().removeprefix("@"))
    if check_email(f"name@{name}"):
        raise Invalid.of({"domain": [_DOMAIN]})
    async with engines.transaction() as tx:
        is_new, row = await store.insert(tx, name, engines.clock.now())
        if is_new:
            await note_act(tx, engines.clock, actor, Act.MAIL_DOMAIN_BLOCK, None, {"domain": name})
    return RefusedDomain(*row)


async def unblock(engines: Engines, actor: Actor | Operator, domain: str) -> None:
    """Take a domain again. Raises `NotFound` when staff did not refuse it, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    name = normal(domain.strip().removeprefix("@"))
    async with engines.transaction() as tx:
        if not await store.delete(tx, name):
            raise NotFound(f"{name} is not among the domains that were refused here")
        await note_act(tx, engines.clock, actor, Act.MAIL_DOMAIN_UNBLOCK, None, {"domain": name})


async def page(engines: Engines, actor: Actor | Operator, window: Window) -> Sequence[RefusedDomain]:
    """A page of the domains that staff refuse, newest first. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    return [RefusedDomain(*row) for row in await store.page(engines.db, window)]


async def show(engines: Engines, actor: Actor | Operator, domain_id: int) -> RefusedDomain:
    """One of the domains that staff refuse. Raises `NotFound`, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    row = await store.load(engines.db, domain_id)
    if row is None:
        raise NotFound
    return RefusedDomain(*row)


def normal(domain: str) -> str:
    """A domain as it is compared: small, and with other scripts than ours as `xn--…`.

    >>> normal("Bücher.Example")
    'xn--bcher-kva.example'
    """
    small = domain.strip().strip(".").lower()
    try:
        return idna.encode(small, uts46=True).decode()
    except idna.IDNAError:
        return small


def _above(domain: str) -> list[str]:
    """A domain and all above it: `a.example.com`, `example.com`, `com`."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(len(labels))]


@cache
def _disposable() -> frozenset[str]:
    """Ten thousand providers of throw-away mailboxes, as https://github.com/disposable-email-domains keeps them."""
    module: Any = import_module("disposable_email_domains")
    return frozenset(module.blocklist)
