"""`/pictures`: avatars and headers drawn for accounts without one of their own, the logo, and those of cards."""

import asyncio
from collections.abc import Callable
from typing import Final

from linnet.api.answers import Answer
from linnet.api.endpoint import Call, endpoint
from linnet.api.pictures import avatar_png, header_png, logo_png
from linnet.features.statuses.cards import reads as cards
from linnet.platform.errors import NotFound
from linnet.platform.ids import parse_id

EDITION: Final = 1
"""Raise it when pictures are drawn differently."""

DRAWN_AT_ONCE_MAX: Final = 2
"""Pictures drawn at the same time by one process; the rest wait, so that drawing leaves threads for others."""

LOGO_SIZES: Final = (32, 180, 192, 512, 1024)
"""Pixels a side, for tabs, home screens and app stores."""

_FOR_EVER: Final = ("Cache-Control", "public, max-age=31536000, immutable")

_drawing = asyncio.Semaphore(DRAWN_AT_ONCE_MAX)


@endpoint("GET", "/pictures/avatars/{picture}", viewer="none", hidden=True)
async def show_avatar(call: Call, picture: str) -> Answer:
    """The drawn avatar of an account: `<id>.png`."""
    return await _drawn(call, picture, avatar_png)


@endpoint("GET", "/pictures/headers/{picture}", viewer="none", hidden=True)
async def show_header(call: Call, picture: str) -> Answer:
    """The drawn header of an account: `<id>.png`."""
    return await _drawn(call, picture, header_png)


@endpoint("GET", "/pictures/logos/{picture}", viewer="none", hidden=True)
async def show_logo(call: Call, picture: str) -> Answer:
    """The logo: `<pixels>.png`, in one of `LOGO_SIZES`."""
    if picture not in {f"{size}.png" for size in LOGO_SIZES}:
        raise NotFound
    return await _drawn(call, picture, logo_png)


@endpoint("GET", "/pictures/cards/{picture}", viewer="none", hidden=True)
async def show_card_picture(call: Call, picture: str) -> Answer:
    """The picture of a card: `<id>.jpg`."""
    number = parse_id(picture.removesuffix(".jpg"))
    jpeg = await cards.picture(call.engines, number) if number is not None and picture.endswith(".jpg") else None
    if jpeg is None:
        raise NotFound
    return Answer(200, jpeg, "image/jpeg", (_FOR_EVER,))


async def _drawn(call: Call, picture: str, draw: Callable[[int], bytes]) -> Answer:
    number = parse_id(picture.removesuffix(".png"))
    if number is None or not picture.endswith(".png"):
        raise NotFound
    tag = f'"{EDITION}-{number}"'
    headers = (_FOR_EVER, ("ETag", tag))
    if tag in (call.headers.get("if-none-match") or ""):
        return Answer(304, b"", "", headers)
    async with _drawing:
        png = await asyncio.to_thread(draw, number)
    return Answer(200, png, "image/png", headers)
