"""Invitations: codes that let people in, so many times, until they expire or are taken back."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import asyncpg

from linnet.features.accounts.audit import Act, note_act
from linnet.features.accounts.models import Role, Viewer
from linnet.features.accounts.permissions import OPERATOR, Actor, Operator, Permission, may, require
from linnet.features.accounts.store import invites as store
from linnet.platform.engines import Engines
from linnet.platform.errors import Forbidden, Invalid, NotFound, Problem
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

CODE_BYTES: Final = 10
"""80 random bits: nobody guesses one."""

INVITES_MAX: Final = 50
"""Living codes of one member without `manage_invites`."""

USES_MAX: Final = 100
LIFETIME_MAX_S: Final = 30 * 24 * 3600
"""Of a code that a member without `manage_invites` makes."""

STAFF_USES_MAX: Final = 1_000_000
STAFF_LIFETIME_MAX_S: Final = 10 * 365 * 24 * 3600
LIFETIME_MIN_S: Final = 60


@dataclass(frozen=True, slots=True)
class Invite:
    """A code, who made it (None: the operator), and how often it was used and may be (None: without end)."""

    id: int
    code: str
    account_id: int | None
    uses: int
    uses_max: int | None
    expires_at: datetime | None
    created_at: datetime
    is_alive: bool


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a code gives whoever signs up with it."""

    invite_id: int
    invited_by: int | None
    admits: bool
    """No moderator needs to approve them."""


async def create(engines: Engines, actor: Actor | Operator, *, uses_max: int | None, lifetime_s: int | None) -> Invite:
    """Make a code. Members may make few, each for up to `USES_MAX` uses and `LIFETIME_MAX_S`; staff any.

    Without a number members get one use and a week, staff no limit. Raises `Invalid`, `Forbidden`.
    """
    require(actor, Permission.INVITE_USERS)
    unlimited = may(actor, Permission.MANAGE_INVITES)
    if not unlimited:
        uses_max, lifetime_s = uses_max or 1, lifetime_s or 7 * 24 * 3600
    _check(uses_max, lifetime_s, unlimited=unlimited)
    now = engines.clock.now()
    async with engines.transaction() as tx:
        if actor.account_id is not None and not unlimited:
            alive = await store.alive_of(tx, actor.account_id, now)
            if alive >= INVITES_MAX:
                raise Forbidden(f"You have {alive} invitations that can still be used. Take one back first.")
        row = await store.insert(
            tx,
            _new_code(),
            actor.account_id,
            uses_max=uses_max,
            expires_at=None if lifetime_s is None else now + timedelta(seconds=lifetime_s),
            at=now,
        )
        await note_act(tx, engines.clock, actor, Act.INVITE_CREATE, None, {"invite": str(row["id"]), "uses": uses_max})
    return _invite(row)


async def page(engines: Engines, actor: Actor | Operator, window: Window, *, everybodys: bool) -> Sequence[Invite]:
    """A page of one's own codes, or of everybody's for those who manage them, newest first. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_INVITES if everybodys else Permission.INVITE_USERS)
    account_id = None if everybodys or actor.account_id is None else actor.account_id
    return [_invite(row) for row in await store.page(engines.db, window, account_id, engines.clock.now())]


async def revoke(engines: Engines, actor: Actor | Operator, invite_id: int) -> None:
    """Take a code back; again is no mistake. Raises `NotFound` for another member's, unless one manages them."""
    require(actor, Permission.INVITE_USERS)
    owner_id = None if may(actor, Permission.MANAGE_INVITES) else actor.account_id
    async with engines.transaction() as tx:
        ended = await store.revoke(tx, invite_id, owner_id, engines.clock.now())
        if ended is None:
            raise NotFound
        if ended:
            await note_act(tx, engines.clock, actor, Act.INVITE_REVOKE, None, {"invite": str(invite_id)})


async def invite_with(engines: Engines, actor: Operator, code: str) -> Invite:
    """The invitation with this code, for the operator. Raises `NotFound`."""
    require(actor, Permission.MANAGE_INVITES)
    row = await store.with_code(engines.db, code, engines.clock.now())
    if row is None:
        raise NotFound("There is no invitation with this code")
    return _invite(row)


async def find(engines: Engines, code: str) -> Invitation | None:
    """What a code gives that could be used now, or None."""
    return _invitation(await store.usable(engines.db, code, engines.clock.now()))


async def use(tx: Queries, code: str, at: datetime) -> Invitation | None:
    """Use a code once, in the transaction of the sign-up; None when it cannot be used (any more).

    Of many at once exactly as many get it as it has uses: each waits for the others' end.
    """
    return _invitation(await store.use(tx, code, at))


def _check(uses_max: int | None, lifetime_s: int | None, *, unlimited: bool) -> None:
    problems: dict[str, list[Problem]] = {}
    most = STAFF_USES_MAX if unlimited else USES_MAX
    longest_s = STAFF_LIFETIME_MAX_S if unlimited else LIFETIME_MAX_S
    if uses_max is not None and not 1 <= uses_max <= most:
        problems["max_uses"] = [Problem("ERR_INVALID", f"must be from 1 to {most}")]
    if lifetime_s is not None and not LIFETIME_MIN_S <= lifetime_s <= longest_s:
        problems["expires_in"] = [Problem("ERR_INVALID", f"must be from {LIFETIME_MIN_S} to {longest_s} seconds")]
    if problems:
        raise Invalid.of(problems)


def _new_code() -> str:
    """Letters and digits that can be read out: no 0, 1, 8, o, l."""
    return "".join(secrets.choice("abcdefghijkmnpqrstuvwxyz2345679") for _ in range(CODE_BYTES * 8 // 5))


def _invite(row: asyncpg.Record) -> Invite:
    return Invite(
        id=row["id"],
        code=row["code"],
        account_id=row["account_id"],
        uses=row["uses"],
        uses_max=row["uses_max"],
        expires_at=row["expires_at"],
        created_at=row["created_at"],
        is_alive=row["alive"],
    )


def _invitation(row: asyncpg.Record | None) -> Invitation | None:
    if row is None:
        return None
    maker = OPERATOR if row["account_id"] is None else Viewer(row["account_id"], Role(row["role"]))
    if not may(maker, Permission.INVITE_USERS):
        return None
    return Invitation(row["id"], row["account_id"], admits=may(maker, Permission.INVITE_BYPASS_APPROVAL))
