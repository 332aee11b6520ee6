"""`/settings/security`: one's second factors in a browser. Everything but passkeys works without scripts."""

import functools

import segno

from linnet.api.answers import Html, Redirect
from linnet.api.browser import (
    PageHandler,
    check_form,
    form_token,
    origin_of,
    page,
    safe_path,
    sign_in_path,
    signed_in,
)
from linnet.api.endpoint import Call, endpoint
from linnet.api.factor_fields import answer_of, credential_of, options_text, status_beside
from linnet.api.forms import Form
from linnet.api.pages import render
from linnet.features.accounts import reads as accounts
from linnet.features.sessions.factors import passkeys, reads, recovery, step_up, totp
from linnet.features.sessions.factors.models import Enrolment
from linnet.features.sessions.factors.step_up import StepUpRequired
from linnet.features.sessions.models import Access
from linnet.platform.errors import Conflict, Forbidden, Invalid, ProductError, TooMany, Unauthenticated
from linnet.platform.site import Site

PATH = "/settings/security"


class TokenForm(Form):
    """A button."""

    form_token: str = ""


class CodeForm(TokenForm):
    """The first code of an authenticator app."""

    code: str = ""


class ThenForm(Form):
    """Where to go on to."""

    then: str = PATH


class ConfirmForm(TokenForm):
    """A proof that it is still the same person."""

    password: str = ""
    code: str = ""
    credential: str = ""
    then: str = PATH


class PasskeyForm(TokenForm):
    """A new passkey, as the page's script has it from the browser."""

    credential: str = ""
    name: str = ""


class NameForm(TokenForm):
    """A new name."""

    name: str = ""


def own_page(handler: PageHandler) -> PageHandler:
    """Send who is not signed in to sign in, and who signed in long ago to prove themselves; goes below `@endpoint`."""

    @functools.wraps(handler)
    async def answer(call: Call, **arguments: object) -> object:
        try:
            return await handler(call, **arguments)
        except StepUpRequired:
            return Redirect(f"{PATH}/confirm", 303)
        except Unauthenticated:
            return Redirect(sign_in_path(call.path if call.endpoint.method == "GET" else PATH), 303)

    return page(answer)


@endpoint("GET", PATH, viewer="none", hidden=True)
@own_page
async def show_security(call: Call) -> Html:
    """What guards the account, and how to change it."""
    access = await _person(call)
    account_id = _account(access)
    try:
        await step_up.require_recent(call.engines, access)
        recent = True
    except StepUpRequired:
        recent = False
    return render(
        call.engines.config(Site),
        "security",
        title="Signing in safely",
        username=await _username(call, account_id),
        factors=await reads.of_account(call.engines, account_id),
        recent=recent,
        form_token=form_token(call),
    )


@endpoint("GET", f"{PATH}/confirm", viewer="none", hidden=True)
@own_page
async def ask_to_confirm(call: Call, form: ThenForm) -> Html:
    """Ask the person to prove anew who they are."""
    return await _confirm_page(call, await _person(call), safe_path(form.then))


@endpoint("POST", f"{PATH}/confirm", viewer="none", hidden=True)
@own_page
async def confirm(call: Call, form: ConfirmForm) -> Html | Redirect:
    """Let the session change what needs a fresh proof, for a quarter of an hour."""
    access = await _person(call)
    then = safe_path(form.then)
    try:
        check_form(call, form.form_token)
        answer = answer_of(form.code, form.credential, form.password)
        await step_up.step_up(call.engines, access, answer, origin_of(call))
    except (Invalid, TooMany, Forbidden) as error:
        return await _confirm_page(call, access, then, error)
    return Redirect(then, 303)


@endpoint("POST", f"{PATH}/totp", viewer="none", hidden=True)
@own_page
async def add_totp(call: Call, form: TokenForm) -> Html:
    """Show a secret for an authenticator app, also as a QR code."""
    account_id = _account(await _recent(call, form))
    return await _totp_page(call, await totp.enrol(call.engines, account_id))


@endpoint("POST", f"{PATH}/totp/confirm", viewer="none", hidden=True)
@own_page
async def confirm_totp(call: Call, form: CodeForm) -> Html | Redirect:
    """Switch the app on by its first code; show recovery codes when they are new."""
    access = await _recent(call, form)
    account_id = _account(access)
    try:
        codes = await totp.confirm(call.engines, account_id, form.code, session_id=step_up.own_session(access))
    except Invalid as error:
        enrolment = await totp.enrolling(call.engines, account_id)
        return Redirect(PATH, 303) if enrolment is None else await _totp_page(call, enrolment, problem=error.message)
    return _kept(call, codes)


@endpoint("POST", f"{PATH}/totp/remove", viewer="none", hidden=True)
@own_page
async def remove_totp(call: Call, form: TokenForm) -> Redirect:
    """Switch the app off."""
    await totp.remove(call.engines, _account(await _recent(call, form)))
    return Redirect(PATH, 303)


