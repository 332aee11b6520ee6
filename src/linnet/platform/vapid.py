"""The key pair by which push services know this server (VAPID, RFC 8292), and keys that are made from its private half.

It stays the same for as long as anybody is subscribed: who subscribed to one public key hears nothing from another.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final

import jwt
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PRIVATE_BYTES: Final = 32
EXPIRES_S: Final = 12 * 3600
"""How long a signature is good for; RFC 8292 allows a day, and clocks differ."""

_NONCE_BYTES: Final = 12
_MARK_BYTES: Final = 16


class BadKey(ValueError):
    """No private key of the curve P-256."""


class VapidKey:
    """A private key out of its 32 bytes in base64url, as `web-push` and Mastodon write it. Raises `BadKey`."""

    def __init__(self, private: str) -> None:
        try:
            raw = decoded(private)
            self._key = derive_private_key(int.from_bytes(raw, "big"), SECP256R1())
        except ValueError:
            raise BadKey from None
        if len(raw) != PRIVATE_BYTES:
            raise BadKey
        self._raw = raw
        self.public = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.public_text: str = encoded(self.public)
        """What apps subscribe with: base64url without padding."""
        self._box = AESGCM(self._derived(b"linnet sealed"))
        self._marks = self._derived(b"linnet marks")

    def signature(self, audience: str, subject: str, at: datetime) -> str:
        """A JWT that tells a push service (`audience` is its origin) who we are; `subject` is how to reach us."""
        claims = {"aud": audience, "exp": int(at.timestamp()) + EXPIRES_S, "sub": subject}
        return jwt.encode(claims, self._key, algorithm="ES256")

    def seal(self, secret: str, bound_to: bytes) -> bytes:
        """A secret encrypted at rest (AES-256-GCM): opened only here, and only for what it is bound to."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._box.encrypt(nonce, secret.encode(), bound_to)

    def unseal(self, box: bytes, bound_to: bytes) -> str | None:
        """The secret; None when another key sealed it, or for something else."""
        try:
            return self._box.decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], bound_to).decode()
        except (InvalidTag, ValueError):
            return None

    def mark(self, text: bytes) -> bytes:
        """What only this server can have written under `text`: 16 bytes of HMAC-SHA256."""
        return hmac.digest(self._marks, text, hashlib.sha256)[:_MARK_BYTES]

    def _derived(self, purpose: bytes) -> bytes:
        return HKDF(SHA256(), 32, salt=None, info=purpose).derive(self._raw)


def new_private() -> str:
    """A new private key, as `VapidKey` takes it."""
    while True:
        private = encoded(secrets.token_bytes(PRIVATE_BYTES))
        try:
            VapidKey(private)
        except BadKey:  # about once in 2³² times the number is past the end of the curve
            continue
        return private


def encoded(raw: bytes) -> str:
    """Bytes in base64url without padding, as everything of Web Push is written."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of base64url, or of plain base64, with padding or without; raises `ValueError`."""
    plain = text.strip().rstrip("=").replace("+", "-").replace("/", "_")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
