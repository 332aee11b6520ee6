"""Tokens as texts: the short JWT of our own clients, and opaque secrets that are kept only as hashes."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import jwt

SECRET_BYTES: Final = 32
"""256 bits: beyond guessing, so a fast hash of it is enough."""

SECRET_CHARS: Final = 43
"""Length of such a secret as text."""

_ALGORITHM: Final = "HS256"
_CLAIMS: Final = ["iss", "aud", "sub", "sid", "jti", "iat", "exp"]
_TOKEN_CHARS_MAX: Final = 2048
_AHEAD_S: Final = 60
"""How far the clocks of two machines may be apart."""


@dataclass(frozen=True)
class TokenRules:
    """How tokens are signed and how long they live. The first secret signs; the others still verify, for rotation."""

    secrets: tuple[str, ...]
    access_s: int = 15 * 60
    session_s: int = 7 * 24 * 3600
    """A session ends when it was not used for so long."""
    lifetime_s: int = 90 * 24 * 3600
    """A session ends so long after it began, however much it is used."""
    grace_s: int = 30
    """A refresh token that was used may come again for so long, if the answer to it was lost."""

    @cached_property
    def keys(self) -> dict[str, bytes]:
        """Signing keys by their id, the current one first."""
        made = (_derived(secret.encode(), b"linnet access token") for secret in self.secrets)
        return {hashlib.sha256(key).hexdigest()[:16]: key for key in made}

    @cached_property
    def form_keys(self) -> tuple[bytes, ...]:
        """Keys for the tokens that prove a form was ours, the current one first."""
        return tuple(_derived(secret.encode(), b"linnet form") for secret in self.secrets)

    @cached_property
    def refresh_keys(self) -> tuple[bytes, ...]:
        """Keys that make each refresh token from the one before, the current one first."""
        return tuple(_derived(secret.encode(), b"linnet refresh token") for secret in self.secrets)

    @cached_property
    def seal_keys(self) -> tuple[bytes, ...]:
        """Keys of addresses that end (`platform/seals.py`), the current one first."""
        return tuple(_derived(secret.encode(), b"linnet sealed address") for secret in self.secrets)

    @cached_property
    def identifier_key(self) -> bytes:
        """The key that keeps names nobody has from being read: people type passwords into the wrong field."""
        return _derived(self.secrets[-1].encode(), b"linnet identifier")


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified JWT says."""

    account_id: int
    session_id: int
    expires_at_s: float


def new_secret() -> str:
    """An opaque token of 256 random bits, safe in URLs and headers."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_of(secret: str) -> bytes:
    """What is stored instead of a secret: its SHA-256."""
    return hashlib.sha256(secret.encode(errors="replace")).digest()


def successors(rules: TokenRules, refresh_token: str) -> list[str]:
    """What a refresh token is followed by, under each key, the current one first.

    A function of the token, so that one whose answer was lost can be answered once more with the very same.
    """
    text = refresh_token.encode(errors="replace")
    made = (hmac.digest(key, text, hashlib.sha256) for key in rules.refresh_keys)
    return [base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in made]


def sign(rules: TokenRules, *, issuer: str, account_id: int, session_id: int, at: datetime) -> str:
    """An access token for a session, valid for `rules.access_s` from `at`."""
    key_id, key = next(iter(rules.keys.items()))
    issued_s = int(at.timestamp())
    claims = {
        "iss": issuer,
        "aud": issuer,
        "sub": str(account_id),
        "sid": str(session_id),
        "jti": secrets.token_urlsafe(12),
        "iat": issued_s,
        "exp": issued_s + rules.access_s,
    }
    return jwt.encode(claims, key, algorithm=_ALGORITHM, headers={"kid": key_id})


def looks_signed(token: str) -> bool:
    """Whether this is a JWT rather than an opaque token, which has no dots."""
    return token.count(".") == 2  # noqa: PLR2004 -- header, claims, signature


def verify(rules: TokenRules, token: str, *, issuer: str, at: datetime) -> Claims | None:
    """What a JWT of ours says, or None when it is forged, malformed, not valid at `at` or for another server."""
    if len(token) > _TOKEN_CHARS_MAX:
        return None
    try:
        key = rules.keys[jwt.get_unverified_header(token)["kid"]]
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[_ALGORITHM],
            issuer=issuer,
            audience=issuer,
            # The times are compared below, by the clock that was passed in.
            options={"require": _CLAIMS, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
        found = Claims(int(claims["sub"]), int(claims["sid"]), float(claims["exp"]))
        begins_s = max(float(claims["iat"]), float(claims.get("nbf", 0)))
    except (jwt.PyJWTError, KeyError, TypeError, ValueError):
        return None
    return found if begins_s - _AHEAD_S <= at.timestamp() < found.expires_at_s else None


def _derived(secret: bytes, purpose: bytes) -> bytes:
    """A key for one purpose, so that no two kinds of token can stand in for each other."""
    return hmac.digest(secret, purpose, hashlib.sha256)
