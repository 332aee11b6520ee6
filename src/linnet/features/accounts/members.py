"""Members as staff see them: accounts with their private half, searched and paged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import asyncpg

from linnet.features.accounts.models import Role
from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.accounts.store import members as store
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.paging import Window

STATES: Final = ("active", "pending", "disabled", "silenced", "sensitized", "suspended")
State = Literal["active", "pending", "disabled", "silenced", "sensitized", "suspended"]


@dataclass(frozen=True, slots=True)
class Member:
    """An account that is not deleted, with what only staff see of it."""

    account_id: int
    username: str
    email: str
    role: Role
    locale: str
    created_at: datetime
    reason: str
    """Why they would like to join, where they were asked."""
    invited_by: int | None
    is_confirmed: bool
    is_approved: bool
    is_disabled: bool
    is_suspended: bool
    is_frozen: bool = False
    """It may sign in, and write nothing: see `restrictions`, as for the two below."""
    is_silenced: bool = False
    is_sensitized: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which members are looked for; None does not matter. Texts are beginnings, in any case."""

    state: State | None = None
    roles: tuple[Role, ...] | None = None
    username: str | None = None
    display_name: str | None = None
    email: str | None = None
    invited_by: int | None = None
    among: tuple[int, ...] | None = None


async def page(engines: Engines, actor: Actor | Operator, window: Window, search: Search) -> Sequence[Member]:
    """A page of members, newest first. Raises `Forbidden` for whoever may not see them."""
    require(actor, Permission.MANAGE_USERS)
    return [_member(row) for row in await store.page(engines.db, window, search)]


async def show(engines: Engines, actor: Actor | Operator, account_id: int) -> Member:
    """One member. Raises `Forbidden`, `NotFound`."""
    found = await page(engines, actor, Window(limit=1), Search(among=(account_id,)))
    if not found:
        raise NotFound
    return found[0]


def _member(row: asyncpg.Record) -> Member:
    return Member(
        account_id=row["id"],
        username=row["username"],
        email=row["email"],
        role=Role(row["role"]),
        locale=row["locale"],
        created_at=row["created_at"],
        reason=row["signup_reason"],
        invited_by=row["invited_by"],
        is_confirmed=row["confirmed_at"] is not None,
        is_approved=row["approved_at"] is not None,
        is_disabled=row["disabled_at"] is not None,
        is_suspended=row["suspended_at"] is not None,
        is_frozen=row["frozen_at"] is not None,
        is_silenced=row["silenced_at"] is not None,
        is_sensitized=row["sensitized_at"] is not None,
    )
