"""Signing in and out with a password: sessions of our own clients, at the API and in browsers."""

from datetime import timedelta

from linnet.features.accounts import users
from linnet.features.sessions.models import AGENT_CHARS_MAX, Origin, TokenPair, WebSession
from linnet.features.sessions.store import oauth as oauth_store
from linnet.features.sessions.store import sessions as store
from linnet.features.sessions.tokens import TokenRules, hash_of, new_secret, sign
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines
from linnet.platform.errors import Unauthenticated
from linnet.platform.site import Site

STALE = "This refresh token is not valid (any more). Please sign in again."


async def log_in(engines: Engines, identifier: str, password: str, origin: Origin) -> TokenPair:
    """Begin a session for the owner of a user name or e-mail address.

    Raises `Unauthenticated` for names nobody has and wrong passwords alike, `Forbidden` for who may not sign in yet.
    """
    return await begin_session(engines, await users.recognise(engines, identifier, password), origin)


async def begin_session(engines: Engines, account_id: int, origin: Origin) -> TokenPair:
    """Begin a session for an account that has just proved itself, by its password or by signing up."""
    now = engines.clock.now()
    expires_at = now + timedelta(seconds=engines.config(TokenRules).session_s)
    refresh_token = new_secret()
    async with engines.transaction() as tx:
        session_id = await store.insert(
            tx, account_id, "api", address=origin.address, agent=_agent(origin), at=now, expires_at=expires_at
        )
        await store.insert_secret(tx, session_id, hash_of(refresh_token), now)
    return _pair(engines, account_id, session_id, refresh_token)


async def refresh(engines: Engines, refresh_token: str) -> TokenPair:
    """The next pair of a session; the token given is spent by this. Raises `Unauthenticated`.

    A token that comes a second time was stolen, or its thief used it first: the whole session ends. Of two refreshes
    at the same moment only one wins.
    """
    now = engines.clock.now()
    expires_at = now + timedelta(seconds=engines.config(TokenRules).session_s)
    following = new_secret()
    async with engines.transaction() as tx:
        session_id = await store.spend_secret(tx, hash_of(refresh_token), now)
        if session_id is not None:
            account_id = await store.renew(tx, session_id, now, expires_at)
            if account_id is not None:
                await store.insert_secret(tx, session_id, hash_of(following), now)
                return _pair(engines, account_id, session_id, following)
    if session_id is None:
        stolen = await store.session_of_secret(engines.db, hash_of(refresh_token), "api")
        if stolen is not None:
            await revoke(engines, stolen)
    raise Unauthenticated(STALE)


async def revoke(engines: Engines, session_id: int) -> None:
    """End a session: its tokens stop working at once on every process. Again is no mistake."""
    async with engines.transaction() as tx:
        await store.revoke(tx, session_id, engines.clock.now())
        tx.changed(Kind.ACCESS, session_id)


async def log_out(engines: Engines, refresh_token: str) -> bool:
    """End the session that a refresh token, even a spent one, belongs to; whether there was such a token."""
    session_id = await store.session_of_secret(engines.db, hash_of(refresh_token), "api")
    if session_id is None:
        return False
    await revoke(engines, session_id)
    return True


async def revoke_all(engines: Engines, account_id: int) -> None:
    """End every session and every app's token of an account."""
    now = engines.clock.now()
    async with engines.transaction() as tx:
        await store.revoke_all(tx, account_id, now)
        await oauth_store.revoke_all(tx, account_id, now)
        tx.changed(Kind.ACCESS, account_id)


async def sign_in_browser(engines: Engines, identifier: str, password: str, origin: Origin) -> WebSession:
    """Begin a browser's session; same errors as `log_in`."""
    return await begin_web_session(engines, await users.recognise(engines, identifier, password), origin)


async def begin_web_session(engines: Engines, account_id: int, origin: Origin) -> WebSession:
    """Begin a browser's session for an account that has just proved itself."""
    now = engines.clock.now()
    lifetime_s = engines.config(TokenRules).session_s
    cookie = new_secret()
    async with engines.transaction() as tx:
        session_id = await store.insert(
            tx,
            account_id,
            "web",
            address=origin.address,
            agent=_agent(origin),
            at=now,
            expires_at=now + timedelta(seconds=lifetime_s),
        )
        await store.insert_secret(tx, session_id, hash_of(cookie), now)
    return WebSession(account_id, session_id, cookie, lifetime_s)


async def sign_out_browser(engines: Engines, cookie: str) -> None:
    """End the browser session that a cookie belongs to; an unknown one is no mistake."""
    session_id = await store.session_of_secret(engines.db, hash_of(cookie), "web")
    if session_id is not None:
        await revoke(engines, session_id)


def _pair(engines: Engines, account_id: int, session_id: int, refresh_token: str) -> TokenPair:
    rules = engines.config(TokenRules)
    access_token = sign(
        rules,
        issuer=engines.config(Site).public_url,
        account_id=account_id,
        session_id=session_id,
        at=engines.clock.now(),
    )
    return TokenPair(account_id, session_id, access_token, refresh_token, rules.access_s)


def _agent(origin: Origin) -> str:
    return origin.agent.replace("\0", "")[:AGENT_CHARS_MAX]
