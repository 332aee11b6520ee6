"""One act of staff on somebody's account, in its transaction: who may, how the account stands, and the audit log."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from linnet.features.accounts.admins import keep_one
from linnet.features.accounts.audit import Detail, note_act
from linnet.features.accounts.models import Role, Viewer
from linnet.features.accounts.permissions import Actor, Operator, Permission, outranks, require
from linnet.features.accounts.store import staff as store
from linnet.platform.clock import Clock
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Forbidden, NotFound

NOT_WAITING: Final = "This account does not wait for approval"


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account stands that is acted on."""

    role: Role
    waits: bool
    is_suspended: bool

    def check_waiting(self) -> None:
        """Raise `Forbidden` unless it waits for approval."""
        if not self.waits:
            raise Forbidden(NOT_WAITING)


@dataclass(frozen=True, slots=True)
class Acting:
    """One act in its transaction: who acts, and the account, whose rows nobody else changes until the end."""

    tx: Transaction
    clock: Clock
    actor: Actor | Operator
    account_id: int
    standing: Standing

    async def note(self, act: str, detail: Detail | None = None) -> None:
        """Write it into the audit log."""
        await note_act(self.tx, self.clock, self.actor, act, self.account_id, detail)


@asynccontextmanager
async def acting(
    engines: Engines,
    actor: Actor | Operator,
    account_id: int,
    permission: Permission,
    *,
    ends_admin: bool = False,
    on_oneself: bool = False,
) -> AsyncGenerator[Acting]:
    """A transaction in which `actor` may act on the account; `ends_admin` acts are never on the last admin.

    Raises `NotFound`; `Forbidden` for whoever may not, does not outrank the account, or is it themselves.
    """
    require(actor, permission)
    async with engines.transaction() as tx:
        if ends_admin:
            await keep_one(tx, account_id)
        standing = await _stand(tx, account_id)
        if isinstance(actor, Actor):
            await _check_actor(tx, actor, standing.role, permission)
            if actor.account_id == account_id and not on_oneself:
                raise Forbidden
        yield Acting(tx, engines.clock, actor, account_id, standing)


async def _stand(tx: Transaction, account_id: int) -> Standing:
    row = await store.stand(tx, account_id)
    if row is None:
        raise NotFound
    return Standing(Role(row["role"]), row["approved_at"] is None, row["suspended_at"] is not None)


async def _check_actor(tx: Transaction, actor: Actor, target_role: Role, permission: Permission) -> None:
    """Ask for the actor's role anew, which may be another since the request began, and hold it to that."""
    role = await store.role_of(tx, actor.account_id)
    if role is None or not outranks(Role(role), target_role):
        raise Forbidden
    require(Viewer(actor.account_id, Role(role)), permission)
