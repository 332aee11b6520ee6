"""OAuth's verbs: apps register, people let them in with a code, a code becomes a token, tokens are revoked."""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from linnet.features.accounts.audit import Act, note_act
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.sessions import redirects
from linnet.features.sessions import scopes as scope_rules
from linnet.features.sessions.models import (
    APP_NAME_CHARS_MAX,
    CODE_LIFETIME_S,
    WEBSITE_CHARS_MAX,
    App,
    Code,
    IssuedToken,
)
from linnet.features.sessions.store import oauth as store
from linnet.features.sessions.tokens import hash_of, new_secret
from linnet.platform.changes import Kind, change
from linnet.platform.clock import Clock
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, Problem
from linnet.platform.postgres import Queries


async def register_app(
    engines: Engines,
    *,
    name: str,
    redirect_uris: str | Sequence[str],
    scopes: str | None,
    website: str | None,
) -> tuple[App, str]:
    """Register an app; it and its secret, which is known only now. Raises `Invalid`."""
    name, website = name.strip(), (website or "").strip() or None
    _check(name, website)
    uris = redirects.parse(redirect_uris)
    asked = scope_rules.parse(scopes)
    scope_rules.check(asked)
    client_id, secret = new_secret(), new_secret()
    app_id = await store.insert_app(
        engines.db,
        client_id=client_id,
        secret_hash=hash_of(secret),
        name=name,
        website=website,
        redirect_uris=uris,
        scopes=asked,
        at=engines.clock.now(),
    )
    return App(app_id, client_id, hash_of(secret), name, website, uris, asked), secret


async def give_code(
    engines: Engines, app: App, account_id: int, *, redirect_uri: str, scopes: Sequence[str], challenge: str | None
) -> str:
    """The authorization code that says the owner of the account let the app in: good once, for ten minutes."""
    assert redirect_uri in app.redirect_uris
    assert app.may_ask(scopes)
    code = new_secret()
    expires_at = engines.clock.now() + timedelta(seconds=CODE_LIFETIME_S)
    given = Code(hash_of(code), app.id, account_id, redirect_uri, tuple(scopes), challenge, expires_at, spent=False)
    await store.insert_code(engines.db, given)
    return code


async def redeem_code(engines: Engines, code: Code) -> IssuedToken | None:
    """The token for a code whose request was found right; None when it is used, expired or redeemed just now.

    A code that comes a second time was overheard: the token it was turned into ends (RFC 6749, 4.1.2).
    """
    now = engines.clock.now()
    token = new_secret()
    token_id = await store.redeem(engines.db, code.hash, hash_of(token), now)
    if token_id is not None:
        return IssuedToken(token_id, token, code.scopes, now)
    overheard = await store.revoke_redeemed(engines.db, code.hash, now)
    if overheard is not None:
        await engines.changes.tell([change(Kind.ACCESS, overheard)])
    return None


async def create_token(engines: Engines, account_id: int, scopes: Sequence[str]) -> IssuedToken:
    """A token for an account, from the operator, who needs no app; it is in the audit log.

    Raises `Invalid` for scopes that do not exist.
    """
    scope_rules.check(scopes)
    async with engines.transaction() as tx:
        issued = await _issue(tx, engines.clock, app_id=None, account_id=account_id, scopes=scopes)
        await note_act(tx, engines.clock, OPERATOR, Act.TOKEN_CREATE, account_id, {"scopes": " ".join(issued.scopes)})
    return issued


async def give_token(engines: Engines, app_id: int, account_id: int | None, scopes: Sequence[str]) -> IssuedToken:
    """A token for an app by itself, or for an account that was made with it; the caller has checked who asks."""
    return await _issue(engines.db, engines.clock, app_id=app_id, account_id=account_id, scopes=scopes)


async def _issue(
    db: Queries, clock: Clock, *, app_id: int | None, account_id: int | None, scopes: Sequence[str]
) -> IssuedToken:
    """A new token; it does not expire."""
    now = clock.now()
    token = new_secret()
    token_id = await store.insert_token(db, hash_of(token), app_id=app_id, account_id=account_id, scopes=scopes, at=now)
    return IssuedToken(token_id, token, tuple(scopes), now)


async def revoke_token(engines: Engines, token: str) -> None:
    """End an OAuth token: it stops working at once on every process. Again is no mistake."""
    token_id = await store.revoke_token(engines.db, hash_of(token), engines.clock.now())
    if token_id is not None:
        await engines.changes.tell([change(Kind.ACCESS, token_id)])


def _check(name: str, website: str | None) -> None:
    problems: dict[str, list[Problem]] = {}
    if not name:
        problems["client_name"] = [Problem("ERR_BLANK", "can't be blank")]
    elif len(name) > APP_NAME_CHARS_MAX:
        too_long = Problem("ERR_TOO_LONG", f"is too long (maximum is {APP_NAME_CHARS_MAX} characters)")
        problems["client_name"] = [too_long]
    if website is not None and not _is_web_address(website):
        problems["website"] = [Problem("ERR_INVALID", "must be an http:// or https:// address")]
    if problems:
        raise Invalid.of(problems)


def _is_web_address(text: str) -> bool:
    if len(text) > WEBSITE_CHARS_MAX or any(character.isspace() for character in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
