"""Stories about what uses an upload: one post at a time, its owner's, and only when it is ready."""

import asyncio
from typing import Any

import pytest

from linnet.features.accounts import actions as accounts
from linnet.features.media import actions, reads
from linnet.features.media.models import Kind, Lane, Made, Media, Meta, Purpose, Source, Variant
from linnet.features.media.store import processing, using
from linnet.platform.errors import Invalid, NotFound
from world import Person, World

SOURCE = Source("bird.jpg", "image/jpeg", 1_000, "ab" * 32)


async def upload(person: Person, *, ready: bool = True, **more: Any) -> int:
    """What a person uploaded, as if it had been processed."""
    engines = person.world.engines
    media_id = await actions.new_id(engines)
    await actions.begin(engines, person.id, Purpose.ATTACHMENT, SOURCE, Lane.IMAGES, media_id=media_id, **more)
    if ready:
        await make_ready(person.world, media_id)
    return media_id


async def make_ready(world: World, media_id: int, kind: Kind = Kind.IMAGE) -> None:
    now = world.clock.now()
    assert await processing.take_up(world.engines.db, media_id, now) is not None
    made = Made(kind, (), Meta(width=40, height=30), blurhash="LEHV6nWB2yk8pyo0adR*.7kCMdnj")
    variants = (Variant("original", "original-ab.jpg", "image/jpeg", 700, 40, 30),)
    assert await processing.finish(world.engines.db, media_id, made, variants, now)


async def attach(person: Person, status_id: int, *media_ids: int, kept: bool = False) -> tuple[Media, ...]:
    async with person.world.engines.transaction() as tx:
        return await actions.attach(tx, person.id, status_id, media_ids, kept=kept)


async def test_an_upload_is_attached_once_by_its_owner(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    first, second = await upload(alice, words=actions.Words("A bird", (0.5, -0.5))), await upload(alice)
    shown = await attach(alice, 1, second, first)
    assert [(one.id, one.status_id) for one in shown] == [(second, 1), (first, 1)]
    (found,) = (await reads.of_statuses(world.engines.db, [1, 2])).values()
    assert [one.id for one in found] == [second, first]
    assert (found[1].description, found[1].focus, found[1].meta.width) == ("A bird", (0.5, -0.5), 40)
    assert found[1].variants[0].file == "original-ab.jpg"
    for person, status_id in ((alice, 2), (bob, 3)):
        with pytest.raises(Invalid, match="cannot be found, or is used"):
            await attach(person, status_id, first)
    with pytest.raises(NotFound):
        await reads.show(world.engines, bob.viewer, first)


async def test_of_two_posts_that_take_the_same_upload_at_once_one_gets_it(world: World) -> None:
    (alice,) = await world.people("alice")
    media_id = await upload(alice)
    outcomes = await asyncio.gather(*(attach(alice, at, media_id) for at in range(1, 6)), return_exceptions=True)
    assert sum(isinstance(one, tuple) for one in outcomes) == 1
    assert sum(isinstance(one, Invalid) for one in outcomes) == 4


async def test_an_edit_shows_other_files_in_another_order(world: World) -> None:
    (alice,) = await world.people("alice")
    first, second, third = [await upload(alice) for _ in range(3)]
    await attach(alice, 1, first, second)
    await attach(alice, 1, third, second)
    (found,) = (await reads.of_statuses(world.engines.db, [1])).values()
    assert [one.id for one in found] == [third, second]
    with pytest.raises(Invalid):
        await attach(alice, 2, first)
    async with world.engines.transaction() as tx:
        assert sorted(await actions.detach(world.engines, tx, alice.id, [1])) == [first, second, third]
    assert await reads.of_statuses(world.engines.db, [1]) == {}
    await attach(alice, 2, first)


async def test_what_is_not_ready_or_does_not_go_together_is_refused(world: World) -> None:
    (alice,) = await world.people("alice")
    unready, picture, film = await upload(alice, ready=False), await upload(alice), await upload(alice, ready=False)
    await make_ready(world, film, Kind.VIDEO)
    with pytest.raises(Invalid, match="have not finished processing"):
        await attach(alice, 1, picture, unready)
    with pytest.raises(Invalid, match="together with other files"):
        await attach(alice, 1, picture, film)
    await processing.fail(world.engines.db, unready, "This is no picture.", world.clock.now())
    with pytest.raises(Invalid, match=r"This is no picture\."):
        await attach(alice, 1, unready)
    with pytest.raises(Invalid, match="at most 4"):
        await attach(alice, 1, *range(5))
    assert await using.loose_among(world.engines.db, [unready, picture, film]) == {unready, picture, film}


async def test_what_is_kept_for_later_is_taken_by_nothing_else(world: World) -> None:
    (alice,) = await world.people("alice")
    media_id = await upload(alice)
    async with world.engines.transaction() as tx:
        await actions.keep(tx, alice.id, [media_id])
    with pytest.raises(Invalid):
        await attach(alice, 1, media_id)
    with pytest.raises(Invalid, match="that a post uses"):
        await actions.discard(world.engines, alice.viewer, media_id)
    await attach(alice, 1, media_id, kept=True)


async def test_an_account_that_goes_takes_its_uploads_along(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await upload(alice)
    theirs = await upload(bob)
    await accounts.delete(world.engines, alice.id)
    await world.settle()
    assert await world.engines.db.rows("select id from media") == [(theirs,)]
