"""`/confirm`, `/email/change`, `/unlock`: where the links in letters lead.

To look at a page spends nothing: programs that read mail follow links, people press buttons.
"""

from typing import Final

from linnet.api.answers import Html, Redirect
from linnet.api.asking import Asked, Field, ask, ask_owner, somebody, told
from linnet.api.browser import check_form, form_token, keep_device, origin_of, page, safe_path
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.pages import render
from linnet.features.accounts import addresses
from linnet.features.sessions import recovery
from linnet.platform.errors import Forbidden, Invalid, TooMany
from linnet.platform.site import Site


class ThenForm(Form):
    """Where to go on to."""

    then: str = "/"


class ButtonForm(Form):
    """A button."""

    form_token: str = ""


class AgainForm(Form):
    """Where to send the letter again; empty for where it went before."""

    form_token: str = ""
    email: str = ""
    then: str = "/"


class EmailForm(Form):
    """Another address, and the proof that it is the owner who wants it."""

    form_token: str = ""
    email: str = ""
    password: str = ""


@endpoint("GET", "/confirm", viewer="none", hidden=True)
@page
async def show_waiting(call: Call, form: ThenForm) -> Html | Redirect:
    """Tell a new member that a letter waits for them, or go on when none does."""
    return await _waiting(call, then=safe_path(form.then))


@endpoint("POST", "/confirm", viewer="none", hidden=True)
@page
async def send_again(call: Call, form: AgainForm) -> Html | Redirect:
    """Send the letter again, to another address if one is named."""
    access = await somebody(call, unconfirmed=True)
    if isinstance(access, Redirect):
        return access
    assert access.viewer is not None, "somebody"
    then = safe_path(form.then)
    try:
        check_form(call, form.form_token)
        await addresses.ask_again(call.engines, access.viewer.account_id, form.email.strip() or None)
    except Invalid as error:
        found = " ".join(f"The address {one.description}." for one in error.details["email"])
        return await _waiting(call, then=then, problem=found, email=form.email)
    except Forbidden as error:
        return await _waiting(call, then=then, problem=error.message)
    return await _waiting(call, then=then, sent=True)


@endpoint("GET", "/confirm/{token}", viewer="none", hidden=True)
@page
async def show_confirm(call: Call, token: str) -> Html | Redirect:
    """Ask who came from a letter to confirm its address."""
    proof = await addresses.confirmable(call.engines, token)
    return _stale(call) if proof is None else ask(call, _confirm(token, proof.detail))


@endpoint("POST", "/confirm/{token}", viewer="none", hidden=True)
@page
async def confirm(call: Call, token: str, form: ButtonForm) -> Html | Redirect:
    """Let the address count."""
    proof = await addresses.confirmable(call.engines, token)
    if proof is None:
        return _stale(call)
    try:
        check_form(call, form.form_token)
        await addresses.confirm(call.engines, token)
    except (Forbidden, Invalid) as error:
        return ask(call, _confirm(token, proof.detail), error)
    return told(call, "Your address is confirmed", f"Letters for you go to {proof.detail} from now on.")


@endpoint("GET", "/unlock/{token}", viewer="none", hidden=True)
@page
async def show_unlock(call: Call, token: str) -> Html | Redirect:
    """Ask who came from a letter whether it was them who could not get in."""
    return ask(call, _unlock(token)) if await recovery.unlockable(call.engines, token) else _stale(call)


@endpoint("POST", "/unlock/{token}", viewer="none", hidden=True)
@page
async def unlock(call: Call, token: str, form: ButtonForm) -> Html | Redirect:
    """Let new devices try again, and go to sign in."""
    try:
        check_form(call, form.form_token)
    except Forbidden as error:
        return ask(call, _unlock(token), error)
    keep_device(call, await recovery.unlock(call.engines, token, origin_of(call)))
    return Redirect("/signin?again=1", 303)


@endpoint("GET", "/email/change", viewer="none", hidden=True)
@page
async def show_change(call: Call) -> Html | Redirect:
    """Ask for another address."""
    return await ask_owner(call, _change())


@endpoint("POST", "/email/change", viewer="none", hidden=True)
@page
async def change(call: Call, form: EmailForm) -> Html | Redirect:
    """Have a letter sent to the other address."""
    access = await somebody(call)
    if isinstance(access, Redirect):
        return access
    try:
        check_form(call, form.form_token)
        await recovery.change_email(call.engines, access, form.password, form.email, origin_of(call))
    except (Forbidden, Invalid, TooMany) as error:
        return ask(call, _change(form.email), error)
    return Redirect("/confirm", 303)


async def _waiting(
    call: Call, *, then: str = "/", problem: str = "", email: str = "", sent: bool = False
) -> Html | Redirect:
    access = await somebody(call, unconfirmed=True)
    if isinstance(access, Redirect):
        return access
    assert access.viewer is not None, "somebody"
    address = await addresses.address_of(call.engines, access.viewer.account_id)
    if address.is_confirmed and address.new_email is None:
        return Redirect(then, 303)
    return render(
        call.engines.config(Site),
        "confirm",
        status=422 if problem else 200,
        title="Look into your mailbox",
        address=address,
        sent=sent,
        problem=problem,
        email=email,
        then=then,
        form_token=form_token(call),
    )


def _stale(call: Call) -> Html:
    return told(call, "This link is stale", addresses.STALE, status=403)


def _confirm(token: str, email: str) -> Asked:
    return Asked("Confirm your address", f"/confirm/{token}", "Yes, it is mine", (f"Is {email} your address?",))


def _unlock(token: str) -> Asked:
    return Asked("Let me sign in again", f"/unlock/{token}", "It was me who tried", _UNLOCK)


def _change(email: str = "") -> Asked:
    fields = (
        Field("email", "The new address", "email", "email", value=email),
        Field("password", "Your password", "password", "current-password"),
    )
    return Asked("Change your e-mail address", "/email/change", "Send a letter there", _CHANGE, fields)


_UNLOCK: Final = ("Many attempts to sign in to your account failed, so devices that are new to us were held back.",)
_CHANGE: Final = ("We send a letter to the new address. Once you follow its link, it counts, and we tell the old one.",)
