"""Stories about posts that show media, told through the API."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from attached import unready, upload
from linnet.features.accounts import actions as accounts
from linnet.features.accounts.ip_blocks.gate import gate_now
from linnet.features.media.models import Kind
from uploading import on_both_stores, stored
from world import Person, World

pytestmark = on_both_stores

STATUSES = "/api/v1/statuses"
LOG_COUNTER = "{changes}:at"


def shown(status: Any) -> list[str]:
    """The ids of the media of a status, in their order."""
    return [one["id"] for one in status["media_attachments"]]


async def refused(person: Person, **form: Any) -> str:
    """The sentence that a post is refused with."""
    answer = await person.ask("POST", STATUSES, json=form)
    assert answer.status_code == 422, answer.text
    return answer.json()["error"]


async def test_a_post_shows_media_in_the_order_asked_for_wherever_it_is_read(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    first, second = await upload(alice, description="A linnet", focus=(0.5, -0.5)), await upload(alice)
    posted = await alice.post("", media_ids=[second, first], sensitive=True)
    assert shown(posted) == [second, first]
    linnet = posted["media_attachments"][1]
    assert (linnet["type"], linnet["description"], linnet["blurhash"] is not None) == ("image", "A linnet", True)
    assert linnet["meta"]["original"] == {
        "width": 400,
        "height": 300,
        "size": "400x300",
        "aspect": pytest.approx(4 / 3, abs=0.01),
    }
    assert linnet["meta"]["focus"] == {"x": 0.5, "y": -0.5}
    assert linnet["url"].endswith(f"/media/{first}/original-ab.jpg")
    await world.settle()
    quote = await bob.post("look", quoted_status_id=posted["id"])
    reblog = await bob.mark("reblog", posted)
    await world.settle()
    for read in (
        await bob.get(f"{STATUSES}/{posted['id']}"),
        (await bob.home())[-1],
        (await bob.home())[-1],
        (await world.get(f"{STATUSES}/{posted['id']}")).json(),
        (await alice.get(f"/api/v1/accounts/{alice.id}/statuses"))[0],
        quote["quote"]["quoted_status"],
        reblog["reblog"],
        reblog,
    ):
        assert read["media_attachments"] == posted["media_attachments"]
    for address, size in ((linnet["url"], 700), (linnet["preview_url"], 200)):
        file = await world.client.get(address)
        assert (file.status_code, file.headers["content-type"], len(file.content)) == (200, "image/jpeg", size)


async def test_what_cannot_be_shown_is_refused_with_a_sentence(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    mine, others, film = await upload(alice), await upload(bob), await upload(alice, Kind.VIDEO)
    assert "cannot be found" in await refused(alice, status="x", media_ids=[others])
    assert "cannot be found" in await refused(alice, status="x", media_ids=["12345"])
    assert "cannot be found" in await refused(alice, status="x", media_ids=["bird"])
    assert "not finished" in await refused(alice, status="x", media_ids=[await unready(alice)])
    assert "together" in await refused(alice, status="x", media_ids=[mine, film])
    assert "at most 4" in await refused(alice, media_ids=[await upload(alice) for _ in range(5)])
    poll = {"options": ["a", "b"], "expires_in": 300}
    assert "poll" in await refused(alice, status="x", media_ids=[mine], poll=poll)
    assert "blank" in await refused(alice, status=" ", media_ids=[])
    assert shown(await alice.post("", media_ids=[mine, mine])) == [mine]
    assert "used by another" in await refused(alice, status="again", media_ids=[mine])
    answer = await alice.ask("POST", STATUSES, data={"media_ids[]": [film]})
    assert shown(answer.json()) == [film]


async def test_of_many_posts_that_want_one_upload_exactly_one_gets_it(world: World) -> None:
    (alice,) = await world.people("alice")
    one, other = await upload(alice), await upload(alice)
    asked = [
        alice.ask("POST", STATUSES, json={"status": f"{place}", "media_ids": [one, other] if place % 2 else [one]})
        for place in range(8)
    ]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [200] + [422] * 7
    assert len(await alice.get(f"/api/v1/accounts/{alice.id}/statuses")) == 1
    (winner,) = [answer.json() for answer in answers if answer.is_success]
    if shown(winner) == [one]:
        await alice.post("", media_ids=[other])


async def test_a_repeated_request_makes_one_post(world: World) -> None:
    (alice,) = await world.people("alice")
    media_id = await upload(alice)
    form: dict[str, Any] = {"headers": {"Idempotency-Key": "once"}, "json": {"status": "", "media_ids": [media_id]}}
    answers = await asyncio.gather(*(alice.ask("POST", STATUSES, **form) for _ in range(4)))
    answers.append(await alice.ask("POST", STATUSES, **form))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert all(shown(answer.json()) == [media_id] for answer in answers)


async def test_an_edit_shows_other_media_and_the_history_what_was_shown(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    first, second, third = [await upload(alice, description=word) for word in ("one", "two", "three")]
    posted = await alice.post("birds", media_ids=[first, second])
    await world.settle()
    assert shown((await bob.home())[0]) == [first, second]
    path = f"{STATUSES}/{posted['id']}"
    captions = [{"id": second, "description": "zwei", "focus": "0.25,1"}, {"id": first, "description": "unseen"}]
    edited = await alice.do("PUT", path, status="birds", media_ids=[third, second], media_attributes=captions)
    assert shown(edited) == [third, second]
    assert edited["edited_at"] is not None
    assert (edited["media_attachments"][1]["description"], edited["media_attachments"][1]["meta"]["focus"]) == (
        "zwei",
        {"x": 0.25, "y": 1.0},
    )
    assert (await bob.home())[0]["media_attachments"] == edited["media_attachments"]
    then, now = await bob.get(f"{path}/history")
    assert [one["description"] for one in then["media_attachments"]] == ["one", "two"]
    assert [one["description"] for one in now["media_attachments"]] == ["three", "zwei"]

    assert "used by another" in await refused(alice, status="x", media_ids=[first])
    unchanged = await alice.do("PUT", path, status="birds", media_ids=[third, second])
    assert unchanged["edited_at"] == edited["edited_at"]
    assert shown(await alice.do("PUT", path, status="birds")) == []
    assert shown(await alice.do("PUT", path, status="birds", media_ids=[first])) == [first]
    assert len(await bob.get(f"{path}/history")) == 4
    answer = await alice.ask("PUT", path, json={"status": "", "media_ids": []})
    assert answer.status_code == 422
    answer = await alice.ask("PUT", path, json={"status": "", "media_ids": [await upload(bob)]})
    assert answer.status_code == 422
    assert shown(await alice.get(path)) == [first]


@pytest.mark.parametrize("form", [{"media_attributes[][id]": "{}", "media_attributes[][description]": "words"}])
async def test_an_edit_comes_in_the_forms_that_clients_send(world: World, form: dict[str, str]) -> None:
    (alice,) = await world.people("alice")
    media_id = await upload(alice)
    posted = await alice.post("bird", media_ids=[media_id])
    filled = {name: value.format(media_id) for name, value in form.items()}
    answer = await alice.ask(
        "PUT", f"{STATUSES}/{posted['id']}", data={"status": "bird", "media_ids[]": [media_id], **filled}
    )
    assert answer.json()["media_attachments"][0]["description"] == "words"


async def test_who_deletes_a_post_can_show_its_media_again(world: World) -> None:
    (alice,) = await world.people("alice")
    first, second = await upload(alice, description="A bird"), await upload(alice)
    posted = await alice.post("typo", media_ids=[first, second])
    await alice.do("PUT", f"{STATUSES}/{posted['id']}", status="typo", media_ids=[first])
    gone = await alice.do("DELETE", f"{STATUSES}/{posted['id']}")
    assert (gone["text"], shown(gone), gone["media_attachments"][0]["description"]) == ("typo", [first], "A bird")
    again = await alice.post("no typo", media_ids=[first, second])
    assert [one["description"] for one in again["media_attachments"]] == ["A bird", None]
    await world.settle(periodics=True)
    assert shown(await alice.get(f"{STATUSES}/{again['id']}")) == [first, second]


async def test_posts_for_later_and_drafts_hold_what_they_are_to_show(world: World) -> None:
    (alice,) = await world.people("alice")
    first, second = await upload(alice), await upload(alice)
    at = (world.clock.now() + timedelta(hours=1)).isoformat()
    later = await alice.post("", media_ids=[first], scheduled_at=at)
    assert (shown(later), later["params"]["media_ids"]) == ([first], [first])
    draft = await alice.do("POST", "/api/v1/drafts", status="", media_ids=[second, "7"])
    assert (shown(draft), draft["params"]["media_ids"]) == ([second], [second, "7"])
    assert shown((await alice.get("/api/v1/drafts"))[0]) == [second]
    assert shown((await alice.get("/api/v1/scheduled_statuses"))[0]) == [first]
    assert await held(world) == {int(later["id"]): [int(first)], int(draft["id"]): [int(second)]}

    await alice.do("PUT", f"/api/v1/drafts/{draft['id']}", status="", media_ids=[first])
    assert await held(world) == {int(later["id"]): [int(first)], int(draft["id"]): [int(first)]}
    world.clock.move(hours=2)
    await world.settle(periodics=True)
    await world.settle()
    (published,) = await alice.get(f"/api/v1/accounts/{alice.id}/statuses")
    assert shown(published) == [first]
    assert await held(world) == {}
    await alice.do("DELETE", f"/api/v1/drafts/{draft['id']}")


async def test_what_was_shown_elsewhere_meanwhile_keeps_a_post_for_later_on_its_list(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    media_id = await upload(alice)
    at = (world.clock.now() + timedelta(hours=1)).isoformat()
    answer = await bob.ask("POST", STATUSES, json={"status": "", "media_ids": [media_id], "scheduled_at": at})
    assert answer.status_code == 422
    later = await alice.post("", media_ids=[media_id], scheduled_at=at)
    called_off = await alice.post("", media_ids=[media_id], scheduled_at=at)
    await alice.do("DELETE", f"/api/v1/scheduled_statuses/{called_off['id']}")
    assert await held(world) == {int(later["id"]): [int(media_id)]}
    await alice.post("now", media_ids=[media_id])
    world.clock.move(hours=2)
    await world.settle(periodics=True)
    await world.settle()
    (waiting,) = await alice.get("/api/v1/scheduled_statuses")
    assert "used by another" in waiting["failure"]


async def held(world: World) -> dict[int, list[int]]:
    """What drafts and posts for later hold."""
    rows = await world.engines.db.rows("select holder_id, array_agg(media_id) from media_holds group by holder_id")
    return {row[0]: row[1] for row in rows}


async def test_a_message_shows_media_to_its_members_alone(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    first, second, third = [await upload(alice, description=word) for word in ("one", "two", "three")]
    sent = await alice.post("@bob", visibility="direct", media_ids=[first])
    assert shown(sent) == [first]
    path = f"{STATUSES}/{sent['id']}"
    assert shown(await bob.get(path)) == [first]
    assert shown((await bob.get("/api/v1/conversations"))[0]["last_status"]) == [first]
    assert (await carol.ask("GET", path)).status_code == 404
    assert (await world.get(path)).status_code == 404

    started = await alice.do("POST", "/api/v1/messages/threads", account_ids=[str(bob.id)], text="", media_ids=[second])
    assert shown(started["last_message"]) == [second]
    assert [shown(one) for one in await bob.get(f"/api/v1/messages/threads/{started['id']}/messages")] == [
        [second],
        [first],
    ]
    answer = await alice.ask("POST", STATUSES, json={"status": "@bob", "visibility": "direct", "media_ids": [second]})
    assert answer.status_code == 422
    assert "used by another" in await refused(alice, status="public", media_ids=[first])

    captions = [{"id": third, "description": "drei"}]
    edited = await alice.do("PUT", path, status="@bob", media_ids=[third, first], media_attributes=captions)
    assert [one["description"] for one in edited["media_attachments"]] == ["drei", "one"]
    then, now = await bob.get(f"{path}/history")
    assert (shown(then), shown(now)) == ([first], [third, first])
    own = await alice.do("PUT", f"/api/v1/messages/{sent['id']}", text="", media_ids=[first])
    assert shown(own) == [first]
    gone = await alice.do("DELETE", path)
    assert shown(gone) == [first]
    assert shown(await alice.post("now for all", media_ids=[third, first])) == [third, first]
    await accounts.delete(world.engines, alice.id)
    await world.settle()
    assert await stored(world) == set()
    assert await world.engines.db.value("select count(*) from media where status_id is not null") == 0


async def test_what_shows_nothing_pays_nothing_and_media_come_with_their_post(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    media_id = await upload(alice)
    await alice.post("so that all is known of alice")
    async with world.counting_statements() as plain:
        words = await alice.post("words")
    async with world.counting_statements() as more:
        shows = await alice.post("", media_ids=[media_id])
    assert more.number == plain.number + 1
    counted = list[int]()
    for status in (words, shows):
        await world.engines.valkey.forget([LOG_COUNTER])
        await gate_now(world.engines)
        async with world.counting_statements() as reading:
            await bob.get(f"{STATUSES}/{status['id']}")
        counted.append(reading.number)
    assert counted[0] == counted[1]
