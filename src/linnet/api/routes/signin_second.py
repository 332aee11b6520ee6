"""`/signin/second`, `/signin/passkey`: the second step of signing in, and signing in with a passkey, in browsers."""

from linnet.api.answers import Answer as HttpAnswer
from linnet.api.answers import Html, Redirect
from linnet.api.browser import (
    check_form,
    drop_step,
    form_token,
    keep_session,
    origin_of,
    page,
    safe_path,
    session_cookie,
    sign_in_path,
    step_cookie,
)
from linnet.api.endpoint import Call, endpoint
from linnet.api.factor_fields import answer_of, credential_of, options_text, status_beside
from linnet.api.forms import Form
from linnet.api.pages import FOLDER, SCRIPT_PATH, render
from linnet.features.sessions import actions
from linnet.features.sessions.factors import passkeys, second
from linnet.features.sessions.models import WebSession
from linnet.platform.errors import Forbidden, ProductError, TooMany, Unauthenticated
from linnet.platform.site import Site

_CACHED = (("Cache-Control", "public, max-age=300"),)
_SCRIPT = (FOLDER / "passkeys.js").read_bytes()


class ThenForm(Form):
    """Where to go on to."""

    then: str = "/"


class SecondForm(ThenForm):
    """The form of the second step: a code, or what a passkey answered."""

    form_token: str = ""
    code: str = ""
    credential: str = ""


@endpoint("GET", SCRIPT_PATH, viewer="none", hidden=True)
async def show_script(call: Call) -> HttpAnswer:  # noqa: ARG001 -- a handler's shape
    """The only script of these pages: passkeys need one."""
    return HttpAnswer(200, _SCRIPT, "text/javascript; charset=utf-8", _CACHED)


@endpoint("GET", "/signin/second", viewer="none", hidden=True)
@page
async def show_second(call: Call, form: ThenForm) -> Html | Redirect:
    """Ask for a second factor."""
    return await _second_page(call, safe_path(form.then))


@endpoint("POST", "/signin/second", viewer="none", hidden=True)
@page
async def answer_second(call: Call, form: SecondForm) -> Html | Redirect:
    """Begin the browser's session and go on, or say what is wrong on the same page."""
    then, step = safe_path(form.then), step_cookie(call)
    if step is None:
        return Redirect(sign_in_path(then), 303)
    try:
        check_form(call, form.form_token)
        answer = answer_of(form.code, form.credential)
        session = await second.finish_in_browser(call.engines, step, answer, origin_of(call))
    except (Unauthenticated, Forbidden, TooMany) as error:
        return await _second_page(call, then, error)
    drop_step(call)
    return await _go_on(call, session, then)


@endpoint("GET", "/signin/passkey", viewer="none", hidden=True)
@page
async def show_passkey(call: Call, form: ThenForm) -> Html:
    """Ask for a passkey instead of name and password."""
    return await _passkey_page(call, safe_path(form.then))


@endpoint("POST", "/signin/passkey", viewer="none", hidden=True)
@page
async def sign_in_with_passkey(call: Call, form: SecondForm) -> Html | Redirect:
    """Begin the session of whoever's passkey this is and go on, or say what is wrong on the same page."""
    then = safe_path(form.then)
    try:
        check_form(call, form.form_token)
        session = await second.sign_in_browser_with_passkey(
            call.engines, credential_of(form.credential), _bound(form.form_token), origin_of(call)
        )
    except (Unauthenticated, Forbidden) as error:
        return await _passkey_page(call, then, problem=error.message)
    return await _go_on(call, session, then)


async def _go_on(call: Call, session: WebSession, then: str) -> Redirect:
    if (old := session_cookie(call)) is not None:
        await actions.sign_out_browser(call.engines, old)
    keep_session(call, session)
    return Redirect(then, 303)


async def _second_page(call: Call, then: str, error: ProductError | None = None) -> Html | Redirect:
    """The page, as long as the step can be answered; else the beginning."""
    step = step_cookie(call)
    methods = await second.methods(call.engines, step, "web") if step is not None else None
    if step is None or methods is None:
        return Redirect(sign_in_path(then), 303)
    options = await second.ask_for_passkey(call.engines, step, "web") if "passkey" in methods else None
    return render(
        call.engines.config(Site),
        "signin_second",
        status=status_beside(call, error),
        runs_script=True,
        title="One more step",
        methods=methods,
        options=options_text(options),
        problem=error.message if error else "",
        then=then,
        form_token=form_token(call),
    )


async def _passkey_page(call: Call, then: str, *, problem: str = "") -> Html:
    token = form_token(call)
    options = await passkeys.ask_to_sign(call.engines, None, "sign_in", bound_to=_bound(token))
    return render(
        call.engines.config(Site),
        "signin_passkey",
        status=422 if problem else 200,
        runs_script=True,
        title="Sign in with a passkey",
        options=options_text(options),
        problem=problem,
        then=then,
        form_token=token,
    )


def _bound(token: str) -> str:
    """The browser that a challenge is given to: the form's token is no other browser's."""
    return f"browser:{token}"
