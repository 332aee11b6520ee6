"""Addresses that only those can make who have the server's secret, and that end."""

import hmac
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

SEAL_CHARS: Final = 32
"""Of a digest in hexadecimal: 128 bits."""

_EXPIRES_CHARS_MAX: Final = 12


def sealed(key: bytes, subject: str, expires_at_s: int) -> str:
    """The query that lets `subject` be seen until then (Unix seconds): `expires=…&signature=…`."""
    return f"expires={expires_at_s}&signature={_signature(key, subject, expires_at_s)}"


def is_sealed(keys: Iterable[bytes], subject: str, *, expires: str, signature: str, at_s: float) -> bool:
    """Whether these two, as they came, were made with one of the keys for `subject`, and have not ended."""
    if not (expires.isascii() and expires.isdigit() and len(expires) <= _EXPIRES_CHARS_MAX):
        return False
    sent = signature.encode(errors="replace")
    made = [_signature(key, subject, int(expires)).encode() for key in keys]
    is_ours = [hmac.compare_digest(one, sent) for one in made]  # all of them: which key it was takes no other time
    return any(is_ours) and at_s < int(expires)


def _signature(key: bytes, subject: str, expires_at_s: int) -> str:
    return hmac.new(key, f"{subject}\n{expires_at_s}".encode(), sha256).hexdigest()[:SEAL_CHARS]
