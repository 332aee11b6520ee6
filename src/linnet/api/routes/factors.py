"""`/api/v1/auth/factors`, `/api/v1/auth/step_up`: second factors, for our own clients; and proving anew who one is."""

from typing import Any

import msgspec

from linnet.api.answers import NoContent
from linnet.api.auth import access_of, origin_of
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.routes.auth import SECRET
from linnet.features.sessions.factors import passkeys, reads, recovery, step_up, totp
from linnet.features.sessions.factors.models import Answer, Passkey
from linnet.mastodon.dates import moment

Options = dict[str, Any]
"""What a browser hands to `navigator.credentials`, in WebAuthn's JSON."""


class CodeForm(Form):
    """A code of an authenticator app."""

    code: str = ""


class StepUpForm(Form):
    """One proof: a second factor, or the password of an account that has none."""

    password: str = ""
    totp: str = ""
    recovery_code: str = ""
    passkey: dict[str, Any] | None = None

    def answer(self) -> Answer:
        """What the verb takes."""
        return Answer(self.totp, self.recovery_code, self.passkey, self.password)


class OwnPasskey(msgspec.Struct, kw_only=True):
    """A passkey, for its owner."""

    id: str
    name: str
    created_at: str
    last_used_at: str | None
    backed_up: bool
    """Whether it is kept in more places than one device."""


class OwnFactors(msgspec.Struct, kw_only=True):
    """What an account has besides its password."""

    totp: bool
    passkeys: list[OwnPasskey]
    recovery_codes_left: int
    step_up_methods: list[str]
    """What `POST /api/v1/auth/step_up` takes of this account: `password`, or `totp`, `recovery`, `passkey`."""


class TotpEnrolment(msgspec.Struct, kw_only=True):
    """A secret to put into an authenticator app, as text and as the address that a QR code holds."""

    secret: str
    uri: str


class RecoveryCodes(msgspec.Struct, kw_only=True):
    """Recovery codes, shown this once; empty when the account has some already."""

    recovery_codes: list[str]


class PasskeyAdded(msgspec.Struct, kw_only=True):
    """A new passkey, and recovery codes when the account had none."""

    passkey: OwnPasskey
    recovery_codes: list[str]


class PasskeyForm(Form):
    """What an authenticator answered, in WebAuthn's JSON (`PublicKeyCredential.toJSON()`)."""

    credential: dict[str, Any]
    name: str = ""
    """What its owner calls it."""


class NameForm(Form):
    """A new name."""

    name: str


@endpoint("GET", "/api/v1/auth/factors", scope="read:accounts")
async def show_factors(call: Call) -> OwnFactors:
    """List one's second factors. Not for apps."""
    step_up.own_session(access_of(call))
    found = await reads.of_account(call.engines, call.me.account_id)
    return OwnFactors(
        totp=found.totp,
        passkeys=[_shown(one) for one in found.passkeys],
        recovery_codes_left=found.recovery_codes_left,
        step_up_methods=list(await step_up.methods(call.engines, call.me.account_id)),
    )


@endpoint("POST", "/api/v1/auth/factors/totp", scope="write:accounts")
async def enrol_totp(call: Call) -> TotpEnrolment:
    """Get a secret for an authenticator app. It counts once a code of it was sent to `…/confirm`. Needs a step-up."""
    await step_up.require_recent(call.engines, access_of(call))
    call.answer_headers.append(SECRET)
    enrolment = await totp.enrol(call.engines, call.me.account_id)
    return TotpEnrolment(secret=enrolment.secret, uri=enrolment.uri)


@endpoint("POST", "/api/v1/auth/factors/totp/confirm", scope="write:accounts")
async def confirm_totp(call: Call, form: CodeForm) -> RecoveryCodes:
    """Let the authenticator app count, with a code that it shows. Needs a step-up."""
    access = access_of(call)
    await step_up.require_recent(call.engines, access)
    call.answer_headers.append(SECRET)
    session_id = step_up.own_session(access)
    codes = await totp.confirm(call.engines, call.me.account_id, form.code, session_id=session_id)
    return RecoveryCodes(recovery_codes=codes)


