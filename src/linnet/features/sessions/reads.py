"""Questions about signing in: whom a token speaks for, and which app asks."""

import math
import time
from collections.abc import Collection, Sequence
from datetime import datetime

import asyncpg

from linnet.features.accounts.models import Role, Viewer
from linnet.features.sessions.models import Access, App, Code
from linnet.features.sessions.recent import RecentAccess
from linnet.features.sessions.scopes import EVERYTHING
from linnet.features.sessions.store import living as store
from linnet.features.sessions.store import oauth, sessions
from linnet.features.sessions.tokens import TokenRules, hash_of, looks_signed, verify
from linnet.platform.engines import Engines
from linnet.platform.errors import Forbidden
from linnet.platform.postgres import Queries
from linnet.platform.site import Site
from linnet.platform.together import Asked

PENDING = "Your login is currently pending approval"
_EVERYTHING = frozenset(EVERYTHING)


class Unconfirmed(Forbidden):
    """A new member has not answered the letter to their address yet."""

    code = "email_unconfirmed"

    def __init__(self) -> None:
        super().__init__("Your login is missing a confirmed e-mail address")


async def access_of(engines: Engines, token: str, *, unconfirmed: bool = False) -> Access | None:
    """What a bearer token gives, or None when it is not valid (any more).

    At most one statement, often none; tokens that come together share it.

    It may be a JWT of ours or an opaque OAuth token. Accounts that are disabled, suspended or deleted have no access.
    Raises `Forbidden` when the account still waits for approval, `Unconfirmed` when its address does and `unconfirmed`
    does not let it in all the same. A revocation counts at once everywhere, or
    within a second while Valkey is away.
    """
    asked_at_s = time.monotonic()
    now = engines.clock.now()
    recent = engines.config(RecentAccess)
    heard = await engines.changes.catch_up()
    if (known := recent.find(token, now.timestamp(), heard=heard)) is not None:
        return known
    began = recent.now()
    expires_at_s = math.inf
    if looks_signed(token):
        rules, issuer = engines.config(TokenRules), engines.config(Site).public_url
        claims = verify(rules, token, issuer=issuer, at=now)
        if claims is None:
            return None
        expires_at_s = claims.expires_at_s
        row = await _sessions.ask(engines.db, (claims.session_id, now))
        access = _session_access(row, unconfirmed=unconfirmed)
        if access is not None and (access.viewer is None or access.viewer.account_id != claims.account_id):
            return None
    else:
        row = await _tokens.ask(engines.db, hash_of(token))
        access = _token_access(row, unconfirmed=unconfirmed)
    if access is not None and not (unconfirmed and _waits(row)):
        recent.keep(token, access, began=began, asked_at_s=asked_at_s, expires_at_s=expires_at_s)
    return access


async def web_access_of(engines: Engines, cookie: str, *, unconfirmed: bool = False) -> Access | None:
    """What a browser's session cookie gives, or None when it is not valid (any more); never remembered.

    Errors as above.
    """
    row = await sessions.web_access(engines.db, hash_of(cookie), engines.clock.now())
    return _session_access(row, unconfirmed=unconfirmed)


async def living(engines: Engines, opened: Collection[Access]) -> list[Access]:
    """Those of what tokens gave that they still give, as PostgreSQL has it now. One statement."""
    session_ids = {one.session_id for one in opened if one.session_id is not None}
    token_ids = {one.token_id for one in opened if one.token_id is not None}
    alive = await store.living(engines.db, session_ids, token_ids, engines.clock.now())
    return [one for one in opened if one.session_id in alive or one.token_id in alive]


async def app_with_client_id(engines: Engines, client_id: str) -> App | None:
    """The app that was given this client id, or None."""
    return await oauth.app_with_client_id(engines.db, client_id)


async def app(engines: Engines, app_id: int) -> App | None:
    """The app with this id, or None."""
    return await oauth.app(engines.db, app_id)


async def code_given(engines: Engines, code: str) -> Code | None:
    """The authorization code, used or not, expired or not; None when it was never given."""
    return await oauth.code(engines.db, hash_of(code))


async def app_id_of_token(engines: Engines, token: str) -> int | None:
    """The app that an OAuth token, ended or not, was given to; None when there is no such token."""
    return await oauth.token_app(engines.db, hash_of(token))


def _admit(row: asyncpg.Record, *, unconfirmed: bool) -> None:
    if row["confirmed"]:
        if not row["approved"]:
            raise Forbidden(PENDING)
    elif not unconfirmed:
        raise Unconfirmed


def _waits(row: asyncpg.Record | None) -> bool:
    """Whether an account gets in only where unconfirmed ones do: that is not remembered, for others would go by it."""
    return row is not None and row["account_id"] is not None and not row["confirmed"]


async def _ask_sessions(db: Queries, asked: Sequence[tuple[int, datetime]]) -> list[asyncpg.Record | None]:
    found = await sessions.access(db, asked)
    return [found.get(one) for one in asked]


async def _ask_tokens(db: Queries, hashes: Sequence[bytes]) -> list[asyncpg.Record | None]:
    found = await oauth.access(db, hashes)
    return [found.get(one) for one in hashes]


_sessions: Asked[tuple[int, datetime], asyncpg.Record | None] = Asked(_ask_sessions)
_tokens: Asked[bytes, asyncpg.Record | None] = Asked(_ask_tokens)


def _session_access(row: asyncpg.Record | None, *, unconfirmed: bool) -> Access | None:
    if row is None:
        return None
    _admit(row, unconfirmed=unconfirmed)
    viewer = Viewer(row["account_id"], Role(row["role"]))
    return Access(viewer, _EVERYTHING, session_id=row["session_id"], frozen=row["frozen"])


def _token_access(row: asyncpg.Record | None, *, unconfirmed: bool) -> Access | None:
    if row is None:
        return None
    viewer = None
    if row["account_id"] is not None:
        _admit(row, unconfirmed=unconfirmed)
        viewer = Viewer(row["account_id"], Role(row["role"]))
    return Access(
        viewer,
        frozenset(row["scopes"]),
        app_id=row["app_id"],
        app_name=row["app_name"],
        app_website=row["app_website"],
        token_id=row["token_id"],
        frozen=row["frozen"],
    )
