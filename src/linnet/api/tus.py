"""The headers of resumable uploads by tus 1.0 (https://tus.io/protocols/resumable-upload), and nothing else of them."""

from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Mapping, Sequence
from typing import Final

from linnet.features.media.resumable.models import Checksum
from linnet.platform.errors import Malformed

PATH: Final = "/api/v1/media/uploads"
VERSION: Final = "1.0.0"
CONTENT_TYPE: Final = "application/offset+octet-stream"
EXTENSIONS: Final = (
    "creation",
    "creation-with-upload",
    "creation-defer-length",
    "expiration",
    "checksum",
    "termination",
)
ALGORITHMS: Final = ("sha1", "sha256", "md5")
MEDIA_ID: Final = "Linnet-Media-Id"
"""Our own: the id of the media that an upload becomes."""

METADATA_CHARS_MAX: Final = 16 * 1024
BYTES_DIGITS_MAX: Final = 15
DIGESTS: Final = {"sha1": 20, "sha256": 32, "md5": 16}
"""Bytes of each algorithm's digest."""

_ASKED: Final = (
    "Tus-Resumable, Upload-Length, Upload-Defer-Length, Upload-Offset, Upload-Metadata, Upload-Checksum, "
    "X-Requested-With"
)
_TOLD: Final = (
    b"Location, Tus-Resumable, Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm, Upload-Offset, "
    b"Upload-Length, Upload-Defer-Length, Upload-Metadata, Upload-Expires, Linnet-Media-Id"
)

Headers = Sequence[tuple[str, str]]


def options(preflight: Headers, bytes_max: int) -> Headers:
    """The answer to OPTIONS: `preflight`, what a page of another origin may send besides, and what is spoken here."""
    return (
        *(
            (name, f"{value}, {_ASKED}" if name == "Access-Control-Allow-Headers" else value)
            for name, value in preflight
        ),
        ("Tus-Extension", ",".join(EXTENSIONS)),
        ("Tus-Max-Size", str(bytes_max)),
        ("Tus-Checksum-Algorithm", ",".join(ALGORITHMS)),
    )


def exposed(cors: Sequence[tuple[bytes, bytes]]) -> Sequence[tuple[bytes, bytes]]:
    """Headers of every answer: `cors`, with what a page of another origin may read besides, and the version."""
    return (
        *((name, value + b", " + _TOLD if name == b"access-control-expose-headers" else value) for name, value in cors),
        (b"tus-resumable", VERSION.encode()),
        (b"tus-version", VERSION.encode()),
    )


def bytes_in(header: str | None, name: str) -> int | None:
    """A number of bytes; None without the header. Raises `Malformed`."""
    if header is None:
        return None
    text = header.strip()
    if not text.isascii() or not text.isdigit() or len(text) > BYTES_DIGITS_MAX:
        raise Malformed(f"{name} must be a number of bytes")
    return int(text)


def metadata_in(header: str | None) -> Mapping[str, str]:
    """`Upload-Metadata`: names, each with a text in base64, or nothing. Raises `Malformed`."""
    found: dict[str, str] = {}
    if header is None or not header.strip():
        return found
    if len(header) > METADATA_CHARS_MAX:
        raise Malformed("Upload-Metadata is too long")
    for pair in header.split(","):
        name, _, encoded = pair.strip().partition(" ")
        try:
            text = b64decode(encoded.strip(), validate=True).decode()
        except (NoBase64, ValueError):
            raise Malformed("Upload-Metadata must be names, each with a UTF-8 text in base64") from None
        if not name or name in found or "\0" in text:
            raise Malformed("Upload-Metadata must name everything once, and hold no NUL characters")
        found[name] = text
    return found


def checksum_in(header: str | None) -> Checksum | None:
    """`Upload-Checksum`: an algorithm and a digest in base64. Raises `Malformed`, also for what is unknown here."""
    if header is None:
        return None
    algorithm, _, encoded = header.strip().partition(" ")
    if algorithm not in DIGESTS:
        raise Malformed(f"Upload-Checksum must be made with one of {', '.join(ALGORITHMS)}")
    try:
        digest = b64decode(encoded.strip(), validate=True)
    except (NoBase64, ValueError):
        digest = b""
    if len(digest) != DIGESTS[algorithm]:
        raise Malformed(f"Upload-Checksum must be a {algorithm} digest in base64")
    return Checksum(algorithm, digest)
