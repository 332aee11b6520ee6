"""Uploads for stories about posts that show them: rows as the pipeline leaves them, without any file."""

from typing import Any

from linnet.features.media import actions
from linnet.features.media.models import Kind, Lane, Made, Meta, Purpose, Source, Variant
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
    db, now = person.world.engines.db, person.world.clock.now()
    assert await processing.take_up(db, media_id, now) is not None
    made = Made(kind, (), Meta(width=400, height=300), blurhash="LEHV6nWB2yk8pyo0adR*.7kCMdnj")
    variants = (
        Variant("original", "original-ab.jpg", "image/jpeg", 700, 400, 300),
        Variant("small_jpeg", "small_jpeg-cd.jpg", "image/jpeg", 200, 80, 60),
    )
    assert await processing.finish(db, media_id, made, variants, now)
    return str(media_id)
