"""What staff decided about other servers: a list of blocked ones, a list of allowed ones.

This server talks to no other, so nothing follows from either. They are kept so that moderation apps and tools that
share lists work, and find again what they wrote.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from linnet.features.accounts.audit import note_act
from linnet.features.accounts.mail_domains import normal
from linnet.features.accounts.names import check_email
from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.accounts.store import other_servers as store
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound, Problem
from linnet.platform.paging import Window

COMMENT_LENGTH_MAX: Final = 2_000
SEVERITIES: Final = ("silence", "suspend", "noop")


class Act(StrEnum):
    """What is written into the audit log."""

    ALLOW = "domain_allow.create"
    DISALLOW = "domain_allow.delete"
    BLOCK = "domain_block.create"
    CHANGE_BLOCK = "domain_block.update"
    UNBLOCK = "domain_block.delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a server is to be blocked; None for what stays, or for what is usual."""

    severity: str | None = None
    reject_media: bool | None = None
    reject_reports: bool | None = None
    obfuscate: bool | None = None
    private_comment: str | None = None
    public_comment: str | None = None


@dataclass(frozen=True, slots=True)
class OtherServer:
    """Another server, and what was decided about it."""

    id: int
    domain: str
    severity: str
    reject_media: bool
    reject_reports: bool
    obfuscate: bool
    private_comment: str | None
    public_comment: str | None
    made_at: datetime


async def allow(engines: Engines, actor: Actor | Operator, domain: str) -> OtherServer:
    """Allow a server; again is no mistake. Raises `Invalid`, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    server = OtherServer(0, _checked(domain), "noop", False, False, False, None, None, engines.clock.now())  # noqa: FBT003
    async with engines.transaction() as tx:
        is_new, row = await store.insert(tx, server, allowed=True)
        if is_new:
            await note_act(tx, engines.clock, actor, Act.ALLOW, None, {"domain": server.domain})
    return OtherServer(*row)


async def block(engines: Engines, actor: Actor | Operator, domain: str, wanted: Wanted) -> OtherServer:
    """Block a server. Raises `Invalid`, also for one that is blocked already; `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    plain = OtherServer(0, _checked(domain), "silence", False, False, False, None, None, engines.clock.now())  # noqa: FBT003
    server = _changed(plain, wanted)
    async with engines.transaction() as tx:
        is_new, row = await store.insert(tx, server, allowed=False)
        if not is_new:
            raise Invalid.of({"domain": [Problem("ERR_TAKEN", "is blocked already: change that block instead")]})
        await note_act(tx, engines.clock, actor, Act.BLOCK, None, _detail(server))
    return OtherServer(*row)


async def change_block(engines: Engines, actor: Actor | Operator, server_id: int, wanted: Wanted) -> OtherServer:
    """Block a server in another way. Raises `NotFound`, `Invalid`, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    async with engines.transaction() as tx:
        row = await store.load(tx, server_id, allowed=False)
        if row is None:
            raise NotFound
        server = _changed(OtherServer(*row), wanted)
        await store.update(tx, server)
        await note_act(tx, engines.clock, actor, Act.CHANGE_BLOCK, None, _detail(server))
    return server


async def remove(engines: Engines, actor: Actor | Operator, server_id: int, *, allowed: bool) -> None:
    """Take a server off one of the lists. Raises `NotFound`, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    async with engines.transaction() as tx:
        domain = await store.delete(tx, server_id, allowed=allowed)
        if domain is None:
            raise NotFound
        act = Act.DISALLOW if allowed else Act.UNBLOCK
        await note_act(tx, engines.clock, actor, act, None, {"domain": domain})


async def page(engines: Engines, actor: Actor | Operator, window: Window, *, allowed: bool) -> Sequence[OtherServer]:
    """A page of one of the lists, newest first. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    return [OtherServer(*row) for row in await store.page(engines.db, window, allowed=allowed)]


async def show(engines: Engines, actor: Actor | Operator, server_id: int, *, allowed: bool) -> OtherServer:
    """One of a list. Raises `NotFound`, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    row = await store.load(engines.db, server_id, allowed=allowed)
    if row is None:
        raise NotFound
    return OtherServer(*row)


def _checked(domain: str) -> str:
    name = normal(domain)
    if check_email(f"name@{name}"):
        raise Invalid.of({"domain": [Problem("ERR_INVALID", "is not a domain such as example.com")]})
    return name


def _changed(server: OtherServer, wanted: Wanted) -> OtherServer:
    """The block as it is to be. Raises `Invalid`."""
    said = {name: value for name in Wanted.__slots__ if (value := getattr(wanted, name)) is not None}
    changed = replace(server, **said)
    problems: dict[str, list[Problem]] = {}
    if changed.severity not in SEVERITIES:
        problems["severity"] = [Problem("ERR_INCLUSION", f"must be one of {', '.join(SEVERITIES)}")]
    for name in ("private_comment", "public_comment"):
        if len(said.get(name, "")) > COMMENT_LENGTH_MAX:
            words = f"is too long (maximum is {COMMENT_LENGTH_MAX} characters)"
            problems[name] = [Problem("ERR_TOO_LONG", words)]
    if problems:
        raise Invalid.of(problems)
    return changed


def _detail(server: OtherServer) -> dict[str, str | int | bool | None]:
    return {
        "domain": server.domain,
        "severity": server.severity,
        "reject_media": server.reject_media,
        "reject_reports": server.reject_reports,
        "obfuscate": server.obfuscate,
    }
