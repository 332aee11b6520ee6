"""Uploads for stories about posts that show them: rows and files as the pipeline leaves them, made of nothing."""

from collections.abc import AsyncGenerator
from typing import Any

from linnet.features.media import actions
from linnet.features.media.models import Kind, Lane, Made, Meta, Purpose, Source, Variant, folder_name
from linnet.features.media.store import processing
from world import Person

_SOURCE = Source("bird.jpg", "image/jpeg", 1_000, "ab" * 32)


async def unready(person: Person, **words: Any) -> str:
    """The id of what a person has uploaded, of which nothing was made yet; `description` and `focus` by name."""
    engines = person.world.engines
    media_id = await actions.new_id(engines)
    said = actions.Words(**words)
    await actions.begin(engines, person.id, Purpose.ATTACHMENT, _SOURCE, Lane.IMAGES, media_id=media_id, words=said)
    return str(media_id)


async def upload(person: Person, kind: Kind = Kind.IMAGE, **words: Any) -> str:
    """The id of an upload that is ready to be shown."""
    media_id = int(await unready(person, **words))
    engines, now = person.world.engines, person.world.clock.now()
    db = engines.db
    assert await processing.take_up(db, media_id, now) is not None
    made = Made(kind, (), Meta(width=400, height=300), blurhash="LEHV6nWB2yk8pyo0adR*.7kCMdnj")
    variants = (
        Variant("original", "original-ab.jpg", "image/jpeg", 700, 400, 300),
        Variant("small_jpeg", "small_jpeg-cd.jpg", "image/jpeg", 200, 80, 60),
    )
    for one in variants:
        name = folder_name(media_id) + one.file
        await engines.blobs.write(name, contents(one), bytes_max=one.bytes, content_type=one.content_type)
    assert await processing.finish(db, media_id, made, variants, now)
    return str(media_id)


async def contents(variant: Variant) -> AsyncGenerator[bytes]:
    """What lies in the store in the place of a picture."""
    yield variant.name.encode().ljust(variant.bytes)
