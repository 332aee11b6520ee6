"""Uploads as if they had been processed, with their files in the store: for tests of what is done with them."""

from collections.abc import AsyncIterator, Mapping
from hashlib import sha256

from linnet.features.media import actions
from linnet.features.media.models import Kind, Lane, Made, Meta, Purpose, Source, Variant, folder_name
from linnet.features.media.store import processing
from world import Person

SOURCE = Source("bird.jpg", "image/jpeg", 1_000, "ab" * 32)


async def made(
    person: Person,
    files: Mapping[str, tuple[str, bytes]],
    *,
    kind: Kind = Kind.IMAGE,
    purpose: Purpose = Purpose.ATTACHMENT,
) -> int:
    """An upload with these files, each with its type; those below a folder belong to the playlist there."""
    engines = person.world.engines
    media_id = await actions.new_id(engines)
    await actions.begin(engines, person.id, purpose, SOURCE, Lane.IMAGES, media_id=media_id)
    for file, (content_type, contents) in files.items():
        name = folder_name(media_id) + file
        await engines.blobs.write(name, _whole(contents), bytes_max=len(contents), content_type=content_type)
    variants = tuple(
        Variant(file.partition("-")[0], file, content_type, len(contents))
        for file, (content_type, contents) in files.items()
        if "/" not in file or file.endswith("/master.m3u8")
    )
    now = engines.clock.now()
    await processing.take_up(engines.db, media_id, now)
    assert await processing.finish(engines.db, media_id, Made(kind, (), Meta()), variants, now)
    return media_id


async def shown(person: Person, media_id: int, status_id: int) -> None:
    """Have a status of that id show it."""
    async with person.world.engines.transaction() as tx:
        await actions.attach(tx, person.id, status_id, [media_id])


def file_name(name: str, contents: bytes, suffix: str) -> str:
    """As files are named: by what is in them."""
    return f"{name}-{sha256(contents).hexdigest()[:32]}.{suffix}"


async def _whole(contents: bytes) -> AsyncIterator[bytes]:
    yield contents
