"""The audit log: who did what for the server, to whom, from where and when. The database lets it only grow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.accounts.store import audit as store
from linnet.platform.clock import Clock
from linnet.platform.engines import Engines
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries

Detail = Mapping[str, str | int | bool | None]
"""What else there is to know, in small: names of fields and choices. Never a secret, an address of mail or a text."""


class Act(StrEnum):
    """What staff and the operator do. Other features add their own words of the same form, `noun.verb`."""

    ACCOUNT_CREATE = "account.create"
    ACCOUNT_APPROVE = "account.approve"
    ACCOUNT_REJECT = "account.reject"
    ACCOUNT_WARN = "account.warn"
    ACCOUNT_LOCK = "account.lock"
    ACCOUNT_UNLOCK = "account.unlock"
    ACCOUNT_SUSPEND = "account.suspend"
    ACCOUNT_UNSUSPEND = "account.unsuspend"
    ACCOUNT_DELETE = "account.delete"
    ACCOUNT_ROLE = "account.role"
    ACCOUNT_PASSWORD = "account.password"  # noqa: S105 -- a verb, not a secret
    TOKEN_CREATE = "token.create"  # noqa: S105
    INVITE_CREATE = "invite.create"
    INVITE_REVOKE = "invite.revoke"
    MAIL_DOMAIN_BLOCK = "mail_domain.block"
    MAIL_DOMAIN_UNBLOCK = "mail_domain.unblock"


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. `actor_id` is None for the operator at the console, `target_id` for what is about no account."""

    id: int
    actor_id: int | None
    action: str
    target_id: int | None
    address: str
    made_at: datetime
    detail: Detail = field(default_factory=dict[str, str | int | bool | None])


@dataclass(frozen=True, slots=True)
class About:
    """Which acts are asked for; None for all."""

    actor_id: int | None = None
    target_id: int | None = None
    action: str | None = None


async def note(
    tx: Queries,
    actor_id: int | None,
    action: str,
    target_id: int | None,
    detail: Detail | None = None,
    *,
    address: str = "",
    at: datetime | None = None,
) -> None:
    """Write an act into the log, in the transaction that does it; `actor_id` None is the operator at the console."""
    await store.insert(tx, actor_id, action, target_id, dict(detail or {}), address=address, at=at)


async def note_act(
    tx: Queries, clock: Clock, actor: Actor | Operator, action: str, target_id: int | None, detail: Detail | None = None
) -> None:
    """Write down what `actor` does."""
    await note(tx, actor.account_id, action, target_id, detail, address=actor.address, at=clock.now())


async def page(engines: Engines, actor: Actor | Operator, window: Window, about: About) -> Sequence[Entry]:
    """A page of the log, newest first. Raises `Forbidden` for whoever may not read it."""
    require(actor, Permission.VIEW_AUDIT_LOG)
    rows = await store.page(engines.db, window, about.actor_id, about.target_id, about.action)
    return [
        Entry(
            id=row["id"],
            actor_id=row["actor_id"],
            action=row["action"],
            target_id=row["target_id"],
            address=row["address"],
            made_at=row["made_at"],
            detail=row["detail"],
        )
        for row in rows
    ]
