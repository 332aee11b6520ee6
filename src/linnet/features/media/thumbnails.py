"""Pictures that stand for another upload, in place of the one made from it."""

from collections.abc import Sequence
from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.media import filing, reads
from linnet.features.media.models import Made, Media, State, Upload, Variant, folder_name
from linnet.features.media.store import processing, uploads
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines, Transaction
from linnet.platform.live import Live

_REPLACED: Final = frozenset({"small", "small_webp", "poster"})
"""Variants that show an upload small, or before it is played."""


async def refusal(engines: Engines, viewer: Viewer, media_id: int) -> str | None:
    """Why the picture that was to stand for the viewer's upload cannot, in a sentence; None when nothing is wrong."""
    await reads.show(engines, viewer, media_id)
    found = await processing.thumbnails_of(engines.db, media_id)
    return next((one.error for one in found if one.state is State.FAILED), None)


async def finish(engines: Engines, upload: Upload, made: Made) -> None:
    """A picture that is to stand for another upload was made: its files go to that one, at once or once it is ready."""
    assert upload.stands_for is not None
    variants = await filing.file_away(engines, upload.stands_for, made.files)
    gone: list[str] = []
    async with engines.transaction() as tx:
        parent = await uploads.upload(tx, upload.stands_for, locks=True)
        if parent is not None and await processing.finish(tx, upload.media.id, made, variants, engines.clock.now()):
            gone = await apply(engines, tx, parent.media)
    if parent is None:
        await engines.blobs.delete([folder_name(upload.stands_for) + variant.file for variant in variants])
    await engines.blobs.delete(gone)


async def apply(engines: Engines, tx: Transaction, parent: Media) -> list[str]:
    """Let the picture that is ready stand for an upload that is, and which the caller has locked.

    Names of files in the store that nobody needs any more.
    """
    ready = [one for one in await processing.thumbnails_of(tx, parent.id) if one.state is State.READY]
    if not ready or parent.state is not State.READY:
        return []
    chosen = ready[-1]
    variants, replaced = _merged(parent.variants, chosen.variants)
    await processing.show_by(tx, parent.id, variants, chosen.blurhash, engines.clock.now())
    await uploads.drop(tx, [one.id for one in ready])
    tx.changed(Kind.MEDIA, parent.id)
    tx.live(Live.MEDIA, parent.id, parent.account_id)
    return [folder_name(parent.id) + one.file for one in replaced]


def _merged(own: Sequence[Variant], given: Sequence[Variant]) -> tuple[tuple[Variant, ...], list[Variant]]:
    """What is shown from now on, and what no longer. The picture as a whole is the poster of what is played."""
    names = {"small": "small", "small_webp": "small_webp"}
    if any(one.name == "poster" for one in own):
        names["large"] = "poster"
    taken = [
        Variant(names[one.name], one.file, one.content_type, one.bytes, one.width, one.height)
        for one in given
        if one.name in names
    ]
    kept = [one for one in own if one.name not in _REPLACED]
    shown = {one.file for one in (*kept, *taken)}
    return (*kept, *taken), [one for one in (*own, *given) if one.file not in shown]
