"""What authors decide about what others make of their posts: who may answer and quote, and what of that stays."""

from typing import Any

import pytest

from linnet.platform.embedded import EmbeddedEngines
from world import Person, World, open_world


async def answer_to(status: Any, who: Person, **more: Any) -> tuple[int, str]:
    """The status code and sentence that somebody gets who answers."""
    got = await who.ask("POST", "/api/v1/statuses", json={"status": "but", "in_reply_to_id": status["id"], **more})
    return got.status_code, got.json().get("error", "")


MAY = {
    "everyone": {"stranger", "follower", "followed", "mentioned"},
    "followers": {"follower", "mentioned"},
    "followed": {"followed", "mentioned"},
    "mentioned": {"mentioned"},
    "nobody": set[str](),
}
"""Who but the author may answer, by policy."""


@pytest.mark.parametrize("policy", MAY)
async def test_only_those_whom_the_author_lets_can_answer(world: World, policy: str) -> None:
    alice, *others = await world.people("alice", "stranger", "follower", "followed", "mentioned")
    _, follower, followed, _ = others
    await follower.follow(alice)
    await alice.follow(followed)
    status = await alice.post("@mentioned hello", reply_policy=policy)
    told = None if policy == "everyone" else {"policy": policy, "current_user": "automatic"}
    assert status.get("reply_approval") == told
    for who in others:
        code, sentence = await answer_to(status, who)
        assert code == (200 if who.username in MAY[policy] else 422), who.username
        assert (code == 200) is not ("reply" in sentence or "replies" in sentence)
    assert (await answer_to(status, alice))[0] == 200, "one's own thread goes on"
    seen = (await others[0].get(f"/api/v1/statuses/{status['id']}")).get("reply_approval")
    assert (seen and seen["current_user"]) == {"everyone": None, "nobody": "denied"}.get(policy, "unknown")
    public = (await world.get(f"/api/v1/statuses/{status['id']}")).json().get("reply_approval")
    assert (public and public["current_user"]) == (None if policy == "everyone" else "denied")


