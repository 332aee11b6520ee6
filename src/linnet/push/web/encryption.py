"""A message as the service of Web Push gets it: encrypted for the app, in the encoding that the app knows."""

import secrets
from collections.abc import Callable
from typing import Final, cast

import http_ece  # pyright: ignore[reportMissingModuleSource]
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from linnet.features.notifications.subscriptions.models import Target
from linnet.platform.vapid import VapidKey, encoded

PLAIN_BYTES_MAX: Final = 3_000
"""Services take 4,096 bytes (RFC 8030, 7.2), and some apps less; the encryption adds 103."""

RECORD_BYTES: Final = 4_096
_SALT_BYTES: Final = 16

_encrypt = cast("Callable[..., bytes]", http_ece.encrypt)  # pyright: ignore[reportUnknownMemberType]


def encrypted(key: VapidKey, signature: str, target: Target, plain: bytes) -> tuple[bytes, dict[str, str]]:
    """The body of a message, and the headers that say how it is encrypted and by whom it is sent.

    By RFC 8291 and 8292, or for apps from before them by the drafts that Mastodon's apps know: `aesgcm`, with its
    parameters in headers (draft-ietf-webpush-encryption-04, draft-ietf-webpush-vapid-01).
    """
    assert len(plain) <= PLAIN_BYTES_MAX, "services take no longer message"
    ours = generate_private_key(SECP256R1())
    common = {"private_key": ours, "dh": target.public_key, "auth_secret": target.secret, "rs": RECORD_BYTES}
    if target.standard:
        body = _encrypt(plain, version="aes128gcm", **common)
        return body, {
            "Content-Encoding": "aes128gcm",
            "Authorization": f"vapid t={signature}, k={key.public_text}",
        }
    salt = secrets.token_bytes(_SALT_BYTES)
    public = ours.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return _encrypt(plain, version="aesgcm", salt=salt, **common), {
        "Content-Encoding": "aesgcm",
        "Encryption": f"salt={encoded(salt)}",
        "Crypto-Key": f"dh={encoded(public)};p256ecdsa={key.public_text}",
        "Authorization": f"WebPush {signature}",
    }
