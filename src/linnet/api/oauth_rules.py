"""OAuth 2's rules, decided by Authlib in memory: rows come in, a verdict goes out, and nothing is read or written here.

Authlib's server is synchronous, so the caller loads the app and the code beforehand and carries out the verdict after.
"""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false, reportMissingParameterType=false
# pyright: reportUntypedBaseClass=false, reportIncompatibleMethodOverride=false
# (Authlib carries no types; what leaves this module is typed.)

import hmac
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from authlib.oauth2.base import OAuth2Error
from authlib.oauth2.rfc6749 import (
    AuthorizationCodeMixin,
    AuthorizationServer,
    ClientMixin,
    InvalidClientError,
    InvalidRequestError,
    OAuth2Request,
    UnsupportedResponseTypeError,
)
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6749.util import extract_basic_authorization
from authlib.oauth2.rfc7636 import CodeChallenge

from linnet.features.sessions import scopes as scope_rules
from linnet.features.sessions.models import App, Code
from linnet.features.sessions.tokens import hash_of

CLIENT_AUTH_METHODS: Final = ("client_secret_basic", "client_secret_post")
GRANT_TYPES: Final = ("authorization_code", "client_credentials")
CHALLENGE_METHODS: Final = ("S256",)

WRONG_CLIENT: Final = (
    "Client authentication failed: the client is unknown, did not name its secret, or named a wrong one."
)
"""Elk registers anew when it reads this beginning, so it stays."""

UNKNOWN_APP: Final = "This server does not know the app. Its makers can have it register again."

Parameters = Mapping[str, str]


class Refused(Exception):
    """The request breaks a rule. `redirect_uri` is set when the app may be told by sending the person back to it."""

    def __init__(self, error: str, description: str, *, status: int = 400, redirect_uri: str | None = None) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status
        self.redirect_uri = redirect_uri


@dataclass(frozen=True, slots=True)
class Asked:
    """A right request to be let in."""

    app: App
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str | None


@dataclass(frozen=True, slots=True)
class CodeVerdict:
    """A right request to redeem this code. It may be a spent one: whoever redeems it will see."""

    code: Code


@dataclass(frozen=True, slots=True)
class AppVerdict:
    """A right request of an app for a token of its own."""

    app: App
    scopes: tuple[str, ...]


def client_id_of(parameters: Parameters, authorization: str | None) -> str | None:
    """The client that a request names in its header or its parameters; `Refused` when the header cannot be read."""
    try:
        named, _ = extract_basic_authorization({"Authorization": authorization or ""})
    except ValueError as error:
        raise _wrong_client() from error
    return cast("str | None", named) or parameters.get("client_id")


def check_authorization(app: App | None, parameters: Parameters) -> Asked:
    """Hold a request of a browser at `/oauth/authorize` to the rules."""
    if app is None:
        raise Refused("invalid_client", UNKNOWN_APP)
    with _refusing():
        grant = _Server(app).get_consent_grant(_Request("GET", parameters))
    redirect_uri, scope = parameters["redirect_uri"], parameters.get("scope")
    assert grant.redirect_uri == redirect_uri
    return Asked(app, redirect_uri, scope_rules.parse(scope), parameters.get("code_challenge"))


def check_token_request(
    app: App | None, code: Code | None, parameters: Parameters, authorization: str | None, *, at: datetime
) -> CodeVerdict | AppVerdict:
    """Hold a request at `/oauth/token` to the rules."""
    server = _Server(app, code if code is not None and code.expires_at > at else None)
    with _refusing():
        grant = cast("_CodeGrant | _AppGrant", server.get_token_grant(_Request("POST", parameters, authorization)))
        grant.validate_token_request()
    assert app is not None
    if isinstance(grant, _CodeGrant):
        assert code is not None
        return CodeVerdict(code)
    asked = scope_rules.parse(parameters.get("scope"))
    if not app.may_ask(asked):
        raise Refused("invalid_scope", "The app did not register for these scopes.")
    return AppVerdict(app, asked)


def check_client(app: App | None, parameters: Parameters, authorization: str | None) -> App:
    """The app, when the request proves to come from it."""
    request = _Request("POST", parameters, authorization)
    with _refusing():
        _Server(app).authenticate_client(request, list(CLIENT_AUTH_METHODS), "revocation")
    assert app is not None
    return app


