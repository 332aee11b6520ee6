"""Stories about looking for posts that show media: pages, streams, searches, filters; what is said without words."""

from typing import Any

import pytest

from attached import upload
from linnet.features.media.models import Kind
from linnet.features.notifications.subjects import visible_words
from streams import serving
from world import World


def ids(page: Any) -> list[str]:
    return [one["id"] for one in page]


async def test_pages_of_media_show_what_may_be_seen_and_shows_any(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await bob.follow(alice)
    words = await alice.post("words alone #birds")
    shown = await alice.post("#birds", media_ids=[await upload(alice)])
    private = await alice.post("", media_ids=[await upload(alice)], visibility="private")
    reply = await bob.post("@alice", media_ids=[await upload(bob)], in_reply_to_id=shown["id"])
    await alice.mark("reblog", reply)
    taken_away = await alice.post("#birds", media_ids=[await upload(alice)])
    await alice.do("PUT", f"/api/v1/statuses/{taken_away['id']}", status="#birds")
    of_alice = f"/api/v1/accounts/{alice.id}/statuses"
    assert ids(await bob.get(of_alice, only_media=True)) == [private["id"], shown["id"]]
    assert ids(await carol.get(of_alice, only_media=True)) == [shown["id"]]
    assert ids((await world.get(of_alice, only_media=True)).json()) == [shown["id"]]
    assert ids(await carol.get(of_alice, only_media=True, max_id=shown["id"])) == []
    assert ids(await carol.get("/api/v1/timelines/public", only_media=True)) == [shown["id"]]
    assert ids(await carol.get("/api/v1/timelines/tag/birds", only_media=True)) == [shown["id"]]
    assert len(await carol.get("/api/v1/timelines/tag/birds")) == 3
    assert words["id"] in ids(await carol.get(of_alice))
    await alice.relate("block", carol)
    assert await carol.get(of_alice, only_media=True) == []
    assert await carol.get("/api/v1/timelines/public", only_media=True) == []


async def test_streams_of_media_carry_what_shows_any(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    async with serving(world) as streams, streams.socket(bob) as socket:
        for stream in ("public", "public:media", "public:local:media", "public:remote:media"):
            await socket.subscribe(stream)
        await alice.post("words")
        shown = await alice.post("", media_ids=[await upload(alice)])
        await world.settle()
        heard = await socket.hear_all()
        by_stream = {one.stream: [h.payload["id"] for h in heard if h.stream == one.stream] for one in heard}
        assert len(by_stream[("public",)]) == 2
        assert by_stream[("public:media",)] == by_stream[("public:local:media",)] == [shown["id"]]
        assert set(by_stream) == {("public",), ("public:media",), ("public:local:media",)}
        assert heard[-1].payload["media_attachments"] == shown["media_attachments"]


async def test_a_description_that_is_given_later_reaches_everybody(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    media_id = await upload(alice, description="A brid")
    posted = await alice.post("", media_ids=[media_id])
    await world.settle()
    assert (await bob.home())[0]["media_attachments"][0]["description"] == "A brid"
    async with serving(world) as streams, streams.socket(bob, stream="user") as socket:
        answer = await bob.ask("PUT", f"/api/v1/media/{media_id}", json={"description": "Mine"})
        assert answer.status_code == 404
        told = await alice.do("PUT", f"/api/v1/media/{media_id}", description="A bird")
        assert told["description"] == "A bird"
        heard = await socket.hear()
        assert (heard.event, heard.payload["media_attachments"][0]["description"]) == ("status.update", "A bird")
    (seen,) = await bob.home()
    assert (seen["media_attachments"][0]["description"], seen["edited_at"]) == ("A bird", None)
    assert (await bob.get(f"/api/v1/statuses/{posted['id']}"))["media_attachments"] == seen["media_attachments"]


async def test_posts_are_found_by_what_they_show_and_how_it_is_described(world: World) -> None:
    (alice,) = await world.people("alice")
    posts: dict[str, str] = {"words": (await alice.post("nothing to see"))["id"]}
    for kind in Kind:
        media_id = await upload(alice, kind, description=f"Feathers of a {kind}")
        posts[kind] = (await alice.post("", media_ids=[media_id]))["id"]
    await world.settle(periodics=True)

    async def found(q: str) -> list[str]:
        answer = await alice.get("/api/v2/search", q=q, type="statuses")
        by_id = {one: name for name, one in posts.items()}
        return sorted(by_id[one] for one in ids(answer["statuses"]))

    assert await found("has:media") == ["audio", "gifv", "image", "video"]
    assert await found("has:image") == ["gifv", "image"]
    assert await found("has:video") == ["gifv", "video"]
    assert await found("has:audio") == ["audio"]
    assert await found("feather") == ["audio", "gifv", "image", "video"]
    assert await found("feather -has:media") == []
    first = (await alice.get(f"/api/v1/statuses/{posts['image']}"))["media_attachments"][0]
    await alice.do("PUT", f"/api/v1/media/{first['id']}", description="A beak")
    await world.settle(periodics=True)
    assert await found("beak") == ["image"]
    assert await found("feather") == ["audio", "gifv", "video"]


@pytest.mark.parametrize("action", ["warn", "hide", "blur"])
async def test_filters_read_descriptions(world: World, action: str) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    keywords = [{"keyword": "spider", "whole_word": True}]
    made = {"title": "legs", "context": ["home", "public"], "filter_action": action, "keywords_attributes": keywords}
    await bob.do("POST", "/api/v2/filters", **made)
    await alice.post("look", media_ids=[await upload(alice, description="A large spider")])
    await world.settle()
    for page in (await bob.home(), await bob.home(), await bob.get("/api/v1/timelines/public")):
        if action == "hide":
            assert page == []
        else:
            (filtered,) = page[0]["filtered"]
            assert (filtered["filter"]["filter_action"], filtered["keyword_matches"]) == (action, ["spider"])
    sent = await alice.post("@bob", visibility="direct", media_ids=[await upload(alice, description="A spider")])
    (filtered,) = (await bob.get(f"/api/v1/statuses/{sent['id']}"))["filtered"]
    assert filtered["filter"]["filter_action"] == action


async def test_where_there_are_only_words_it_is_said_what_was_sent(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    said = {
        "Sent a picture": await alice.post("", media_ids=[await upload(alice)]),
        "Sent 2 pictures": await alice.post("", media_ids=[await upload(alice), await upload(alice)]),
        "Sent a video": await alice.post("", media_ids=[await upload(alice, Kind.VIDEO)], visibility="unlisted"),
        "Words": await alice.post("Words", media_ids=[await upload(alice, Kind.AUDIO)]),
        "Sent a sound": await alice.do(
            "POST",
            "/api/v1/messages/threads",
            account_ids=[str(bob.id)],
            text="",
            media_ids=[await upload(alice, Kind.AUDIO)],
        ),
    }
    numbers = {words: int(one.get("last_message", one)["id"]) for words, one in said.items()}
    pairs = [(who.id, number) for who in (bob, carol) for number in numbers.values()]
    told = await visible_words(world.engines.db, pairs)
    assert {words: told.get((bob.id, number)) for words, number in numbers.items()} == {one: one for one in said}
    assert (carol.id, numbers["Sent a sound"]) not in told