async def test_a_thread_is_as_open_as_the_post_that_began_it(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    root = await alice.post("@bob hello", reply_policy="mentioned")
    reply = await bob.post("@alice hi", in_reply_to_id=root["id"])
    assert (await answer_to(reply, carol))[0] == 422
    assert (await answer_to(reply, alice))[0] == 200
    await alice.do("PUT", f"/api/v1/statuses/{root['id']}/interaction_policy", reply_policy="everyone")
    assert (await answer_to(reply, carol))[0] == 200
    await alice.do("PUT", f"/api/v1/statuses/{root['id']}", status="@bob hello", reply_policy="nobody")
    assert (await answer_to(reply, carol))[0] == 422
    assert (await answer_to(reply, bob))[0] == 422
    await alice.do("DELETE", f"/api/v1/statuses/{root['id']}")
    assert (await answer_to(reply, carol))[0] == 200, "who is gone decides nothing"


async def test_an_unknown_policy_is_refused_and_an_ordinary_post_asks_nothing_more(world: World) -> None:
    alice = await world.person("alice")
    answer = await alice.ask("POST", "/api/v1/statuses", json={"status": "x", "reply_policy": "friends"})
    assert (answer.status_code, "reply_policy" in answer.json()["error"]) == (422, True)
    for policy in ("everyone", "nobody"):
        await alice.post("again", reply_policy=policy)
        async with world.counting_statements() as posting:
            await alice.post("and again", reply_policy=policy)
        assert posting.number <= 3


async def test_a_hidden_answer_is_out_of_the_thread_with_all_below_it_but_not_for_its_author(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    root = await alice.post("hello")
    bad = await bob.post("boo", in_reply_to_id=root["id"])
    below = await carol.post("oh", in_reply_to_id=bad["id"])
    good = await carol.post("hello", in_reply_to_id=root["id"])
    hidden = await alice.do("POST", f"/api/v1/statuses/{bad['id']}/hide_reply")
    assert hidden["reply_hidden"] is True
    context = f"/api/v1/statuses/{root['id']}/context"

    async def thread(who: Person | None) -> list[str]:
        found = await who.get(context) if who else (await world.get(context)).json()
        return [one["id"] for one in found["descendants"]]

    for who in (alice, carol, None):
        assert await thread(who) == [good["id"]]
    assert await thread(bob) == [bad["id"], below["id"], good["id"]]
    path = f"/api/v1/statuses/{good['id']}/hidden_replies"
    for shown in (await carol.get(path), (await world.get(path)).json()):
        assert [(one["id"], one["reply_hidden"]) for one in shown] == [(bad["id"], True)]
    alone = await carol.get(f"/api/v1/statuses/{bad['id']}")
    assert alone["reply_hidden"] is True
    assert "reply_hidden" not in await carol.get(f"/api/v1/statuses/{below['id']}")
    for _ in range(2):
        assert "reply_hidden" not in await alice.do("POST", f"/api/v1/statuses/{bad['id']}/unhide_reply")
    assert await thread(carol) == [bad["id"], below["id"], good["id"]]
    assert await carol.get(path) == []


async def test_only_who_began_the_thread_or_is_answered_hides(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    root = await alice.post("hello")
    first = await bob.post("first", in_reply_to_id=root["id"])
    second = await carol.post("second", in_reply_to_id=first["id"])
    expected = {(alice, "first"): 200, (bob, "first"): 422, (carol, "first"): 403, (alice, "second"): 200,
                (bob, "second"): 200, (carol, "second"): 422, (alice, "root"): 422, (bob, "root"): 422}  # fmt: skip
    statuses = {"root": root, "first": first, "second": second}
    for (who, name), code in expected.items():
        answer = await who.ask("POST", f"/api/v1/statuses/{statuses[name]['id']}/hide_reply")
        assert answer.status_code == code, (who.username, name)


async def test_a_revoked_quote_shows_nothing_of_what_it_quoted_to_anybody(
    world: World, servers: EmbeddedEngines
) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    await carol.follow(bob)
    post = await alice.post("secret owl")
    quote = await bob.post("look at this", quoted_status_id=post["id"])
    await world.settle(periodics=True)
    path = f"/api/v1/statuses/{post['id']}"
    assert (await alice.get(path))["quotes_count"] == 1
    async with open_world(servers.database_url, servers.valkey_url) as other:
        for _ in range(2):
            for client in (world.client, other.client):
                assert "secret owl" in (await client.get("/api/v1/timelines/home", headers=carol.headers)).text
        for who in (bob, carol):
            refused = await who.ask("POST", f"{path}/quotes/{quote['id']}/revoke")
            assert refused.status_code == 404
        for _ in range(2):
            revoked = await alice.do("POST", f"{path}/quotes/{quote['id']}/revoke")
            assert (revoked["id"], revoked["quote"]) == (quote["id"], {"state": "revoked", "quoted_status": None})
        for _ in range(2):
            for client in (world.client, other.client):
                home = await client.get("/api/v1/timelines/home", headers=carol.headers)
                assert [one["quote"]["state"] for one in home.json()] == ["revoked"]
                assert "secret owl" not in home.text
    assert await alice.get(f"{path}/quotes") == []
    assert (await alice.get(path))["quotes_count"] == 0
    await bob.do("DELETE", f"/api/v1/statuses/{quote['id']}")
    await world.settle(periodics=True)
    assert (await alice.get(path))["quotes_count"] == 0, "it is not taken off twice"
    await alice.do("PUT", path, status="another owl")
    await world.settle()
    assert "quoted_update" not in {one["type"] for one in await bob.get("/api/v1/notifications")}
    other_post = await alice.post("another")
    assert (
        await alice.ask("POST", f"/api/v1/statuses/{other_post['id']}/quotes/{post['id']}/revoke")
    ).status_code == 404


async def test_who_blocks_or_mutes_a_quoted_author_is_told_so_with_the_post_at_hand(world: World) -> None:
    alice, bob, carol, dave = await world.people("alice", "bob", "carol", "dave")
    for reader in (carol, dave):
        await reader.follow(bob)
    post = await alice.post("owl")
    quote = await bob.post("look", quoted_status_id=post["id"])
    await bob.post("see", quoted_status_id=quote["id"])
    await world.settle()

    async def states(who: Person) -> set[str]:
        found = {await _state(who, quote["id"])}
        for _ in range(3):
            by_id = {one["id"]: one["quote"] for one in await who.home()}
            found.add(by_id[quote["id"]]["state"])
            assert by_id[quote["id"]]["quoted_status"]["id"] == post["id"]
            [outer] = [one for status_id, one in by_id.items() if status_id != quote["id"]]
            shallow = outer["quoted_status"]["quote"]
            assert shallow["quoted_status_id"] == post["id"]
            found.add(shallow["state"])
        return found

    assert await states(carol) == {"accepted"}
    await carol.relate("mute", alice)
    await dave.relate("block", alice)
    assert await states(carol) == {"muted_account"}
    assert await states(dave) == {"blocked_account"}
    await carol.relate("unmute", alice)
    assert await states(carol) == {"accepted"}
    await carol.relate("mute", alice, duration=3_600)
    assert await states(carol) == {"muted_account"}
    assert await _state(bob, quote["id"]) == "accepted"


async def _state(who: Person, status_id: str) -> str:
    return (await who.get(f"/api/v1/statuses/{status_id}"))["quote"]["state"]


async def test_the_quote_policy_is_set_without_an_edit_and_past_quotes_stay(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    post = await alice.post("owl")
    path = f"/api/v1/statuses/{post['id']}"
    quote = await bob.post("look", quoted_status_id=post["id"])
    set_to = await alice.do("PUT", f"{path}/interaction_policy", quote_approval_policy="nobody")
    assert set_to["quote_approval"] == {"automatic": [], "manual": [], "current_user": "automatic"}
    assert set_to["edited_at"] is None
    assert len(await alice.get(f"{path}/history")) == 1
    assert (await bob.get(path))["quote_approval"]["current_user"] == "denied"
    again = await bob.ask("POST", "/api/v1/statuses", json={"status": "again", "quoted_status_id": post["id"]})
    assert again.status_code == 422
    assert await _state(bob, quote["id"]) == "accepted"
    assert (await bob.ask("PUT", f"{path}/interaction_policy", json={})).status_code == 404
    private = await alice.post("for few", visibility="private")
    kept = await alice.do("PUT", f"/api/v1/statuses/{private['id']}/interaction_policy", quote_approval_policy="public")
    assert kept["quote_approval"]["automatic"] == [], "what few may see nobody may quote"
    reblog = await alice.mark("reblog", post)
    refused = await alice.ask("PUT", f"/api/v1/statuses/{reblog['id']}/interaction_policy", json={})
    assert refused.status_code == 422
