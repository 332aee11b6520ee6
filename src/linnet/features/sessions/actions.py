"""Signing in and out with a password: sessions of our own clients, at the API and in browsers."""

from collections.abc import Mapping
from datetime import timedelta

from linnet.features.accounts import users
from linnet.features.accounts.users import Candidate
from linnet.features.sessions import attempts, devices, factors
from linnet.features.sessions.attempts import Outcome
from linnet.features.sessions.events import DeviceSeen, RefreshTokenReused
from linnet.features.sessions.models import Origin, SecondStep, TokenPair, WebSession
from linnet.features.sessions.store import oauth as oauth_store
from linnet.features.sessions.store import sessions as store
from linnet.features.sessions.tokens import TokenRules, hash_of, new_secret, sign, successors
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import TooMany, Unauthenticated
from linnet.platform.site import Site

STALE = "This refresh token is not valid (any more). Please sign in again."


async def log_in(engines: Engines, identifier: str, password: str, origin: Origin) -> TokenPair | SecondStep:
    """Begin a session for the owner of a user name or e-mail address, or ask for a second factor first.

    A password that was changed while it was checked is a wrong one.
    Raises `Unauthenticated` for names nobody has and wrong passwords alike, `TooMany` for both when too many were
    tried, `Forbidden` for who may not sign in yet.
    """
    account_id, proof = await recognise(engines, identifier, password, origin)
    if methods := await factors.wanted(engines, account_id):
        return await factors.begin_step(engines, account_id, methods, "api")
    return await begin_session(engines, account_id, origin, proof=proof)


async def recognise(engines: Engines, identifier: str, password: str, origin: Origin) -> tuple[int, str]:
    """The account whose name or address and password these are, and the hash that proved it; errors as `log_in`."""
    await attempts.refuse_again(engines, identifier, origin)
    who = await users.candidate(engines, identifier)
    return await _prove(engines, who, identifier, password, origin)


async def confirm(engines: Engines, account_id: int, password: str, origin: Origin) -> None:
    """Have somebody who is signed in type their password again; same errors as `log_in`."""
    who = await users.candidate_with(engines, account_id)
    await _prove(engines, who, attempts.CONFIRM, password, origin)


async def _prove(engines: Engines, who: Candidate, identifier: str, password: str, origin: Origin) -> tuple[int, str]:
    attempt = await attempts.allow(engines, who.account_id, identifier, origin)
    try:
        proof = await users.proof_of(engines, who, password, trusted=attempt.trusted)
    except TooMany:
        await attempts.note(engines, attempt, Outcome.UNCHECKED)
        raise
    await attempts.note(engines, attempt, Outcome.WRONG if proof is None else Outcome.RIGHT)
    if proof is None:
        raise Unauthenticated(users.WRONG)
    return users.admit(who), proof


async def begin_session(
    engines: Engines, account_id: int, origin: Origin, *, proof: str = "", signed_up: bool = False
) -> TokenPair:
    """Begin a session for an account that has just proved itself, or with `signed_up` has just been made.

    `proof` is the hash of the password that proved it, if one did: raises `Unauthenticated` when it is another by now.
    """
    now, refresh_token = engines.clock.now(), new_secret()
    async with engines.transaction() as tx:
        await _still(tx, account_id, proof)
        session_id, device_token = await _insert(engines, tx, account_id, "api", origin, tells=not signed_up)
        await store.insert_secret(tx, session_id, hash_of(refresh_token), now)
    return _pair(engines, account_id, session_id, refresh_token, device_token)


async def _still(tx: Transaction, account_id: int, proof: str) -> None:
    """Whoever changes the password waits for the session that it opened, and ends it; or else none begins."""
    if proof and not await users.is_proved_by(tx, account_id, proof):
        raise Unauthenticated(users.WRONG)


async def _insert(
    engines: Engines,
    tx: Transaction,
    account_id: int,
    kind: store.Kind,
    origin: Origin,
    *,
    tells: bool,
) -> tuple[int, str]:
    """Begin a session at a device that is known from then on: its id and the device's token."""
    now, rules = engines.clock.now(), engines.config(TokenRules)
    device_token, is_new = await devices.greet(tx, account_id, origin, engines)
    session_id = await store.insert(
        tx,
        account_id,
        kind,
        address=origin.address,
        agent=origin.agent_kept,
        device_hash=hash_of(device_token),
        at=now,
        expires_at=now + timedelta(seconds=min(rules.session_s, rules.lifetime_s)),
    )
    if is_new and tells:
        await tx.record(DeviceSeen(account_id=account_id, session_id=session_id))
    return session_id, device_token


