"""From files in a local folder to variants in the store, named by what is in them, so that they never change."""

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from linnet.features.media.models import MadeFile, Variant, folder_name, source_name
from linnet.platform.engines import Engines

DIGITS: Final = 32
"""Of the digest in a file's name."""

PLAYLIST: Final = ".m3u8"
PIECES: Final = {
    PLAYLIST: "application/vnd.apple.mpegurl",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".ts": "video/mp2t",
    ".vtt": "text/vtt",
}
"""What lies beside a master playlist, by its suffix; nothing else is given out of there."""


async def file_away(engines: Engines, media_id: int, files: Sequence[MadeFile]) -> tuple[Variant, ...]:
    """Put what was made of an upload into its folder in the store; done again, it is the same files."""
    return tuple([await _file_one(engines, media_id, file) for file in files])


async def sweep(engines: Engines, media_id: int, kept: Sequence[Variant]) -> None:
    """Delete what an attempt that did not end left in an upload's folder."""
    folder = folder_name(media_id)
    names = {variant.file for variant in kept}
    trees = tuple(f"{name.partition('/')[0]}/" for name in names if "/" in name)
    found = [one.name async for one in engines.blobs.list(folder.rstrip("/"))]
    await engines.blobs.delete([
        name for name in found if name.removeprefix(folder) not in names
        and not (trees and name.removeprefix(folder).startswith(trees))
    ])  # fmt: skip


async def delete(engines: Engines, media_id: int) -> None:
    """Delete all files of an upload, what was sent and what was made."""
    found = [one.name async for one in engines.blobs.list(folder_name(media_id).rstrip("/"))]
    await engines.blobs.delete([*found, source_name(media_id)])


async def _file_one(engines: Engines, media_id: int, file: MadeFile) -> Variant:
    digest = (await asyncio.to_thread(_digest, file.path))[:DIGITS]
    if file.path.suffix == PLAYLIST:
        return await _file_tree(engines, media_id, file, f"hls-{digest}")
    name = f"{file.name}-{digest}{file.path.suffix}"
    written = await engines.blobs.put_file(folder_name(media_id) + name, file.path, content_type=file.content_type)
    return Variant(file.name, name, file.content_type, written.bytes, file.width, file.height)


async def _file_tree(engines: Engines, media_id: int, master: MadeFile, tree: str) -> Variant:
    """A playlist with all that lies beside it and below, the playlist last: who finds it finds everything."""
    root = master.path.parent
    paths = await asyncio.to_thread(lambda: sorted(path for path in root.rglob("*") if path.is_file()))
    total = 0
    for path in [*(one for one in paths if one != master.path), master.path]:
        name = f"{folder_name(media_id)}{tree}/{path.relative_to(root)}"
        content_type = PIECES.get(path.suffix, "application/octet-stream")
        total += (await engines.blobs.put_file(name, path, content_type=content_type)).bytes
    return Variant(master.name, f"{tree}/{master.path.name}", master.content_type, total, master.width, master.height)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
