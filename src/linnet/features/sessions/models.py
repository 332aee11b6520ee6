"""The nouns of signing in: what a token grants, the apps that ask for one, and the secrets that prove a session."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.sessions import scopes as scope_rules

CODE_LIFETIME_S: Final = 600
"""How long an authorization code waits to be redeemed: RFC 6749 recommends ten minutes at most."""

APP_NAME_CHARS_MAX: Final = 60
WEBSITE_CHARS_MAX: Final = 2000
AGENT_CHARS_MAX: Final = 300


@dataclass(frozen=True, slots=True)
class Access:
    """What a valid token gives: whom it speaks for, what it may do, and the app or session behind it."""

    viewer: Viewer | None
    """None for a token that an app got for itself."""
    scopes: frozenset[str]
    app_id: int | None = None
    app_name: str | None = None
    app_website: str | None = None
    session_id: int | None = None
    token_id: int | None = None
    frozen: bool = False
    """The account may write nothing at the word of staff."""

    @property
    def counted_as(self) -> int:
        """The session or app's token by which requests are counted, apart from the account's others."""
        return self.session_id or self.token_id or 0

    def allows(self, scope: str) -> bool:
        """Whether it was granted `scope`, directly or through a wider one."""
        return scope_rules.allows(self.scopes, scope)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a sign-in comes from, as the edge saw it."""

    address: str = ""
    agent: str = ""
    device_token: str = ""
    """What the device was given at an earlier sign-in, or empty."""

    @property
    def agent_kept(self) -> str:
        """The agent as it is stored."""
        return self.agent.replace("\0", "")[:AGENT_CHARS_MAX]


@dataclass(frozen=True, slots=True)
class FailedSignIn:
    """A password or code that was wrong. `locked`: with it, unknown devices were kept out for a while."""

    id: int
    at: datetime
    address: str
    agent: str
    locked: bool


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What our own clients hold: a short JWT, and the secret that gets the next one."""

    account_id: int
    session_id: int
    access_token: str
    refresh_token: str
    expires_in_s: int
    device_token: str = ""
    """What this device sends along with its next sign-in, so that the account knows it; empty when nobody signed in."""


@dataclass(frozen=True, slots=True)
class SecondStep:
    """The password was right, and a second factor is wanted before a session begins."""

    token: str
    """Opaque; names this step to whoever answers it with a factor."""
    methods: tuple[str, ...]
    """What the account can answer with: `totp`, `recovery`, `passkey`."""
    expires_in_s: int


@dataclass(frozen=True, slots=True)
class WebSession:
    """A browser's session; `cookie` is shown once, at sign-in."""

    account_id: int
    session_id: int
    cookie: str
    expires_in_s: int
    """How long the browser keeps the cookie; the session ends earlier when it is not used."""
    device_token: str = ""
    """What the browser keeps beyond this session, so that the account knows it."""


@dataclass(frozen=True, slots=True)
class App:
    """A registered OAuth client. Every app has a secret, of which only the hash is known here."""

    id: int
    client_id: str
    secret_hash: bytes
    name: str
    website: str | None
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...]

    def may_ask(self, asked: Collection[str]) -> bool:
        """Whether these scopes are among those it registered for."""
        return scope_rules.within(asked, self.scopes)


@dataclass(frozen=True, slots=True)
class Code:
    """An authorization code as stored: to whom it was given, for what, and whether it was used."""

    hash: bytes
    app_id: int
    account_id: int
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str | None
    """PKCE, always S256; None when the app did not use it."""
    expires_at: datetime
    spent: bool


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new OAuth token, in clear this once. It does not expire."""

    id: int
    token: str
    scopes: tuple[str, ...]
    created_at: datetime
