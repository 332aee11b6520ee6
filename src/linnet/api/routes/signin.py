"""`/signin`, `/signout`: people in browsers, without scripts."""

from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

from linnet.api.answers import Answer, Html, Redirect
from linnet.api.browser import (
    check_form,
    drop_session,
    form_token,
    keep_session,
    keep_step,
    origin_of,
    page,
    safe_path,
    session_cookie,
    signed_in,
)
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.pages import FOLDER, STYLE_PATH, render
from linnet.features.accounts.signup import SignupMode, SignupRules
from linnet.features.sessions import actions, reads
from linnet.features.sessions.models import SecondStep
from linnet.mastodon.entities.account import Account
from linnet.mastodon.presenters.accounts import present_account
from linnet.platform.errors import Forbidden, TooMany, Unauthenticated
from linnet.platform.site import Site

_CACHED = (("Cache-Control", "public, max-age=300"),)


class ThenForm(Form):
    """Where to go on to."""

    then: str = "/"
    again: bool = False
    """Sign in again, even if somebody is signed in."""


class SigninForm(Form):
    """The sign-in form."""

    form_token: str = ""
    identifier: str = ""
    password: str = ""
    then: str = "/"


class SignoutForm(Form):
    """The button that signs out."""

    form_token: str = ""
    then: str = "/"


@endpoint("GET", STYLE_PATH, viewer="none", hidden=True)
async def show_style(call: Call) -> Answer:  # noqa: ARG001 -- a handler's shape
    """How the pages look."""
    return Answer(200, _STYLE, "text/css; charset=utf-8", _CACHED)


@endpoint("GET", "/signin", viewer="none", hidden=True)
@page
async def show_signin(call: Call, form: ThenForm) -> Html:
    """Ask who the person is."""
    return await _signin_page(call, safe_path(form.then), again=form.again)


@endpoint("POST", "/signin", viewer="none", hidden=True)
@page
async def sign_in(call: Call, form: SigninForm) -> Html | Redirect:
    """Begin a browser's session and go on, or say what is wrong on the same page."""
    then = safe_path(form.then)
    try:
        check_form(call, form.form_token)
        session = await actions.sign_in_browser(call.engines, form.identifier, form.password, origin_of(call))
    except TooMany as error:
        call.answer_headers.append(("Retry-After", str(error.retry_after_s)))
        shown = await _signin_page(call, then, again=True, identifier=form.identifier, problem=error.message)
        return replace(shown, status=429)
    except (Unauthenticated, Forbidden) as error:
        return await _signin_page(call, then, again=True, identifier=form.identifier, problem=error.message)
    if isinstance(session, SecondStep):
        keep_step(call, session)
        return Redirect(f"/signin/second?{urlencode({'then': then})}", 303)
    if (old := session_cookie(call)) is not None:
        await actions.sign_out_browser(call.engines, old)
    keep_session(call, session)
    return Redirect(then, 303)


@endpoint("POST", "/signout", viewer="none", hidden=True)
@page
async def sign_out(call: Call, form: SignoutForm) -> Redirect:
    """End the browser's session; `then` is where the next one begins."""
    check_form(call, form.form_token)
    if (cookie := session_cookie(call)) is not None:
        await actions.sign_out_browser(call.engines, cookie)
    drop_session(call)
    return Redirect(safe_path(form.then), 303)


async def _signin_page(call: Call, then: str, *, again: bool, identifier: str = "", problem: str = "") -> Html:
    return render(
        call.engines.config(Site),
        "signin",
        status=422 if problem else 200,
        title="Sign in",
        app_name=await _app_name(call, then),
        known=None if again else await _known(call),
        may_join=call.engines.config(SignupRules).mode is not SignupMode.CLOSED,
        identifier=identifier,
        problem=problem,
        then=then,
        form_token=form_token(call),
    )


async def _known(call: Call) -> Account | None:
    """Who is signed in at this browser."""
    access = await signed_in(call)
    return await present_account(call.engines, access.viewer.account_id) if access and access.viewer else None


async def _app_name(call: Call, then: str) -> str | None:
    """The app that the person will be asked about after signing in, when `then` is an app's request."""
    parts = urlsplit(then)
    client_ids = parse_qs(parts.query).get("client_id", [])
    if not parts.path.startswith("/oauth/authorize") or not client_ids or "\0" in client_ids[0]:
        return None
    app = await reads.app_with_client_id(call.engines, client_ids[0])
    return app.name if app is not None else None


_STYLE = (FOLDER / "style.css").read_bytes()
