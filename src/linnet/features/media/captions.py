"""Captions of a film or a sound: one text for each language, beside its other files."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from typing import Final

from linnet.features.accounts.languages import is_language
from linnet.features.accounts.models import Viewer
from linnet.features.media.actions import own, retell
from linnet.features.media.filing import DIGITS
from linnet.features.media.models import Kind, Media, Refused, State, Variant, folder_name
from linnet.features.media.processing.captions import rewrite
from linnet.features.media.store import processing
from linnet.platform import changes
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Invalid, NotFound
from linnet.platform.live import Live

LANGUAGES_MAX: Final = 20
"""Captions of one film."""

_PREFIX: Final = "captions_"
_TYPE: Final = "text/vtt"


async def caption(engines: Engines, viewer: Viewer, media_id: int, language: str, sent: bytes) -> Media:
    """Give the viewer's film or sound captions in a language, in place of those it had in it; posts show them, too.

    `NotFound` for what is not theirs, `Invalid` for what takes no captions and for captions that nobody could read.
    """
    name = f"{_PREFIX}{language}"
    async with engines.transaction() as tx:
        await _captionable(tx, viewer, media_id, name)
    if not is_language(language):
        raise Invalid("Validation failed: Language is not written as a language is")
    try:
        text = await asyncio.to_thread(rewrite, sent)
    except Refused as refused:
        raise Invalid(f"Validation failed: {refused}") from None
    variant = Variant(name, f"{name}-{hashlib.sha256(text).hexdigest()[:DIGITS]}.vtt", _TYPE, len(text))
    blob = folder_name(media_id) + variant.file
    await engines.blobs.write(blob, _whole(text), bytes_max=len(text), content_type=_TYPE)
    async with engines.transaction() as tx:
        media = await _captionable(tx, viewer, media_id, name)
        now = await _show(engines, tx, media, [*(one for one in media.variants if one.name != name), variant])
    await _forget(engines, media, now)
    return now


async def uncaption(engines: Engines, viewer: Viewer, media_id: int, language: str) -> Media:
    """Take the captions in a language away; posts show the film or sound without them. `NotFound` if there are none."""
    name = f"{_PREFIX}{language}"
    async with engines.transaction() as tx:
        media = await own(tx, viewer, media_id)
        kept = [one for one in media.variants if one.name != name]
        if len(kept) == len(media.variants):
            raise NotFound
        now = await _show(engines, tx, media, kept)
    await _forget(engines, media, now)
    return now


async def _show(engines: Engines, tx: Transaction, media: Media, variants: Sequence[Variant]) -> Media:
    """The upload with these files from the end of the transaction on, wherever it is shown."""
    shown = replace(media, variants=tuple(variants))
    await processing.show_by(tx, media.id, shown.variants, media.blurhash, engines.clock.now())
    tx.changed(changes.Kind.MEDIA, media.id)
    tx.live(Live.MEDIA, media.id, media.account_id)
    await retell(tx, media)
    return shown


async def _forget(engines: Engines, before: Media, now: Media) -> None:
    """Delete the files that are shown no more."""
    kept = {one.file for one in now.variants}
    gone = [one.file for one in before.variants if one.file not in kept]
    await engines.blobs.delete([folder_name(now.id) + file for file in gone])


async def _captionable(tx: Transaction, viewer: Viewer, media_id: int, name: str) -> Media:
    """The upload, kept from others; raises when it takes no captions of that name."""
    media = await own(tx, viewer, media_id)
    if media.state is not State.READY:
        raise Invalid("Validation failed: The file has not finished processing. Please try again in a moment.")
    if media.kind not in {Kind.VIDEO, Kind.AUDIO}:
        raise Invalid("Validation failed: Only videos and sounds have captions")
    if sum(one.name.startswith(_PREFIX) and one.name != name for one in media.variants) >= LANGUAGES_MAX:
        raise Invalid(f"Validation failed: A file has captions in {LANGUAGES_MAX} languages at most")
    return media


async def _whole(text: bytes) -> AsyncGenerator[bytes]:
    yield text
