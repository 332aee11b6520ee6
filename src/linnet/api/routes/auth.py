"""`/api/v1/auth`: signing up, in and out in our own clients; and registration by an app, `POST /api/v1/accounts`."""

from dataclasses import replace

import msgspec

from linnet.api.answers import NoContent
from linnet.api.auth import access_of, origin_of
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.features.accounts import reads as accounts
from linnet.features.accounts.models import Viewer
from linnet.features.accounts.signup import SignUp, sign_up
from linnet.features.relationships import reads as relationships
from linnet.features.sessions import actions, apps, reads
from linnet.features.sessions.models import TokenPair
from linnet.mastodon.entities.account import CredentialAccount
from linnet.mastodon.entities.token import Token
from linnet.mastodon.presenters.accounts import present_own_account
from linnet.mastodon.presenters.apps import present_token
from linnet.platform.errors import Forbidden, Invalid, Problem, Unauthenticated

SECRET = ("Cache-Control", "no-store")


class SignupForm(Form):
    """A new member."""

    username: str = ""
    email: str = ""
    password: str = ""
    agreement: bool = False
    locale: str = "en"
    reason: str = ""
    """Where the operator approves new members: why this person would like to join."""
    invite_code: str = ""
    """An invitation: where only who brings one may join, and it spares the puzzle everywhere."""
    date_of_birth: str = ""
    """As 2001-12-31, where `registrations.min_age` of the instance is set. It is looked at and forgotten."""
    altcha: str = ""
    """The answer to the puzzle of `GET /api/v1/auth/challenge`, where this server sets one."""

    def filled(self) -> SignUp:
        """What the verb takes."""
        return SignUp(
            self.username,
            self.email,
            self.password,
            self.agreement,
            locale=self.locale,
            reason=self.reason,
            invite_code=self.invite_code,
            date_of_birth=self.date_of_birth,
            challenge_answer=self.altcha,
        )


class LoginForm(Form):
    """Whose account, and the proof."""

    identifier: str = ""
    """A user name or an e-mail address."""
    password: str = ""
    device_token: str = ""
    """What an earlier answer said, so that this device is told from strangers who try passwords."""


class RefreshForm(Form):
    """The refresh token of the last answer."""

    refresh_token: str = ""


class SessionTokens(msgspec.Struct, kw_only=True):
    """What a client of ours keeps: the access token for `expires_in` seconds, the refresh token for one use."""

    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str
    device_token: str | None
    """What to keep beyond this session and to send with the next sign-in; null where nobody signed in."""
    account: CredentialAccount


class SecondFactor(msgspec.Struct, kw_only=True):
    """What is asked for besides the password: `POST /api/v1/auth/second_factor` takes `token` and one of `methods`."""

    token: str
    methods: list[str]
    expires_in: int
    """Seconds."""


class SecondFactorWanted(msgspec.Struct, kw_only=True):
    """401: the password was right, and a second factor is wanted."""

    error: str
    error_code: str
    second_factor: SecondFactor


@endpoint("POST", "/api/v1/auth/signup", viewer="none")
async def signup(call: Call, form: SignupForm) -> SessionTokens:
    """Sign up, and be signed in. Where members are approved or confirm an address, the tokens work from then on."""
    account_id = await sign_up(call.engines, form.filled(), call.address)
    pair = await actions.begin_session(call.engines, account_id, origin_of(call), signed_up=True)
    return await session_tokens(call, pair)


@endpoint("POST", "/api/v1/auth/login", viewer="none", also=(401,))
async def login(call: Call, form: LoginForm) -> SessionTokens | SecondFactorWanted:
    """Sign in with a user name or an e-mail address, and a password; or learn which second factor is wanted (401)."""
    _require(identifier=form.identifier, password=form.password)
    origin = replace(origin_of(call), device_token=form.device_token)
    begun = await actions.log_in(call.engines, form.identifier, form.password, origin)
    if isinstance(begun, TokenPair):
        return await session_tokens(call, begun)
    call.answer_status = 401
    call.answer_headers.append(SECRET)
    return SecondFactorWanted(
        error="The password is right. Please prove yourself with a second factor, too.",
        error_code="second_factor_required",
        second_factor=SecondFactor(token=begun.token, methods=list(begun.methods), expires_in=begun.expires_in_s),
    )


@endpoint("POST", "/api/v1/auth/refresh", viewer="none")
async def refresh(call: Call, form: RefreshForm) -> SessionTokens:
    """Get the next pair of tokens. The refresh token is used up; one that comes a second time ends the session."""
    _require(refresh_token=form.refresh_token)
    return await session_tokens(call, await actions.refresh(call.engines, form.refresh_token))


@endpoint("POST", "/api/v1/auth/logout", viewer="none", status=204)
async def logout(call: Call, form: RefreshForm) -> NoContent:
    """Sign out: end the session of the access token or, when that one is too old, of the refresh token."""
    access = await reads.access_of(call.engines, call.bearer, unconfirmed=True) if call.bearer else None
    if access is not None and access.session_id is not None:
        await actions.revoke(call.engines, access.session_id)
    elif not await actions.log_out(call.engines, form.refresh_token):
        raise Unauthenticated
    return NoContent()


@endpoint("POST", "/api/v1/accounts", viewer="app", scope="write:accounts")
async def register(call: Call, form: SignupForm) -> Token:
    """Sign up through an app, with a token of its own; the answer is its token for the new account."""
    access = access_of(call)
    if access.app_id is None:
        raise Forbidden("Only an app can register accounts")
    account_id = await sign_up(call.engines, form.filled(), call.address, app_id=access.app_id)
    call.answer_headers.append(SECRET)
    return present_token(await apps.give_token(call.engines, access.app_id, account_id, sorted(access.scopes)))


async def session_tokens(call: Call, pair: TokenPair) -> SessionTokens:
    """What a client of ours is told when a session begins or goes on."""
    engines, viewer = call.engines, Viewer(pair.account_id)
    call.answer_headers.append(SECRET)
    return SessionTokens(
        access_token=pair.access_token,
        token_type="Bearer",  # noqa: S106 -- not a secret
        expires_in=pair.expires_in_s,
        refresh_token=pair.refresh_token,
        device_token=pair.device_token or None,
        account=await present_own_account(
            engines,
            await accounts.show(engines.db, pair.account_id),
            await accounts.preferences(engines.db, viewer),
            await relationships.follow_requests_count(engines.db, viewer),
        ),
    )


def _require(**values: str) -> None:
    """Raise `Invalid` naming the fields that are empty."""
    empty = {name: [Problem("ERR_BLANK", "can't be blank")] for name, value in values.items() if not value}
    if empty:
        raise Invalid.of(empty)