@endpoint("DELETE", "/api/v1/auth/factors/totp", scope="write:accounts", status=204)
async def remove_totp(call: Call) -> NoContent:
    """Let the authenticator app no longer count. Needs a step-up."""
    await step_up.require_recent(call.engines, access_of(call))
    await totp.remove(call.engines, call.me.account_id)
    return NoContent()


@endpoint("POST", "/api/v1/auth/factors/recovery_codes", scope="write:accounts")
async def renew_recovery_codes(call: Call) -> RecoveryCodes:
    """Get ten new recovery codes; the old ones stop working. Needs a step-up."""
    await step_up.require_recent(call.engines, access_of(call))
    call.answer_headers.append(SECRET)
    return RecoveryCodes(recovery_codes=await recovery.renew(call.engines, call.me.account_id))


@endpoint("GET", "/api/v1/auth/passkeys", scope="read:accounts")
async def list_passkeys(call: Call) -> list[OwnPasskey]:
    """List one's passkeys, oldest first. Not for apps."""
    step_up.own_session(access_of(call))
    return [_shown(one) for one in await passkeys.of_account(call.engines, call.me.account_id)]


@endpoint("POST", "/api/v1/auth/passkeys/options", scope="write:accounts")
async def ask_for_passkey(call: Call) -> Options:
    """Get what `navigator.credentials.create` takes, in WebAuthn's JSON, good for five minutes. Needs a step-up."""
    access = access_of(call)
    await step_up.require_recent(call.engines, access)
    return dict(await passkeys.ask_to_add(call.engines, call.me.account_id, bound_to=step_up.session_of(access)))


@endpoint("POST", "/api/v1/auth/passkeys", scope="write:accounts")
async def add_passkey(call: Call, form: PasskeyForm) -> PasskeyAdded:
    """Add the passkey that was created by the options. Needs a step-up."""
    access = access_of(call)
    await step_up.require_recent(call.engines, access)
    call.answer_headers.append(SECRET)
    added, codes = await passkeys.add(
        call.engines,
        call.me.account_id,
        form.credential,
        form.name,
        bound_to=step_up.session_of(access),
        session_id=step_up.own_session(access),
    )
    return PasskeyAdded(passkey=_shown(added), recovery_codes=codes)


@endpoint("PATCH", "/api/v1/auth/passkeys/{passkey_id}", scope="write:accounts", status=204)
async def rename_passkey(call: Call, passkey_id: int, form: NameForm) -> NoContent:
    """Call a passkey something else. Not for apps."""
    step_up.own_session(access_of(call))
    await passkeys.rename(call.engines, call.me.account_id, passkey_id, form.name)
    return NoContent()


@endpoint("DELETE", "/api/v1/auth/passkeys/{passkey_id}", scope="write:accounts", status=204)
async def remove_passkey(call: Call, passkey_id: int) -> NoContent:
    """Let a passkey no longer count. Needs a step-up."""
    await step_up.require_recent(call.engines, access_of(call))
    await passkeys.remove(call.engines, call.me.account_id, passkey_id)
    return NoContent()


@endpoint("POST", "/api/v1/auth/step_up", scope="write:accounts", status=204)
async def prove_anew(call: Call, form: StepUpForm) -> NoContent:
    """Prove who one is, so that for a quarter of an hour the session may do what needs a step-up."""
    await step_up.step_up(call.engines, access_of(call), form.answer(), origin_of(call))
    return NoContent()


@endpoint("POST", "/api/v1/auth/step_up/options", scope="write:accounts")
async def ask_to_prove_anew(call: Call) -> Options:
    """Get what `navigator.credentials.get` takes, in WebAuthn's JSON, to step up with a passkey."""
    return dict(await step_up.ask_for_passkey(call.engines, access_of(call)))


def _shown(passkey: Passkey) -> OwnPasskey:
    return OwnPasskey(
        id=str(passkey.id),
        name=passkey.name,
        created_at=moment(passkey.created_at),
        last_used_at=moment(passkey.used_at) if passkey.used_at else None,
        backed_up=passkey.backed_up,
    )
