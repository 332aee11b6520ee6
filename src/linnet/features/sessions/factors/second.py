"""The second step of signing in: a password was right, and a factor is answered with."""

from linnet.features.accounts import users
from linnet.features.sessions import actions
from linnet.features.sessions.factors import STEP_TRIES_MAX, Kind, passkeys
from linnet.features.sessions.factors.models import Answer, Json
from linnet.features.sessions.factors.store import steps as store
from linnet.features.sessions.factors.verifying import proves_factor
from linnet.features.sessions.models import Origin, TokenPair, WebSession
from linnet.features.sessions.tokens import hash_of
from linnet.platform.engines import Engines
from linnet.platform.errors import Unauthenticated

OVER = "This sign-in took too long or had too many tries. Please begin again with your password."
WRONG = "That is not right. A code works once and only for a moment: wait for the next one, and mind every character."
NO_PASSKEY = "That passkey does not belong to an account here, or its answer came too late. Please try again."


async def methods(engines: Engines, token: str, kind: Kind) -> tuple[str, ...] | None:
    """What a step can be answered with; None when it is over, or there is none."""
    row = await store.find(engines.db, hash_of(token), engines.clock.now(), STEP_TRIES_MAX)
    return tuple(row["methods"]) if row is not None and row["kind"] == kind else None


async def ask_for_passkey(engines: Engines, token: str, kind: Kind) -> Json:
    """What the browser hands to `navigator.credentials.get`. Raises `Unauthenticated` when the step is over."""
    row = await store.find(engines.db, hash_of(token), engines.clock.now(), STEP_TRIES_MAX)
    if row is None or row["kind"] != kind:
        raise Unauthenticated(OVER)
    return await passkeys.ask_to_sign(engines, row["account_id"], "second", bound_to=_step(token))


async def finish_log_in(engines: Engines, token: str, answer: Answer, origin: Origin) -> TokenPair:
    """The session that was asked for with the password. Raises `Unauthenticated`, `TooMany`, `Forbidden`."""
    account_id = await _answered(engines, token, "api", answer, origin)
    return await actions.begin_session(engines, account_id, origin)


async def finish_in_browser(engines: Engines, token: str, answer: Answer, origin: Origin) -> WebSession:
    """The browser's session that was asked for with the password; same errors as `finish_log_in`."""
    account_id = await _answered(engines, token, "web", answer, origin)
    return await actions.begin_web_session(engines, account_id, origin)


async def log_in_with_passkey(engines: Engines, credential: Json, bound_to: str, origin: Origin) -> TokenPair:
    """A session for whoever's passkey this is: it is a thing they have, and it has verified them, so it is enough.

    Raises `Unauthenticated`; `Forbidden` when its owner may not sign in.
    """
    return await actions.begin_session(engines, await _owner(engines, credential, bound_to), origin)


async def sign_in_browser_with_passkey(engines: Engines, credential: Json, bound_to: str, origin: Origin) -> WebSession:
    """A browser's session for whoever's passkey this is; same errors as `log_in_with_passkey`."""
    return await actions.begin_web_session(engines, await _owner(engines, credential, bound_to), origin)


async def _answered(engines: Engines, token: str, kind: Kind, answer: Answer, origin: Origin) -> int:
    """The account whose step this is, once it was answered rightly; every try is used up before it is looked at."""
    now = engines.clock.now()
    row = await store.take_try(engines.db, hash_of(token), kind, now, STEP_TRIES_MAX)
    if row is None:
        raise Unauthenticated(OVER)
    account_id: int = row["account_id"]
    if not await proves_factor(engines, account_id, answer, "second", bound_to=_step(token), origin=origin):
        raise Unauthenticated(WRONG)
    if not await store.finish(engines.db, hash_of(token), now):
        raise Unauthenticated(OVER)
    return users.admit(await users.candidate_with(engines, account_id))


async def _owner(engines: Engines, credential: Json, bound_to: str) -> int:
    account_id = await passkeys.recognise(engines, credential, "sign_in", bound_to=bound_to)
    if account_id is None:
        raise Unauthenticated(NO_PASSKEY)
    return users.admit(await users.candidate_with(engines, account_id))


def _step(token: str) -> str:
    return f"step:{hash_of(token).hex()}"
