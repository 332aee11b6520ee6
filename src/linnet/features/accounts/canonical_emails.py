"""Mailboxes that nobody joins with: an address without what makes many of one mailbox, and of that only the digest.

The form is Mastodon's (small, without dots and whatever follows a plus, at every domain), so that digests of lists
that servers share mean the same here. What a plus or a dot means only the mail server of a domain knows: a block may
meet a neighbour's mailbox, too.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from linnet.features.accounts.audit import note_act
from linnet.features.accounts.mail_domains import normal
from linnet.features.accounts.names import check_email
from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.accounts.store import canonical_emails as store
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound, Problem
from linnet.platform.paging import Window

REFUSED: Final = Problem("ERR_BLOCKED", "is an address that is not allowed here; please use another one")
_DIGEST: Final = re.compile(r"[0-9a-fA-F]{64}")


class Act(StrEnum):
    """What is written into the audit log: nothing of the address."""

    CREATE = "canonical_email_block.create"
    DELETE = "canonical_email_block.delete"


@dataclass(frozen=True, slots=True)
class CanonicalEmailBlock:
    """A mailbox that is blocked, by its digest."""

    id: int
    hash: bytes
    created_at: datetime


async def check_mailbox(engines: Engines, email: str) -> list[Problem]:
    """A problem when the mailbox of a well-formed address is blocked; else none."""
    blocked = await store.by_hash(engines.db, digest(email))
    return [] if blocked is None else [REFUSED]


async def block(engines: Engines, actor: Actor | Operator, *, email: str, hash_text: str) -> CanonicalEmailBlock:
    """Block a mailbox by an address, or by a digest in hexadecimal. Raises `Invalid`, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    hash_ = _digest_of(hash_text.strip()) if hash_text else digest(_checked(email))
    async with engines.transaction() as tx:
        row = await store.insert(tx, hash_, engines.clock.now())
        if row is None:
            raise Invalid.of({"canonical_email_hash": [Problem("ERR_TAKEN", "is blocked already")]})
        await note_act(tx, engines.clock, actor, Act.CREATE, None, {"id": str(row[0])})
    return CanonicalEmailBlock(*row)


async def unblock(engines: Engines, actor: Actor | Operator, block_id: int) -> None:
    """Take a mailbox again. Raises `NotFound`, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    async with engines.transaction() as tx:
        if not await store.delete(tx, block_id):
            raise NotFound
        await note_act(tx, engines.clock, actor, Act.DELETE, None, {"id": str(block_id)})


async def matching(engines: Engines, actor: Actor | Operator, email: str) -> Sequence[CanonicalEmailBlock]:
    """The block that an address would meet, if any. Raises `Invalid`, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    row = await store.by_hash(engines.db, digest(_checked(email)))
    return [] if row is None else [CanonicalEmailBlock(*row)]


async def page(engines: Engines, actor: Actor | Operator, window: Window) -> Sequence[CanonicalEmailBlock]:
    """A page of them, newest first. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    return [CanonicalEmailBlock(*row) for row in await store.page(engines.db, window)]


async def show(engines: Engines, actor: Actor | Operator, block_id: int) -> CanonicalEmailBlock:
    """One of them. Raises `NotFound`, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    row = await store.load(engines.db, block_id)
    if row is None:
        raise NotFound
    return CanonicalEmailBlock(*row)


def canonical(email: str) -> str:
    """What all addresses of a mailbox have in common.

    >>> canonical("A.nn+birds@Example.org")
    'ann@example.org'
    """
    local, _, domain = email.strip().lower().rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{normal(domain)}"


def digest(email: str) -> bytes:
    """SHA-256 of the canonical form, as Mastodon has it."""
    return hashlib.sha256(canonical(email).encode()).digest()


def _checked(email: str) -> str:
    if problems := check_email(email.strip()):
        raise Invalid.of({"email": list(problems)})
    return email


def _digest_of(text: str) -> bytes:
    if not _DIGEST.fullmatch(text):
        raise Invalid.of({"canonical_email_hash": [Problem("ERR_INVALID", "must be 64 hexadecimal digits")]})
    return bytes.fromhex(text)
