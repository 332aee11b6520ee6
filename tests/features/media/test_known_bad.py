"""Stories about pictures that nobody may upload: what is found, who keeps the list, what it tells."""

import io
import random
from datetime import timedelta

import pytest
from PIL import Image

from linnet.features.accounts.models import Role
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.media.known_bad import actions
from linnet.features.media.known_bad.actions import NewKnownBad
from linnet.features.media.known_bad.models import DISTANCE_MAX, KnownBadRules, hash_text, probes
from linnet.features.media.models import Refused
from linnet.platform.errors import Forbidden, Invalid
from uploading import stored, until_ready, upload, worker_of
from world import SCOPES, World

PATH = "/api/v1/admin/media_known_bad"
CAT = 0x8F3B1C0E77D2A915


def changed(hash_: int, bits: int) -> int:
    """The hash with so many of its bits turned, at random."""
    return hash_ ^ sum(1 << bit for bit in random.sample(range(64), bits))


async def test_whatever_looks_like_a_known_picture_is_refused_and_nothing_else(world: World) -> None:
    alice = await world.person("alice")
    await actions.add(world.engines, OPERATOR, NewKnownBad(CAT, "A cat that is not to be seen"))
    distance_max = world.engines.config(KnownBadRules).distance_max
    for bits in range(distance_max + 1):
        with pytest.raises(Refused, match="cannot be used here"):
            await actions.refuse_known(world.engines, alice.id, 7, changed(CAT, bits))
    for hash_ in (changed(CAT, distance_max + 1), changed(CAT, 20), None):
        await actions.refuse_known(world.engines, alice.id, 7, hash_)
    told = await world.engines.db.rows("select target_id, detail from audit_log where action = $1", actions.Act.MATCH)
    assert {row["target_id"] for row in told} == {alice.id}
    assert sorted(row["detail"]["distance"] for row in told) == list(range(distance_max + 1))


@pytest.mark.parametrize("distance_max", [0, 3, 4, 7, 8, DISTANCE_MAX])
async def test_the_lookup_by_quarters_finds_what_comparing_with_all_would(world: World, distance_max: int) -> None:
    world.engines.configs[KnownBadRules] = KnownBadRules(distance_max)  # type: ignore[index]
    known = [random.getrandbits(64) for _ in range(300)]
    await actions.add_many(world.engines, OPERATOR, map(NewKnownBad, known))
    for _ in range(60):
        hash_ = changed(random.choice(known), random.randint(0, distance_max + 3))
        nearest = min((one ^ hash_).bit_count() for one in known)
        match = await actions.find(world.engines, hash_)
        assert (None if match is None else match.distance) == (nearest if nearest <= distance_max else None)
    world.engines.configs[KnownBadRules] = KnownBadRules()  # type: ignore[index]


def test_a_quarter_is_looked_up_in_few_ways() -> None:
    assert [len(quarter) for quarter in probes(CAT, 3)] == [1] * 4
    assert [len(set(quarter)) for quarter in probes(CAT, 7)] == [17] * 4
    assert [len(set(quarter)) for quarter in probes(2**64 - 1, DISTANCE_MAX)] == [137] * 4


async def test_what_has_expired_is_taken_again_and_can_be_refused_anew(world: World) -> None:
    until = world.clock.now() + timedelta(days=1)
    first = await actions.add(world.engines, OPERATOR, NewKnownBad(CAT, "for a day", until))
    assert (await actions.add(world.engines, OPERATOR, NewKnownBad(CAT, "again"))).reason == "for a day"
    world.clock.move(days=2)
    assert await actions.find(world.engines, CAT) is None
    anew = await actions.add(world.engines, OPERATOR, NewKnownBad(CAT, "for ever"))
    assert (anew.id, anew.reason, anew.expires_at) == (first.id, "for ever", None)
    assert await actions.find(world.engines, CAT) is not None


def scene(side: int, seed: int, kind: str = "JPEG") -> bytes:
    """A picture with lights and shades of its own, in a size."""
    shades = Image.frombytes("L", (9, 8), random.Random(seed).randbytes(72))
    file = io.BytesIO()
    shades.resize((side, side), Image.Resampling.BICUBIC).convert("RGB").save(file, kind)
    return file.getvalue()


async def test_an_upload_that_looks_like_one_taken_down_fails_and_nothing_of_it_stays(world: World) -> None:
    maud = await world.person("maud", role=Role.MODERATOR, scopes=(*SCOPES, "admin:read", "admin:write"))
    alice = await world.person("alice")
    async with worker_of(world):
        first = (await upload(alice, scene(640, 7))).json()
        await until_ready(alice, first["id"])
        await maud.do("POST", PATH, media_id=first["id"], reason="Sent around")
        before = await stored(world)
        again = await upload(alice, scene(400, 7, "PNG"), version=1)
        other = await upload(alice, scene(640, 8))
        await until_ready(alice, other.json()["id"])
    assert again.status_code == 422
    assert again.json()["error"] == "Validation failed: This file cannot be used here."
    after = {name for name in await stored(world) if other.json()["id"] not in name}
    assert after == before
    (told,) = await maud.get("/api/v1/admin/audit_log", action="media_known_bad.match")
    assert (told["action"], told["target_id"]) == ("media_known_bad.match", str(alice.id))


async def test_moderators_keep_the_list_over_the_api(world: World) -> None:
    maud = await world.person("maud", role=Role.MODERATOR, scopes=(*SCOPES, "admin:read", "admin:write"))
    made = await maud.do("POST", PATH, hash=hash_text(CAT), reason="A cat")
    assert made == (await maud.get(PATH))[0] == await maud.get(f"{PATH}/{made['id']}")
    assert (made["hash"], made["added_by_account_id"], made["expires_at"]) == (hash_text(CAT), str(maud.id), None)
    for wrong in ({}, {"hash": "abc"}, {"hash": "0" * 16}, {"hash": "f" * 16}, {"hash": "x" * 16}, {"media_id": "12"}):
        assert (await maud.ask("POST", PATH, json=wrong)).status_code in {404, 422}, wrong
    await maud.do("DELETE", f"{PATH}/{made['id']}")
    assert await maud.get(PATH) == []
    acts = [one["action"] for one in await maud.get("/api/v1/admin/audit_log", actor_id=maud.id)]
    assert acts == ["media_known_bad.remove", "media_known_bad.add"]
    alice = await world.person("alice")
    with pytest.raises(Forbidden):
        await actions.show(world.engines, alice.acting(Role.USER), int(made["id"]))


async def test_a_reason_is_bounded_and_an_end_in_the_past_is_none(world: World) -> None:
    for new in (NewKnownBad(CAT, "x" * 501), NewKnownBad(CAT, "", world.clock.now())):
        with pytest.raises(Invalid):
            await actions.add(world.engines, OPERATOR, new)
