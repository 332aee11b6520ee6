"""What staff do with IP blocks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_network
from typing import Final

import asyncpg

from linnet.features.accounts.audit import note_act
from linnet.features.accounts.ip_blocks import store
from linnet.features.accounts.ip_blocks.gate import Gate
from linnet.features.accounts.ip_blocks.models import (
    BLOCKS_MAX,
    COMMENT_LENGTH_MAX,
    IpBlock,
    Severity,
    address_of,
    network_of,
)
from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Invalid, NotFound, Problem
from linnet.platform.paging import Window

FORGOTTEN_MAX: Final = 10_000
EXPIRY_MAX: Final = timedelta(days=36_500)


class Act(StrEnum):
    """What is written into the audit log."""

    CREATE = "ip_block.create"
    UPDATE = "ip_block.update"
    DELETE = "ip_block.delete"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A block to be made, or what is to be another of one; None for what stays."""

    network: str | None = None
    severity: str | None = None
    comment: str | None = None
    expires_in_s: int | None = None
    """From now on; 0 for never."""
    locks_me_out: bool = False
    """Whoever acts knows that their own address is in it."""


async def create(engines: Engines, actor: Actor | Operator, wanted: Wanted) -> IpBlock:
    """Block a network. Raises `Invalid`, also when that locks out whoever acts without their saying so; `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    now = engines.clock.now()
    blank = IpBlock(0, ip_network("::/128"), Severity.NO_ACCESS, "", now, None)
    block = _filled(blank, replace(wanted, network=wanted.network or "", severity=wanted.severity or ""), now)
    _check_own(actor, block, wanted)
    async with engines.transaction() as tx:
        if await store.is_full(tx, BLOCKS_MAX):
            raise Invalid(f"Validation failed: There are {BLOCKS_MAX} blocks already. Please delete some first.")
        made = await store.insert(tx, block.network, block.severity, block.comment, now, block.expires_at)
        if made is None:
            raise Invalid.of({"ip": [_TAKEN]})
        await _note(tx, engines, actor, Act.CREATE, made)
    engines.config(Gate).forget()
    return made


async def update(engines: Engines, actor: Actor | Operator, block_id: int, wanted: Wanted) -> IpBlock:
    """Change a block. Raises as `create` does, and `NotFound`."""
    require(actor, Permission.MANAGE_BLOCKS)
    try:
        async with engines.transaction() as tx:
            former = await store.load_for_update(tx, block_id)
            if former is None:
                raise NotFound
            block = _filled(former, wanted, engines.clock.now())
            _check_own(actor, block, wanted)
            await store.update(tx, block)
            await _note(tx, engines, actor, Act.UPDATE, block)
    except asyncpg.UniqueViolationError:
        raise Invalid.of({"ip": [_TAKEN]}) from None
    engines.config(Gate).forget()
    return block


async def delete(engines: Engines, actor: Actor | Operator, block_id: int) -> None:
    """End a block. Raises `NotFound`, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    async with engines.transaction() as tx:
        block = await store.delete(tx, block_id)
        if block is None:
            raise NotFound
        await _note(tx, engines, actor, Act.DELETE, block)
    engines.config(Gate).forget()


async def page(engines: Engines, actor: Actor | Operator, window: Window) -> Sequence[IpBlock]:
    """A page of them, newest first. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    return await store.page(engines.db, window)


async def show(engines: Engines, actor: Actor | Operator, block_id: int) -> IpBlock:
    """One of them. Raises `NotFound`, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    block = await store.load(engines.db, block_id)
    if block is None:
        raise NotFound
    return block


async def by_network(engines: Engines, actor: Actor | Operator, text: str) -> IpBlock:
    """The one of exactly this network. Raises `NotFound`, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    network = network_of(text)
    block = None if network is None else await store.by_network(engines.db, network)
    if block is None:
        raise NotFound(f"{text} is not among the networks that are blocked here")
    return block


async def forget_expired(engines: Engines) -> None:
    """Delete the rows of blocks that have expired, which count no more."""
    await store.delete_expired(engines.db, engines.clock.now(), FORGOTTEN_MAX)


def _filled(former: IpBlock, wanted: Wanted, now: datetime) -> IpBlock:
    """The block as it is to be; raises `Invalid` naming every field that is wrong."""
    problems: dict[str, list[Problem]] = {}
    network = former.network if wanted.network is None else network_of(wanted.network)
    if network is None:
        problems["ip"] = [_NO_NETWORK]
    severity = former.severity if wanted.severity is None else wanted.severity
    if severity not in set(Severity):
        problems["severity"] = [Problem("ERR_INCLUSION", f"must be one of {', '.join(Severity)}")]
    comment = former.comment if wanted.comment is None else wanted.comment.strip()
    if len(comment) > COMMENT_LENGTH_MAX:
        problems["comment"] = [Problem("ERR_TOO_LONG", f"is too long (maximum is {COMMENT_LENGTH_MAX} characters)")]
    seconds = wanted.expires_in_s
    if seconds is not None and not 0 <= seconds <= EXPIRY_MAX.total_seconds():
        problems["expires_in"] = [Problem("ERR_INVALID", "must be a number of seconds from now, or 0 for never")]
    if problems or network is None:
        raise Invalid.of(problems)
    expires_at = former.expires_at if seconds is None else now + timedelta(seconds=seconds) if seconds else None
    return replace(former, network=network, severity=Severity(severity), comment=comment, expires_at=expires_at)


def _check_own(actor: Actor | Operator, block: IpBlock, wanted: Wanted) -> None:
    """Raise `Invalid` for a block that shuts out whoever makes it, unless they know."""
    own = address_of(actor.address)
    if block.severity is not Severity.NO_ACCESS or wanted.locks_me_out or own is None or own not in block.network:
        return
    sentence = (
        f"has your own address in it ({own}): you would be locked out at once. If you mean it, send locks_me_out=true; "
        "then only somebody elsewhere, or `linnet ip-block remove` at the console, lets you in again"
    )
    raise Invalid.of({"ip": [Problem("ERR_LOCKS_YOU_OUT", sentence)]})


async def _note(tx: Transaction, engines: Engines, actor: Actor | Operator, act: Act, block: IpBlock) -> None:
    detail = {
        "ip": str(block.network),
        "severity": block.severity.value,
        "expires_at": None if block.expires_at is None else block.expires_at.isoformat(timespec="seconds"),
    }
    await note_act(tx, engines.clock, actor, act, None, detail)
    tx.changed(Kind.IP_BLOCKS)


_TAKEN: Final = Problem("ERR_TAKEN", "is blocked already: change that block instead")
_NO_NETWORK: Final = Problem("ERR_INVALID", "must be an address or a network, such as 203.0.113.0/24 or 2001:db8::/32")
