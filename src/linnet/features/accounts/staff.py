"""What moderators, admins and the operator do with other people's accounts; each act is in the audit log."""

from typing import Final

from linnet.features.accounts.acting import acting
from linnet.features.accounts.audit import Act, Detail
from linnet.features.accounts.events import (
    AccountDeleted,
    AccountLocked,
    AccountUnlocked,
    RoleChanged,
    SignupApproved,
)
from linnet.features.accounts.models import Role
from linnet.features.accounts.permissions import Actor, Operator, Permission, outranks
from linnet.features.accounts.restrictions import Restriction, lift, restrict
from linnet.features.accounts.store import profiles
from linnet.features.accounts.store import staff as store
from linnet.features.moderation import standings
from linnet.features.moderation.standing import Origin
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines
from linnet.platform.errors import Forbidden, Invalid, Problem

REASON_CHARS_MAX: Final = 500
"""Of what staff write about an act of theirs, in code points."""

NOT_SUSPENDED: Final = "Only a suspended account can be deleted: suspend it first"


async def change_role(engines: Engines, actor: Actor | Operator, account_id: int, role: Role) -> None:
    """Give an account another role; it counts at once on every process.

    Raises `NotFound`; `Forbidden` for whoever may not, for the own role upwards, and for the last admin.
    """
    ends_admin = role is not Role.ADMIN
    async with acting(
        engines, actor, account_id, Permission.MANAGE_ROLES, ends_admin=ends_admin, on_oneself=True
    ) as act:
        before = act.standing.role
        if actor.account_id == account_id and outranks(role, before):
            raise Forbidden
        if role is before:
            return
        await store.set_role(act.tx, account_id, role)
        await act.note(Act.ACCOUNT_ROLE, {"from": before, "to": role})
        act.tx.changed(Kind.ACCOUNT, account_id)
        act.tx.changed(Kind.ACCESS, account_id)
        await act.tx.record(RoleChanged(account_id=account_id, role=role))


async def approve(engines: Engines, actor: Actor | Operator, account_id: int) -> None:
    """Let an account in that waits for it. Raises `NotFound`, `Forbidden` also when it does not wait."""
    async with acting(engines, actor, account_id, Permission.MANAGE_USERS) as act:
        act.standing.check_waiting()
        await store.set_approved(act.tx, account_id, engines.clock.now())
        await standings.begin(act.tx, account_id, Origin.APPROVED)
        await act.note(Act.ACCOUNT_APPROVE)
        act.tx.changed(Kind.ACCESS, account_id)
        await act.tx.record(SignupApproved(account_id=account_id))


async def reject(engines: Engines, actor: Actor | Operator, account_id: int) -> None:
    """Turn down an account that waits for approval: nothing stays of it, and its name is free again.

    Raises `NotFound`, `Forbidden` also when it does not wait.
    """
    async with acting(engines, actor, account_id, Permission.MANAGE_USERS) as act:
        act.standing.check_waiting()
        await store.remove(act.tx, account_id)
        await act.note(Act.ACCOUNT_REJECT)
        act.tx.changed(Kind.ACCOUNT, account_id)
        act.tx.changed(Kind.ACCESS, account_id)
        await act.tx.record(AccountDeleted(account_id=account_id))


async def warn(engines: Engines, actor: Actor | Operator, account_id: int, reason: str = "") -> None:
    """Write into the log that an account was looked at and nothing else was done. Raises as `unlock`."""
    async with acting(engines, actor, account_id, Permission.MANAGE_USERS) as act:
        await act.note(Act.ACCOUNT_WARN, _because(reason))


async def lock(engines: Engines, actor: Actor | Operator, account_id: int, reason: str = "") -> None:
    """Keep an account from signing in, and end its access at once; what it posted stays.

    Raises `NotFound`; `Forbidden` for whoever may not, for oneself, and for the last admin.
    """
    async with acting(engines, actor, account_id, Permission.MANAGE_USERS, ends_admin=True) as act:
        await store.set_disabled(act.tx, account_id, engines.clock.now())
        await act.note(Act.ACCOUNT_LOCK, _because(reason))
        act.tx.changed(Kind.ACCESS, account_id)
        await act.tx.record(AccountLocked(account_id=account_id))


async def unlock(engines: Engines, actor: Actor | Operator, account_id: int) -> None:
    """Let a locked account sign in again; sessions and tokens that have not ended work again.

    Raises `NotFound`; `Forbidden` for whoever may not, and for oneself.
    """
    async with acting(engines, actor, account_id, Permission.MANAGE_USERS) as act:
        await store.set_disabled(act.tx, account_id, None)
        await act.note(Act.ACCOUNT_UNLOCK)
        await act.tx.record(AccountUnlocked(account_id=account_id))


async def suspend(engines: Engines, actor: Actor | Operator, account_id: int, reason: str = "") -> None:
    """Hide an account and all it posted from everybody, and end its access, at once; it can be taken back for 30 days.

    Raises `NotFound`; `Forbidden` for whoever may not, for oneself, and for the last admin.
    """
    async with acting(engines, actor, account_id, Permission.MANAGE_USERS, ends_admin=True) as act:
        await restrict(act, Restriction.SUSPENDED)
        await act.note(Act.ACCOUNT_SUSPEND, _because(reason))


async def unsuspend(engines: Engines, actor: Actor | Operator, account_id: int) -> None:
    """Show a suspended account again and let it in. Raises as `unlock`."""
    async with acting(engines, actor, account_id, Permission.MANAGE_USERS) as act:
        await lift(act, Restriction.SUSPENDED)
        await act.note(Act.ACCOUNT_UNSUSPEND)


async def delete(engines: Engines, actor: Actor | Operator, account_id: int) -> None:
    """Delete somebody's account for good, as its owner could; staff only after suspending it.

    Raises `NotFound`; `Forbidden` for whoever may not, for oneself, for one not suspended, and for the last admin.
    """
    async with acting(engines, actor, account_id, Permission.DELETE_USER_DATA, ends_admin=True) as act:
        if isinstance(actor, Actor) and not act.standing.is_suspended:
            raise Forbidden(NOT_SUSPENDED)
        await profiles.bury(act.tx, account_id, engines.clock.now())
        await act.note(Act.ACCOUNT_DELETE)
        act.tx.changed(Kind.ACCOUNT, account_id)
        act.tx.changed(Kind.ACCESS, account_id)
        await act.tx.record(AccountDeleted(account_id=account_id))


def _because(reason: str) -> Detail:
    text = reason.strip()
    if len(text) > REASON_CHARS_MAX:
        description = f"is too long (maximum is {REASON_CHARS_MAX} characters)"
        raise Invalid.of({"text": [Problem("ERR_TOO_LONG", description)]})
    return {"reason": text} if text else {}