@contextmanager
def _refusing() -> Generator[None]:
    """Turn Authlib's errors into `Refused`."""
    try:
        yield
    except InvalidClientError as error:
        raise _wrong_client() from error
    except UnsupportedResponseTypeError as error:
        description = "Only response_type=code is supported."
        raise Refused(str(error.error), description, redirect_uri=error.redirect_uri) from error
    except OAuth2Error as error:
        name = error.error or "invalid_request"
        description = error.get_error_description() or name
        raise Refused(name, description, redirect_uri=getattr(error, "redirect_uri", None)) from error


def _wrong_client() -> Refused:
    return Refused("invalid_client", WRONG_CLIENT, status=401)


class _Request(OAuth2Request):
    """A request as Authlib reads it."""

    def __init__(self, method: str, parameters: Parameters, authorization: str | None = None) -> None:
        # Authlib wants to see TLS in the address; whether there is any is for the operator's proxy, not for each call.
        super().__init__(method, "https://authlib.invalid/", headers={"Authorization": authorization or ""})
        self.payload = BasicOAuth2Payload(dict(parameters))
        self._parameters = parameters

    @property
    def form(self) -> Parameters:
        return self._parameters


class _Client(ClientMixin):
    """An app as Authlib asks about it."""

    def __init__(self, app: App) -> None:
        self.app = app

    def get_client_id(self) -> str:
        return self.app.client_id

    def get_default_redirect_uri(self) -> None:
        """Every request names its own: an app that registered several has no default."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        asked = scope_rules.parse(scope)
        return " ".join(asked) if self.app.may_ask(asked) else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.app.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return hmac.compare_digest(hash_of(client_secret), self.app.secret_hash)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002 -- Authlib's signature
        return method in CLIENT_AUTH_METHODS

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in GRANT_TYPES


class _Code(AuthorizationCodeMixin):
    """An authorization code as Authlib asks about it."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.code_challenge = code.challenge
        self.code_challenge_method = "S256"

    def get_redirect_uri(self) -> str:
        return self.code.redirect_uri

    def get_scope(self) -> str:
        return " ".join(self.code.scopes)


class _CodeGrant(AuthorizationCodeGrant):
    """Code for token, by apps that know their secret."""

    TOKEN_ENDPOINT_AUTH_METHODS = list(CLIENT_AUTH_METHODS)  # noqa: RUF012 -- Authlib's

    def query_authorization_code(self, code: str, client: _Client) -> _Code | None:
        known: Code | None = self.server.code
        if known is None or known.app_id != client.app.id or not hmac.compare_digest(known.hash, hash_of(code)):
            return None
        return _Code(known)


class _AppGrant(ClientCredentialsGrant):
    """A token for the app itself."""

    TOKEN_ENDPOINT_AUTH_METHODS = list(CLIENT_AUTH_METHODS)  # noqa: RUF012 -- Authlib's


class _Pkce(CodeChallenge):
    """PKCE with S256 and nothing else; an app that does not use it is proved by its secret."""

    SUPPORTED_CODE_CHALLENGE_METHOD = list(CHALLENGE_METHODS)  # noqa: RUF012 -- Authlib's

    def validate_code_challenge(self, grant, redirect_uri: str) -> None:  # noqa: ANN001
        data = grant.request.payload.data
        if data.get("code_challenge") and not data.get("code_challenge_method"):  # it would mean "plain"
            raise InvalidRequestError("Missing 'code_challenge_method': only S256 is supported.")
        super().validate_code_challenge(grant, redirect_uri)


class _Server(AuthorizationServer):
    """Authlib's server for one request, knowing one app and one code."""

    def __init__(self, app: App | None, code: Code | None = None) -> None:
        super().__init__(scopes_supported=list(scope_rules.KNOWN))
        self._app = app
        self.code = code
        self.register_grant(_CodeGrant, [_Pkce(required=False)])
        self.register_grant(_AppGrant)

    def query_client(self, client_id: str) -> _Client | None:
        return _Client(self._app) if self._app is not None and self._app.client_id == client_id else None

    def create_oauth2_request(self, request: _Request) -> _Request:
        return request

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""
