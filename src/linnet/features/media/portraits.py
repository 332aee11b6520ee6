"""Avatars and headers of accounts: made while their owner waits, and shown by the answer."""

import asyncio
import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final

from linnet.features.accounts import actions as accounts
from linnet.features.accounts.models import Portrait, ProfileChanges, Viewer
from linnet.features.media import actions, filing
from linnet.features.media.known_bad.actions import refuse_known
from linnet.features.media.models import Made, Media, Purpose, Refused, Source, State, folder_name
from linnet.features.media.processing.pictures.studio import Studio
from linnet.features.media.store import portraits
from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown, Invalid, Problem
from linnet.platform.processes import CannotStart

PICTURE_BYTES_MAX: Final = 8 * 1024 * 1024
"""Of one that is brought, as Mastodon has it."""

WAIT_S: Final = 30.0
"""For the studio, which others may keep busy, and for the picture."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A picture as it came."""

    file: BinaryIO
    name: str
    bytes: int


async def update_profile(
    engines: Engines, viewer: Viewer, changes: ProfileChanges, brought: Mapping[Purpose, Brought]
) -> None:
    """Change what the viewer's account shows, its pictures with it: all of it or, with `Invalid`, nothing.

    Pictures that it does not show any more are deleted. Raises `EngineDown` when making one takes too long.
    """
    changes = await accounts.checked(engines, viewer, changes)
    made: list[_Portrayed] = []
    try:
        for purpose, picture in brought.items():
            made.append(await _portray(engines, viewer, purpose, picture))
        shown = {one.media.purpose: one.portrait for one in made}
        changes = replace(
            changes,
            avatar=shown.get(Purpose.AVATAR, changes.avatar),
            header=shown.get(Purpose.HEADER, changes.header),
        )
        async with engines.transaction() as tx:
            for one in made:
                await portraits.insert(tx, one.media, one.source, one.made)
            gone = await accounts.write_profile(tx, viewer, changes)
            if gone:
                await actions.drop(tx, [portrait.media_id for portrait in gone])
    except BaseException:
        await engines.blobs.delete([name for one in made for name in one.names])
        raise


@dataclass(frozen=True, slots=True)
class _Portrayed:
    """A picture in the store, whose row is yet to be written."""

    media: Media
    source: Source
    made: Made

    @property
    def portrait(self) -> Portrait:
        files = {variant.name: variant.file for variant in self.media.variants}
        return Portrait(self.media.id, files["large"], files.get("static", files["large"]))

    @property
    def names(self) -> list[str]:
        """Its files in the store."""
        return [folder_name(self.media.id) + variant.file for variant in self.media.variants]


async def _portray(engines: Engines, viewer: Viewer, purpose: Purpose, picture: Brought) -> _Portrayed:
    if picture.bytes > PICTURE_BYTES_MAX:
        raise _refused(purpose, "ERR_TOO_LARGE", f"is too large: at most {PICTURE_BYTES_MAX // 1_048_576} MB are taken")
    media_id = await actions.new_id(engines)
    await engines.db.let_go()
    with TemporaryDirectory(prefix="linnet-portrait-") as name:
        source, folder = Path(name, "source"), Path(name, "made")
        sha256 = await asyncio.to_thread(_lay_down, picture.file, source, folder)
        try:
            async with asyncio.timeout(WAIT_S):
                made = await engines.config(Studio).make_picture(source, folder, purpose)
            await refuse_known(engines, viewer.account_id, media_id, made.perceptual_hash)
        except Refused as refused:
            raise _refused(purpose, "ERR_INVALID", f"cannot be used. {refused}") from None
        except (TimeoutError, CannotStart) as error:
            raise EngineDown("studio", retry_after_s=10) from error
        variants = await filing.file_away(engines, media_id, made.files)
    media = Media(
        media_id,
        viewer.account_id,
        purpose,
        State.READY,
        engines.clock.now(),
        variants=variants,
        meta=made.meta,
        blurhash=made.blurhash,
    )
    return _Portrayed(media, Source(picture.name, "", picture.bytes, sha256), made)


def _lay_down(file: BinaryIO, source: Path, folder: Path) -> str:
    """Copy what came to where the studio reads it; its digest."""
    folder.mkdir()
    file.seek(0)
    with source.open("wb") as copy:
        shutil.copyfileobj(file, copy)
    with source.open("rb") as copy:
        return hashlib.file_digest(copy, "sha256").hexdigest()


def _refused(purpose: Purpose, code: str, predicate: str) -> Invalid:
    return Invalid.of({purpose.value: [Problem(code, predicate)]})
