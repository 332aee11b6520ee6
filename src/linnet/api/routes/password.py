"""`/password/…` and `/account/delete`: what guards an account, in browsers without scripts."""

from typing import Final

from linnet.api.answers import Html, Redirect
from linnet.api.asking import Asked, Field, ask, ask_owner, somebody, told
from linnet.api.browser import check_form, drop_session, keep_device, origin_of, page
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.features.sessions import recovery
from linnet.platform.errors import Forbidden, Invalid, TooMany

_NEW_HINT: Final = "At least 8 characters. A few unusual words in a row are easy to keep in mind and hard to guess."
_ASK_AGAIN: Final = ("Ask for another letter", "/password/forgot")


class ForgotForm(Form):
    """Whose password was forgotten."""

    form_token: str = ""
    identifier: str = ""


class ResetForm(Form):
    """The password from now on."""

    form_token: str = ""
    password: str = ""


class ChangeForm(Form):
    """The password now, and the one from now on."""

    form_token: str = ""
    current: str = ""
    new: str = ""


class DeleteForm(Form):
    """The proof that it is the owner who wants it."""

    form_token: str = ""
    password: str = ""


@endpoint("GET", "/password/forgot", viewer="none", hidden=True)
@page
async def show_forgot(call: Call) -> Html | Redirect:
    """Ask who cannot sign in."""
    return ask(call, _forgot())


@endpoint("POST", "/password/forgot", viewer="none", hidden=True)
@page
async def forget(call: Call, form: ForgotForm) -> Html | Redirect:
    """Have a letter sent, and say the same whether or not there is such an account."""
    try:
        check_form(call, form.form_token)
    except Forbidden as error:
        return ask(call, _forgot(form.identifier), error)
    await recovery.forgot(call.engines, form.identifier)
    sentence = (
        "If there is such an account, a letter is on its way to its address. It has a link that works for one hour. "
        "Look among the unwanted letters, too."
    )
    return told(call, "Look into your mailbox", sentence)


@endpoint("GET", "/password/reset/{token}", viewer="none", hidden=True)
@page
async def show_reset(call: Call, token: str) -> Html | Redirect:
    """Ask who came from a letter for a new password; to look spends nothing."""
    username = await recovery.resettable(call.engines, token)
    return _stale(call) if username is None else ask(call, _reset(token, username))


@endpoint("POST", "/password/reset/{token}", viewer="none", hidden=True)
@page
async def reset(call: Call, token: str, form: ResetForm) -> Html | Redirect:
    """Set the new password, and send the person to sign in with it."""
    username = await recovery.resettable(call.engines, token)
    if username is None:
        return _stale(call)
    try:
        check_form(call, form.form_token)
        keep_device(call, await recovery.reset(call.engines, token, form.password, origin_of(call)))
    except (Forbidden, Invalid, TooMany) as error:
        return ask(call, _reset(token, username), error)
    drop_session(call)
    return Redirect("/signin?again=1", 303)


@endpoint("GET", "/password/change", viewer="none", hidden=True)
@page
async def show_change(call: Call) -> Html | Redirect:
    """Ask for the password now and the next one."""
    return await ask_owner(call, _CHANGE)


@endpoint("POST", "/password/change", viewer="none", hidden=True)
@page
async def change(call: Call, form: ChangeForm) -> Html | Redirect:
    """Change the password; this browser stays signed in."""
    access = await somebody(call)
    if isinstance(access, Redirect):
        return access
    try:
        check_form(call, form.form_token)
        await recovery.change_password(call.engines, access, form.current, form.new, origin_of(call))
    except (Forbidden, Invalid, TooMany) as error:
        return ask(call, _CHANGE, error)
    return told(call, "Your password is changed", "All other devices are signed out. Apps that you let in stay.")


@endpoint("GET", "/account/delete", viewer="none", hidden=True)
@page
async def show_delete(call: Call) -> Html | Redirect:
    """Ask whether the person means it."""
    return await ask_owner(call, _DELETE)


@endpoint("POST", "/account/delete", viewer="none", hidden=True)
@page
async def delete(call: Call, form: DeleteForm) -> Html | Redirect:
    """Delete the account for good."""
    access = await somebody(call)
    if isinstance(access, Redirect):
        return access
    try:
        check_form(call, form.form_token)
        await recovery.delete_account(call.engines, access, form.password, origin_of(call))
    except (Forbidden, Invalid, TooMany) as error:
        return ask(call, _DELETE, error)
    drop_session(call)
    return told(call, "Your account is deleted", "Nobody sees it any more. What it left behind is being erased.")


def _stale(call: Call) -> Html:
    return told(call, "This link is stale", f"{recovery.STALE} The sign-in page has a link for it.", status=403)


def _forgot(identifier: str = "") -> Asked:
    field = Field("identifier", "User name or e-mail address", autocomplete="username", value=identifier)
    lead = ("We send a letter to the address of your account, with a link to choose a new password.",)
    return Asked("Forgot your password?", "/password/forgot", "Send me the letter", lead, (field,))


def _reset(token: str, username: str) -> Asked:
    field = Field("password", "The new password", "password", "new-password", _NEW_HINT)
    lead = (f"For @{username}. All devices and apps are signed out, and you sign in with the new password.",)
    return Asked("Choose a new password", f"/password/reset/{token}", "Set the password", lead, (field,), *_ASK_AGAIN)


_CHANGE: Final = Asked(
    "Change your password",
    "/password/change",
    "Change it",
    ("All other devices are signed out by this. Apps that you let in stay.",),
    (
        Field("current", "Your password now", "password", "current-password"),
        Field("new", "The new password", "password", "new-password", _NEW_HINT),
    ),
    "Forgot your password?",
    "/password/forgot",
)
_DELETE: Final = Asked(
    "Delete your account",
    "/account/delete",
    "Delete my account for good",
    (
        "Your profile and all your posts go away at once, and are erased. Nobody can bring them back, not even we.",
        "Your user name stays taken, so that nobody can pass for you.",
    ),
    (Field("password", "Your password", "password", "current-password"),),
    "Keep it",
    "/",
)
