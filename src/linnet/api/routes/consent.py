"""`/oauth/authorize`: a person decides in a browser whether an app may act for their account."""

from urllib.parse import quote, urlencode

from linnet.api.answers import Html, Redirect
from linnet.api.browser import check_form, form_token, page, signed_in
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.oauth_rules import Asked, Refused, check_authorization
from linnet.api.pages import render
from linnet.api.scope_words import in_words
from linnet.features.sessions import apps, reads, redirects
from linnet.features.sessions.redirects import OUT_OF_BAND
from linnet.mastodon.presenters.accounts import present_account
from linnet.platform.errors import Invalid
from linnet.platform.site import Site

PATH = "/oauth/authorize"
CODE_CHARS_MAX = 100


class AuthorizeForm(Form):
    """What an app sends a person here with. `lang` is accepted; these pages speak English so far."""

    response_type: str = ""
    client_id: str = ""
    redirect_uri: str = ""
    scope: str = ""
    state: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""
    force_login: str = ""
    lang: str = ""

    def parameters(self) -> dict[str, str]:
        """What OAuth knows of it and what has a value."""
        named = {name: getattr(self, name) for name in self.__struct_fields__ if name in _OAUTH}
        return {name: value for name, value in named.items() if value}


class DecisionForm(AuthorizeForm):
    """The same again, with what the person decided."""

    form_token: str = ""
    decision: str = ""


class CodeForm(Form):
    """A code to show."""

    code: str = ""


@endpoint("GET", PATH, viewer="none", hidden=True)
@page
async def ask(call: Call, form: AuthorizeForm) -> Html | Redirect:
    """Ask the person whether the app may come in; first to sign in, when nobody is signed in or the app insists."""
    try:
        asked = await _asked(call, form)
    except Refused as refused:
        return _refusal(call, refused, form.state)
    access = await signed_in(call)
    forced = form.force_login.lower() not in {"", "0", "false", "off"}
    if access is None or access.viewer is None or forced:
        then = f"{PATH}?{urlencode(form.parameters())}"
        return Redirect(f"/signin?then={quote(then)}{'&again=1' if forced else ''}", 303)
    return render(
        call.engines.config(Site),
        "consent",
        form_target=redirects.csp_source(asked.redirect_uri),
        title=f"Let {asked.app.name} in?",
        app=asked.app,
        goes_to=_shown(asked.redirect_uri),
        scopes=in_words(asked.scopes),
        account=await present_account(call.engines, access.viewer.account_id),
        parameters=form.parameters(),
        then=f"{PATH}?{urlencode(form.parameters())}",
        form_token=form_token(call),
    )


@endpoint("POST", PATH, viewer="none", hidden=True)
@page
async def decide(call: Call, form: DecisionForm) -> Html | Redirect:
    """Send the person back to the app, with a code when they let it in."""
    check_form(call, form.form_token)
    try:
        asked = await _asked(call, form)
    except Refused as refused:
        return _refusal(call, refused, form.state)
    access = await signed_in(call)
    if access is None or access.viewer is None:
        return Redirect(f"/signin?then={quote(f'{PATH}?{urlencode(form.parameters())}')}", 303)
    state = [("state", form.state)] if form.state else []
    if form.decision != "allow":
        if asked.redirect_uri == OUT_OF_BAND:
            sentence = f"{asked.app.name} may not act for your account. You can close this page."
            return render(call.engines.config(Site), "problem", title="You said no", sentence=sentence)
        denied = [("error", "access_denied"), ("error_description", "The person at the browser said no."), *state]
        return Redirect(redirects.with_parameters(asked.redirect_uri, denied))
    code = await apps.give_code(
        call.engines,
        asked.app,
        access.viewer.account_id,
        redirect_uri=asked.redirect_uri,
        scopes=asked.scopes,
        challenge=asked.challenge,
    )
    if asked.redirect_uri == OUT_OF_BAND:
        return Redirect(f"{PATH}/native?{urlencode([('code', code), *state])}", 303)
    return Redirect(redirects.with_parameters(asked.redirect_uri, [("code", code), *state]))


@endpoint("GET", f"{PATH}/native", viewer="none", hidden=True)
@page
async def show_code(call: Call, form: CodeForm) -> Html:
    """Show the code, for the person to copy into an app that cannot be sent to."""
    plain = form.code.replace("-", "").replace("_", "")
    if not (plain.isascii() and plain.isalnum() and len(form.code) <= CODE_CHARS_MAX):
        raise Invalid("This is not a code that we gave. Please begin again in the app.")
    return render(call.engines.config(Site), "code", title="Copy this code", code=form.code)


async def _asked(call: Call, form: AuthorizeForm) -> Asked:
    """What the app asks for; raises `Refused` when it may not."""
    app = await reads.app_with_client_id(call.engines, form.client_id) if form.client_id else None
    return check_authorization(app, form.parameters())


def _refusal(call: Call, refused: Refused, state: str) -> Html:
    """Say what is wrong; back to the app goes only who clicks.

    Anyone can register an app, and a link to this server must not send people anywhere unasked (RFC 9700, 4.11.2).
    """
    back = None
    if refused.redirect_uri is not None and refused.redirect_uri != OUT_OF_BAND:
        told = [("error", refused.error), ("error_description", refused.description)]
        back = redirects.with_parameters(refused.redirect_uri, [*told, *([("state", state)] if state else [])])
    return render(
        call.engines.config(Site),
        "refused",
        status=refused.status,
        title="The app made a mistake",
        error=refused.error,
        sentence=refused.description,
        back=back,
    )


def _shown(redirect_uri: str) -> str:
    """Where the person goes next, in a few words."""
    if redirect_uri == OUT_OF_BAND:
        return "a page with a code to copy"
    return redirects.destination(redirect_uri)


_OAUTH = frozenset(
    {"response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"}
)