@endpoint("POST", f"{PATH}/recovery_codes", viewer="none", hidden=True)
@own_page
async def renew_codes(call: Call, form: TokenForm) -> Html | Redirect:
    """Show ten new recovery codes; the old ones no longer work."""
    return _kept(call, await recovery.renew(call.engines, _account(await _recent(call, form))))


@endpoint("GET", f"{PATH}/passkeys/new", viewer="none", hidden=True)
@own_page
async def ask_for_passkey(call: Call) -> Html:
    """Ask which device is to keep a passkey."""
    access = await _person(call)
    await step_up.require_recent(call.engines, access)
    return await _passkey_page(call, access)


@endpoint("POST", f"{PATH}/passkeys", viewer="none", hidden=True)
@own_page
async def add_passkey(call: Call, form: PasskeyForm) -> Html | Redirect:
    """Keep a new passkey; show recovery codes when they are new."""
    access = await _recent(call, form)
    credential = credential_of(form.credential)
    bound_to, session_id = step_up.session_of(access), step_up.own_session(access)
    try:
        _, codes = await passkeys.add(
            call.engines, _account(access), credential, form.name, bound_to=bound_to, session_id=session_id
        )
    except (Invalid, Conflict) as error:
        return await _passkey_page(call, access, name=form.name, problem=error.message)
    return _kept(call, codes)


@endpoint("POST", f"{PATH}/passkeys/{{passkey_id}}/rename", viewer="none", hidden=True)
@own_page
async def rename_passkey(call: Call, passkey_id: int, form: NameForm) -> Redirect:
    """Call a passkey something else."""
    await passkeys.rename(call.engines, _account(await _recent(call, form)), passkey_id, form.name)
    return Redirect(PATH, 303)


@endpoint("POST", f"{PATH}/passkeys/{{passkey_id}}/remove", viewer="none", hidden=True)
@own_page
async def remove_passkey(call: Call, passkey_id: int, form: TokenForm) -> Redirect:
    """Let a passkey no longer count."""
    await passkeys.remove(call.engines, _account(await _recent(call, form)), passkey_id)
    return Redirect(PATH, 303)


async def _person(call: Call) -> Access:
    """Who is signed in at this browser; raises `Unauthenticated` when nobody is."""
    access = await signed_in(call)
    if access is None:
        raise Unauthenticated
    return access


async def _recent(call: Call, form: TokenForm) -> Access:
    """The same, if they proved themselves lately and the form is ours."""
    access = await _person(call)
    check_form(call, form.form_token)
    await step_up.require_recent(call.engines, access)
    return access


def _account(access: Access) -> int:
    assert access.viewer is not None, "a browser's session is somebody's"
    return access.viewer.account_id


async def _username(call: Call, account_id: int) -> str:
    return (await accounts.usernames(call.engines.db, [account_id]))[account_id]


def _kept(call: Call, codes: list[str]) -> Html | Redirect:
    """New recovery codes to keep, or back when there are none to show."""
    if not codes:
        return Redirect(PATH, 303)
    return render(call.engines.config(Site), "security_codes", title="Your recovery codes", codes=codes)


async def _totp_page(call: Call, enrolment: Enrolment, *, problem: str = "") -> Html:
    return render(
        call.engines.config(Site),
        "security_totp",
        status=422 if problem else 200,
        title="Add an authenticator app",
        qr=segno.make_qr(enrolment.uri, error="m").svg_inline(scale=5, border=4, light="#fff", omitsize=True),
        secret=" ".join(enrolment.secret[start : start + 4] for start in range(0, len(enrolment.secret), 4)),
        uri=enrolment.uri,
        problem=problem,
        form_token=form_token(call),
    )


async def _passkey_page(call: Call, access: Access, *, name: str = "", problem: str = "") -> Html:
    bound_to = step_up.session_of(access)
    return render(
        call.engines.config(Site),
        "security_passkey",
        status=422 if problem else 200,
        runs_script=True,
        title="Add a passkey",
        options=options_text(await passkeys.ask_to_add(call.engines, _account(access), bound_to=bound_to)),
        name=name,
        problem=problem,
        form_token=form_token(call),
    )


async def _confirm_page(call: Call, access: Access, then: str, error: ProductError | None = None) -> Html:
    methods = await step_up.methods(call.engines, _account(access))
    options = await step_up.ask_for_passkey(call.engines, access) if "passkey" in methods else None
    return render(
        call.engines.config(Site),
        "security_confirm",
        status=status_beside(call, error),
        runs_script=True,
        title="Confirm that it is you",
        username=await _username(call, _account(access)),
        methods=methods,
        options=options_text(options),
        problem=error.message if error else "",
        then=then,
        form_token=form_token(call),
    )
