"""What strict clients need of the answers: ids, moments, addresses, booleans, nothing documented left out."""

import json
from typing import Any

import httpx
import pytest

from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.status import Status
from strictness import MOMENT, complaints
from world import Person, World


async def small_world(world: World) -> tuple[Person, Person, Any]:
    """Two people who know each other, and a status with much in it."""
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    status = await alice.post("@bob look, #birds: https://example.com", spoiler_text="wings", sensitive=True)
    reply = await bob.post("@alice I see", in_reply_to_id=status["id"], quoted_status_id=status["id"])
    await bob.mark("reblog", status)
    await alice.mark("favourite", reply)
    await world.settle(periodics=True)
    return alice, bob, status


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/timelines/tag/birds", "/api/v1/notifications",
        "/api/v1/accounts/verify_credentials", "/api/v1/accounts/search?q=bob", "/api/v2/search?q=bob",
        "/api/v1/accounts/{bob}", "/api/v1/accounts/{bob}/statuses", "/api/v1/accounts/{bob}/following",
        "/api/v1/accounts/relationships?id[]={bob}", "/api/v1/statuses/{status}", "/api/v1/statuses/{status}/context",
        "/api/v1/statuses/{status}/history", "/api/v1/statuses/{status}/source", "/api/v1/statuses/{status}/quotes",
        "/api/v1/statuses/{status}/reblogged_by", "/api/v1/instance", "/api/v2/instance", "/api/v1/preferences",
        "/api/v1/markers", "/api/v1/tags/birds", "/api/v2/notifications/policy", "/api/v1/lists", "/api/v1/trends/tags",
    ],
)  # fmt: skip
async def test_nothing_in_an_answer_breaks_a_strict_client(world: World, path: str) -> None:
    alice, bob, status = await small_world(world)
    where = path.format(bob=bob.id, status=status["id"])
    for answer in (await alice.ask("GET", where), await world.client.get(where)):
        assert not complaints(answer)
    assert (await alice.ask("GET", where)).is_success


async def test_every_documented_member_is_there_even_when_it_is_null(world: World) -> None:
    alice = await world.person("alice")
    status = await alice.post("bare")
    nullable = {"edited_at", "in_reply_to_id", "in_reply_to_account_id", "reblog", "quote", "card", "poll"}
    assert {name for name in nullable if status[name] is not None} == set()
    at_times = {"filtered", "text", "pinned", "reply_approval", "reply_hidden", "moderation"}
    assert set(status) >= set(Status.__struct_fields__) - at_times
    at_times = {
        "suspended",
        "limited",
        "avatar_description",
        "header_description",
        "show_media",
        "show_media_replies",
        "show_featured",
    }
    assert set(status["account"]) >= set(Account.__struct_fields__) - at_times
    stranger = (await world.get(f"/api/v1/statuses/{status['id']}")).json()
    assert not {"favourited", "reblogged", "bookmarked", "muted"} & set(stranger)


async def test_ids_are_snowflakes_that_clients_can_make_out_of_dates(world: World) -> None:
    alice = await world.person("alice")
    status = await alice.post("when?")
    milliseconds = int(status["id"]) >> 16
    assert abs(milliseconds / 1000 - world.clock.now().timestamp()) < 60
    assert MOMENT.fullmatch(status["created_at"])


async def test_pictures_are_there_for_everybody(world: World) -> None:
    alice = await world.person("alice")
    account = await alice.get(f"/api/v1/accounts/{alice.id}")
    for name in ("avatar", "avatar_static", "header", "header_static"):
        assert account[name].startswith("https://linnet.test/")
        picture = await world.client.get(account[name])
        assert picture.headers["content-type"] == "image/png"


def answered(body: Any, **headers: str) -> httpx.Response:
    """An answer as it should be, but for what a test says."""
    usual = {
        "content-type": "application/json; charset=utf-8",
        "x-ratelimit-limit": "300",
        "x-ratelimit-remaining": "299",
        "x-ratelimit-reset": "2026-01-02T03:04:05.000006Z",
        "access-control-allow-origin": "*",
    }
    return httpx.Response(200, headers={**usual, **headers}, content=json.dumps(body).encode())


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ([{"id": 5}], {}),
        ([{"id": "01HZX"}], {}),
        ({"created_at": "2026-01-02T03:04:05Z"}, {}),
        ({"created_at": "2026-01-02T03:04:05.000000Z"}, {}),
        ({"created_at": "2026-01-02T03:04:05.000+00:00"}, {}),
        ({"a": {"avatar": None}}, {}),
        ({"header": "/pictures/1.png"}, {}),
        ({"bot": 0}, {}),
        ({"visibility": "limited", "id": "1"}, {}),
        ({"last_status_at": "2026-01-02T03:04:05.000Z"}, {}),
        ({}, {"content-type": "text/html"}),
        ({}, {"x-ratelimit-reset": "1767323045"}),
        ({}, {"access-control-allow-origin": "https://elsewhere.example"}),
        ({}, {"link": '</api/v1/x?max_id=1>; rel="next"'}),
        ({}, {"link": '<https://linnet.test/api/v1/x?cursor=1>; rel="next"'}),
    ],
)
def test_what_breaks_a_client_is_found(body: Any, headers: dict[str, str]) -> None:
    assert not complaints(answered({}))
    assert complaints(answered(body, **headers))
