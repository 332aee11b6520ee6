"""`/oauth`: apps get tokens. Letting an app in, which is done in a browser, is in `consent`."""

from linnet.api.answers import Answer, json_answer
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.oauth_rules import (
    AppVerdict,
    CodeVerdict,
    Parameters,
    Refused,
    check_client,
    check_token_request,
    client_id_of,
)
from linnet.features.sessions import apps, reads
from linnet.features.sessions.models import App, IssuedToken
from linnet.mastodon.entities.userinfo import UserInfo
from linnet.mastodon.presenters.accounts import present_account
from linnet.mastodon.presenters.apps import present_token
from linnet.platform.site import Site

UNKNOWN_CODE = "The code is unknown, used, too old, for another redirect URI or for another app."
NOT_YOURS = "You are not authorized to revoke this token"
_SECRET = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))


class TokenForm(Form):
    """A request for a token. The client may name itself here or in a Basic `Authorization` header."""

    grant_type: str = ""
    client_id: str = ""
    client_secret: str = ""
    code: str = ""
    redirect_uri: str = ""
    code_verifier: str = ""
    scope: str = ""


class RevocationForm(Form):
    """A token to end, and the client that it was given to."""

    token: str = ""
    client_id: str = ""
    client_secret: str = ""


@endpoint("POST", "/oauth/token", viewer="none")
async def token(call: Call, form: TokenForm) -> Answer:
    """Give a token for an authorization code, or to an app for itself. Tokens do not expire."""
    sent = {name: value for name in form.__struct_fields__ if (value := getattr(form, name))}
    authorization = call.headers.get("authorization")
    try:
        app = await _app(call, sent, authorization)
        code = await reads.code_given(call.engines, form.code) if form.code else None
        verdict = check_token_request(app, code, sent, authorization, at=call.engines.clock.now())
        issued = await _issue(call, verdict)
    except Refused as refused:
        return _refusal(refused, authorization)
    return json_answer(present_token(issued), headers=_SECRET)


@endpoint("POST", "/oauth/revoke", viewer="none")
async def revoke(call: Call, form: RevocationForm) -> Answer:
    """End a token of the app that asks; a token that is unknown or has ended is no mistake."""
    sent = {name: value for name in form.__struct_fields__ if (value := getattr(form, name))}
    authorization = call.headers.get("authorization")
    try:
        app = check_client(await _app(call, sent, authorization), sent, authorization)
    except Refused as refused:
        return _refusal(refused, authorization)
    if not form.token:
        return _refusal(Refused("invalid_request", "Missing 'token' in request."), authorization)
    owner_id = await reads.app_id_of_token(call.engines, form.token)
    if owner_id not in {None, app.id}:
        return _refusal(Refused("unauthorized_client", NOT_YOURS, status=403), authorization)
    if owner_id is not None:
        await apps.revoke_token(call.engines, form.token)
    return json_answer({})


@endpoint("GET", "/oauth/userinfo", scope="profile")
async def userinfo(call: Call) -> UserInfo:
    """Show who the token's account is, by the names of OpenID Connect."""
    site = call.engines.config(Site)
    account = await present_account(call.engines, call.me.account_id)
    return UserInfo(
        iss=site.public_url,
        sub=account.uri,
        name=account.display_name,
        preferred_username=account.username,
        profile=account.url,
        picture=account.avatar,
    )


async def _app(call: Call, sent: Parameters, authorization: str | None) -> App | None:
    client_id = client_id_of(sent, authorization)
    return await reads.app_with_client_id(call.engines, client_id) if client_id else None


async def _issue(call: Call, verdict: CodeVerdict | AppVerdict) -> IssuedToken:
    """Carry out what was found right; a code may still turn out to be used, by an earlier or a simultaneous request."""
    if isinstance(verdict, AppVerdict):
        return await apps.give_token(call.engines, verdict.app.id, None, verdict.scopes)
    issued = await apps.redeem_code(call.engines, verdict.code)
    if issued is None:
        raise Refused("invalid_grant", UNKNOWN_CODE)
    return issued


def _refusal(refused: Refused, authorization: str | None) -> Answer:
    """OAuth's error; who tried the `Authorization` header is told which one (RFC 6749, 5.2)."""
    headers = _SECRET
    if refused.status == 401 and authorization:  # noqa: PLR2004
        headers = (*headers, ("WWW-Authenticate", 'Basic realm="OAuth"'))
    body = {"error": refused.error, "error_description": refused.description}
    return json_answer(body, status=refused.status, headers=headers)
