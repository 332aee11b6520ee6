"""Where somebody is signed in, in words, for themselves to look through and to end; which apps they let in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from linnet.features.sessions import agents
from linnet.features.sessions.models import Access
from linnet.features.sessions.places import Places
from linnet.features.sessions.store import sign_ins as store
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines
from linnet.platform.errors import Forbidden, NotFound

SHOWN_MAX: Final = 100
"""Of sessions, of tokens, and of apps."""

NOT_BY_APPS: Final = "Only the person who is signed in can do this, not an app"


@dataclass(frozen=True, slots=True)
class SignIn:
    """A living session of our own clients (`api`, `web`) or a token that an app has (`app`)."""

    id: int
    kind: Literal["api", "web", "app"]
    app_name: str | None
    device: str
    address: str
    place: str
    created_at: datetime
    used_at: datetime | None
    """Up to some minutes old; None when it was not used since it was noted."""


@dataclass(frozen=True, slots=True)
class AppLetIn:
    """An app that may act for an account."""

    id: int
    name: str
    website: str | None
    scopes: tuple[str, ...]
    created_at: datetime
    used_at: datetime | None


def owner(access: Access) -> int:
    """The account whose owner this is; raises `Forbidden` for tokens of apps, which have no say in this."""
    if access.viewer is None or access.app_id is not None:
        raise Forbidden(NOT_BY_APPS)
    return access.viewer.account_id


async def of_account(engines: Engines, account_id: int) -> Sequence[SignIn]:
    """An account's living sign-ins, newest first, up to `SHOWN_MAX` of sessions and of tokens."""
    places = engines.config(Places)
    return [
        SignIn(
            row["id"],
            row["kind"],
            row["app_name"],
            agents.in_words(row["agent"]),
            row["address"],
            places.of(row["address"]),
            row["created_at"],
            row["used_at"],
        )
        for row in await store.living(engines.db, account_id, engines.clock.now(), SHOWN_MAX)
    ]


async def end(engines: Engines, account_id: int, sign_in_id: int) -> None:
    """End one sign-in of an account, at once on every process; its device is a stranger's again.

    Raises `NotFound` when there is none, and for those of others.
    """
    now = engines.clock.now()
    async with engines.transaction() as tx:
        if not (
            await store.end_session(tx, account_id, sign_in_id, now)
            or await store.end_token(tx, account_id, sign_in_id, now)
        ):
            raise NotFound
        tx.changed(Kind.ACCESS, sign_in_id)


async def end_others(engines: Engines, account_id: int, kept_id: int) -> None:
    """End every sign-in of an account but one, apps' tokens too, at once on every process."""
    async with engines.transaction() as tx:
        await store.end_others(tx, account_id, kept_id, engines.clock.now())
        tx.changed(Kind.ACCESS, account_id)


async def apps_of(engines: Engines, account_id: int) -> Sequence[AppLetIn]:
    """The apps that may act for an account, the one let in last first, up to `SHOWN_MAX`."""
    return [
        AppLetIn(row["id"], row["name"], row["website"], tuple(row["scopes"]), row["created_at"], row["used_at"])
        for row in await store.apps(engines.db, account_id, SHOWN_MAX)
    ]


async def end_app(engines: Engines, account_id: int, app_id: int) -> None:
    """Let an app in no longer, at once on every process. Raises `NotFound` when it was not in."""
    async with engines.transaction() as tx:
        ended = await store.end_app(tx, account_id, app_id, engines.clock.now())
        if not ended:
            raise NotFound
        for token_id in ended:
            tx.changed(Kind.ACCESS, token_id)