async def refresh(engines: Engines, refresh_token: str) -> TokenPair:
    """The next pair of a session; the token given is spent by this. Raises `Unauthenticated`.

    One that comes again within half a minute, while what followed it is not in use, is from a client that lost the
    answer: it has the same answer, however often and however many at once. Any other was copied: the session ends, and
    its owner is told.
    """
    now, rules = engines.clock.now(), engines.config(TokenRules)
    idle, lifetime = timedelta(seconds=rules.session_s), timedelta(seconds=rules.lifetime_s)
    following = successors(rules, refresh_token)
    async with engines.transaction() as tx:
        session_id = await store.spend_secret(tx, hash_of(refresh_token), now)
        if session_id is not None:
            account_id = await store.renew(tx, session_id, now, idle=idle, lifetime=lifetime)
            if account_id is None:
                raise Unauthenticated(STALE)
            await store.insert_secret(tx, session_id, hash_of(following[0]), now)
            return _pair(engines, account_id, session_id, following[0])
    return await _refresh_again(engines, refresh_token, {hash_of(one): one for one in following})


async def _refresh_again(engines: Engines, refresh_token: str, following: Mapping[bytes, str]) -> TokenPair:
    now = engines.clock.now()
    since = now - timedelta(seconds=engines.config(TokenRules).grace_s)
    row = await store.comes_again(engines.db, hash_of(refresh_token), list(following), since, now)
    if row is None:
        raise Unauthenticated(STALE)
    if row["successor"] is not None:
        return _pair(engines, row["account_id"], row["session_id"], following[row["successor"]])
    async with engines.transaction() as tx:
        if await store.revoke(tx, row["session_id"], now):
            await tx.record(RefreshTokenReused(account_id=row["account_id"], session_id=row["session_id"]))
        tx.changed(Kind.ACCESS, row["session_id"])
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
    """End every session and every app's token of an account, and know none of its devices any more."""
    now = engines.clock.now()
    async with engines.transaction() as tx:
        await store.revoke_all(tx, account_id, now)
        await oauth_store.revoke_all(tx, account_id, now)
        await devices.forget_all(tx, account_id)
        tx.changed(Kind.ACCESS, account_id)


async def sign_in_browser(engines: Engines, identifier: str, password: str, origin: Origin) -> WebSession | SecondStep:
    """Begin a browser's session, or ask for a second factor first; same errors as `log_in`."""
    account_id, proof = await recognise(engines, identifier, password, origin)
    if methods := await factors.wanted(engines, account_id):
        return await factors.begin_step(engines, account_id, methods, "web")
    return await begin_web_session(engines, account_id, origin, proof=proof)


async def begin_web_session(
    engines: Engines, account_id: int, origin: Origin, *, proof: str = "", signed_up: bool = False
) -> WebSession:
    """Begin a browser's session; as `begin_session`."""
    now, cookie = engines.clock.now(), new_secret()
    async with engines.transaction() as tx:
        await _still(tx, account_id, proof)
        session_id, device_token = await _insert(engines, tx, account_id, "web", origin, tells=not signed_up)
        await store.insert_secret(tx, session_id, hash_of(cookie), now)
    return WebSession(account_id, session_id, cookie, engines.config(TokenRules).lifetime_s, device_token)


async def sign_out_browser(engines: Engines, cookie: str) -> None:
    """End the browser session that a cookie belongs to; an unknown one is no mistake."""
    session_id = await store.session_of_secret(engines.db, hash_of(cookie), "web")
    if session_id is not None:
        await revoke(engines, session_id)


def _pair(engines: Engines, account_id: int, session_id: int, refresh_token: str, device_token: str = "") -> TokenPair:
    rules = engines.config(TokenRules)
    access_token = sign(
        rules,
        issuer=engines.config(Site).public_url,
        account_id=account_id,
        session_id=session_id,
        at=engines.clock.now(),
    )
    return TokenPair(account_id, session_id, access_token, refresh_token, rules.access_s, device_token)
