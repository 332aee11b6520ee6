"""Step-up: who has been signed in for a while proves anew who they are before they do what cannot be undone."""

from datetime import timedelta
from typing import Final

from linnet.features.sessions.factors import passkeys, wanted
from linnet.features.sessions.factors.models import Answer, Json
from linnet.features.sessions.factors.store import proofs as store
from linnet.features.sessions.factors.verifying import proves_factor, proves_password
from linnet.features.sessions.models import Access, Origin
from linnet.platform.engines import Engines
from linnet.platform.errors import Forbidden, Invalid, Problem

WITHIN_S: Final = 900


class StepUpRequired(Forbidden):
    """The person at this session is to prove anew who they are, and then to try again."""

    code = "step_up_required"


async def require_recent(engines: Engines, access: Access, within_s: float = WITHIN_S) -> None:
    """Return when the person at this session signed in, or proved themselves anew, within that time.

    Raises `StepUpRequired`, a `Forbidden`, otherwise; a plain `Forbidden` for tokens of apps, which nobody is behind.
    """
    since = engines.clock.now() - timedelta(seconds=within_s)
    if not await store.proved_since(engines.db, own_session(access), since):
        raise StepUpRequired("Please confirm that it is you: this needs a fresh proof.")


async def methods(engines: Engines, account_id: int) -> tuple[str, ...]:
    """What an account can step up with: its second factors, or the password when it has none.

    A password alone would let whoever stole it and a session take the second factor away.
    """
    return await wanted(engines, account_id) or ("password",)


async def step_up(engines: Engines, access: Access, answer: Answer, origin: Origin) -> None:
    """Note that the person at this session proved who they are. Raises `Invalid` for a wrong answer, `TooMany`."""
    session_id, account_id = own_session(access), _account(access)
    accepted = await methods(engines, account_id)
    if accepted == ("password",):
        right = bool(answer.password) and await proves_password(engines, account_id, answer.password, origin)
    else:
        bound_to = session_of(access)
        right = await proves_factor(engines, account_id, answer, "step_up", bound_to=bound_to, origin=origin)
    if not right:
        named = {"password": "password", "totp": "app's code", "recovery": "recovery code", "passkey": "passkey"}
        asked = " or ".join(named[method] for method in accepted)
        raise Invalid(f"That is not right. Please answer with your {asked}.", {"proof": [_WRONG]})
    await store.prove(engines.db, session_id, engines.clock.now())


async def ask_for_passkey(engines: Engines, access: Access) -> Json:
    """What the browser hands to `navigator.credentials.get` to step up with a passkey."""
    return await passkeys.ask_to_sign(engines, _account(access), "step_up", bound_to=session_of(access))


def own_session(access: Access) -> int:
    """The session of one of our own clients; raises `Forbidden` for the token of an app."""
    if access.session_id is None:
        raise Forbidden("Only the account's owner can do this, signed in at this server; an app cannot do it for them.")
    return access.session_id


def session_of(access: Access) -> str:
    """What the challenges of this session are bound to; same error as `own_session`."""
    return f"session:{own_session(access)}"


def _account(access: Access) -> int:
    assert access.viewer is not None, "a session is somebody's"
    return access.viewer.account_id


_WRONG: Final = Problem("ERR_INVALID", "is not right")
