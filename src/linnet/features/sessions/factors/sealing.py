"""Secrets that must be read again are encrypted at rest, by keys made from the server's signing secrets.

AES-256-GCM, bound to the account; the key is HKDF-SHA256 of a signing secret. A secret under an older signing secret
is readable as long as that one is still among them, and is sealed anew by the current one when it is used.
"""

import hashlib
import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from linnet.features.sessions.tokens import TokenRules

_NONCE_BYTES: Final = 12
_PURPOSE: Final = b"linnet second factors"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A secret as stored: which key opens it, and a nonce with the ciphertext."""

    key_id: bytes
    box: bytes


def current_key_id(rules: TokenRules) -> bytes:
    """The key that seals now."""
    return _keys(rules.secrets)[0][0]


def seal(rules: TokenRules, account_id: int, secret: str) -> Sealed:
    """A secret of an account, readable only here."""
    key_id, key = _keys(rules.secrets)[0]
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return Sealed(key_id, nonce + AESGCM(key).encrypt(nonce, secret.encode(), _of(account_id)))


def unseal(rules: TokenRules, account_id: int, sealed: Sealed) -> str | None:
    """The secret; None when its key is gone, or it was sealed for another account."""
    key = dict(_keys(rules.secrets)).get(sealed.key_id)
    if key is None:
        return None
    try:
        opened = AESGCM(key).decrypt(sealed.box[:_NONCE_BYTES], sealed.box[_NONCE_BYTES:], _of(account_id))
    except InvalidTag:
        return None
    return opened.decode()


@lru_cache(maxsize=8)
def _keys(signing_secrets: tuple[str, ...]) -> tuple[tuple[bytes, bytes], ...]:
    """Ids and keys, the current one first."""
    keys = [HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(secret.encode()) for secret in signing_secrets]
    return tuple((hashlib.sha256(key).digest()[:8], key) for key in keys)


def _of(account_id: int) -> bytes:
    return account_id.to_bytes(8, "big")
