"""`/api/v1/auth/second_factor`, `/api/v1/auth/passkeys/signin`: signing in further than a password, or without one."""

from dataclasses import replace
from typing import Any

import msgspec

from linnet.api.auth import origin_of
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.routes.auth import SECRET, SessionTokens, session_tokens
from linnet.features.sessions.factors import passkeys, second
from linnet.features.sessions.factors.models import Answer
from linnet.features.sessions.models import Origin
from linnet.features.sessions.tokens import hash_of, new_secret

Options = dict[str, Any]
"""What a browser hands to `navigator.credentials`, in WebAuthn's JSON."""


class StepForm(Form):
    """Which sign-in goes on: the token of the answer that asked for a second factor."""

    token: str


class SecondFactorForm(StepForm):
    """One of the factors that were asked for."""

    totp: str = ""
    recovery_code: str = ""
    passkey: dict[str, Any] | None = None
    device_token: str = ""
    """What an earlier answer said, so that this device is told from strangers who try codes."""


class PasskeySigninForm(Form):
    """What an authenticator answered, in WebAuthn's JSON, and what the options came with."""

    ceremony: str
    credential: dict[str, Any]
    device_token: str = ""


class PasskeySigninOptions(msgspec.Struct, kw_only=True):
    """What `navigator.credentials.get` takes, and what goes back with its answer."""

    ceremony: str
    options: Options


@endpoint("POST", "/api/v1/auth/second_factor", viewer="none")
async def answer_second_factor(call: Call, form: SecondFactorForm) -> SessionTokens:
    """Finish signing in with a code of an authenticator app, a recovery code or a passkey: 5 minutes, 5 tries."""
    answer = Answer(form.totp, form.recovery_code, form.passkey)
    pair = await second.finish_log_in(call.engines, form.token, answer, _origin(call, form.device_token))
    return await session_tokens(call, pair)


@endpoint("POST", "/api/v1/auth/second_factor/options", viewer="none")
async def ask_for_second_passkey(call: Call, form: StepForm) -> Options:
    """Get what `navigator.credentials.get` takes, in WebAuthn's JSON, to answer with a passkey."""
    call.answer_headers.append(SECRET)
    return dict(await second.ask_for_passkey(call.engines, form.token, "api"))


@endpoint("POST", "/api/v1/auth/passkeys/signin/options", viewer="none")
async def ask_who_signs_in(call: Call) -> PasskeySigninOptions:
    """Begin to sign in with a passkey alone, without a name: good once, for five minutes."""
    call.answer_headers.append(SECRET)
    ceremony = new_secret()
    options = await passkeys.ask_to_sign(call.engines, None, "sign_in", bound_to=_bound(ceremony))
    return PasskeySigninOptions(ceremony=ceremony, options=dict(options))


@endpoint("POST", "/api/v1/auth/passkeys/signin", viewer="none")
async def sign_in_with_passkey(call: Call, form: PasskeySigninForm) -> SessionTokens:
    """Sign in with a passkey alone. It has verified its user, so no second factor is asked for."""
    origin = _origin(call, form.device_token)
    pair = await second.log_in_with_passkey(call.engines, form.credential, _bound(form.ceremony), origin)
    return await session_tokens(call, pair)


def _bound(ceremony: str) -> str:
    return f"ceremony:{hash_of(ceremony).hex()}"


def _origin(call: Call, device_token: str) -> Origin:
    return replace(origin_of(call), device_token=device_token)
