"""Looking at an address: its page, its oEmbed, its picture. All through the one client that reaches the public only."""

import asyncio
import io
import warnings
from typing import Any, Final, cast

import msgspec
from PIL import Image, ImageOps

from linnet.features.statuses.cards import markup, wording
from linnet.features.statuses.cards.models import PICTURE_SIDE_MAX, Found, Picture
from linnet.platform.addresses import BadAddress
from linnet.platform.http import Answer, Outgoing, TooBig, Unreachable

PAGE_BYTES_MAX: Final = 512 * 1024
"""Of a page so much is read: what it says of itself stands at its top."""

EMBED_BYTES_MAX: Final = 64 * 1024
PICTURE_BYTES_MAX: Final = 4 * 1024 * 1024
PICTURE_PIXELS_MAX: Final = 40_000_000
PAGE_TIMEOUT_S: Final = 8.0
EMBED_TIMEOUT_S: Final = 4.0
PICTURE_TIMEOUT_S: Final = 8.0

_OEMBED: Final = "application/json+oembed"
_HTML: Final = ("text/html", "application/xhtml+xml")
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
_SERVER_ERRORS: Final = 500
_TOO_MANY: Final = 429
_REFUSALS: Final = 400


async def look_up(outgoing: Outgoing, url: str) -> Found | None:
    """What is at `url`; None when that is no page, or one that says nothing of itself.

    Raises `Unreachable` when another time may do better, `BadAddress` or `TooBig` when not.
    """
    accept = {"Accept": "text/html,application/xhtml+xml"}
    answer = await outgoing.get(url, headers=accept, body_max=PAGE_BYTES_MAX, cut=True, timeout_s=PAGE_TIMEOUT_S)
    if answer.status >= _SERVER_ERRORS or answer.status == _TOO_MANY:
        raise Unreachable(f"The server answered {answer.status}")
    if answer.status >= _REFUSALS or _type_of(answer) not in _HTML:
        return None
    page = markup.read(answer.body, answer.headers.get("content-type", ""))
    found = wording.found_in(page, answer.url)
    source = wording.address(page.links.get(_OEMBED), answer.url)
    said = await _embed(outgoing, source) if source else None
    return wording.embedded(found, said, answer.url) if said is not None else found


async def _embed(outgoing: Outgoing, url: str) -> dict[str, Any] | None:
    """What an oEmbed endpoint says; None when it says nothing."""
    try:
        answer = await outgoing.get(url, body_max=EMBED_BYTES_MAX, timeout_s=EMBED_TIMEOUT_S)
        said = msgspec.json.decode(answer.body) if answer.status < _REFUSALS else None
    except (Unreachable, BadAddress, TooBig, msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    return cast("dict[str, Any]", said) if isinstance(said, dict) else None


async def picture(outgoing: Outgoing, url: str) -> Picture | None:
    """The picture at `url`, small and written anew; None when there is none that can be read."""
    try:
        answer = await outgoing.get(url, body_max=PICTURE_BYTES_MAX, timeout_s=PICTURE_TIMEOUT_S)
    except (Unreachable, BadAddress, TooBig):
        return None
    if answer.status >= _REFUSALS or not answer.body:
        return None
    return await asyncio.to_thread(_made_small, answer.body)


def _made_small(sent: bytes) -> Picture | None:
    """A JPEG of it, of no more than `PICTURE_SIDE_MAX` pixels a side, with nothing but its pixels in it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(sent), formats=_FORMATS) as opened:
                if opened.width * opened.height > PICTURE_PIXELS_MAX or min(opened.size) < 2:  # noqa: PLR2004
                    return None
                opened.draft("RGB", (PICTURE_SIDE_MAX, PICTURE_SIDE_MAX))
                image = ImageOps.exif_transpose(opened)
                image.thumbnail((PICTURE_SIDE_MAX, PICTURE_SIDE_MAX))
                flat = Image.new("RGB", image.size, "white")
                shown = image.convert("RGBA")
                flat.paste(shown, mask=shown.getchannel("A"))
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    written = io.BytesIO()
    flat.save(written, "JPEG", quality=80, optimize=True, progressive=True)
    return Picture(written.getvalue(), *flat.size)


def _type_of(answer: Answer) -> str:
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()
