"""People who write to one another at the same moment."""

import asyncio
from itertools import permutations

from world import World

THREADS = "/api/v1/messages/threads"


async def test_two_who_write_first_at_the_same_moment_have_one_conversation(world: World) -> None:
    ann, ben = await world.people("ann", "ben")
    await asyncio.gather(
        *(
            one.post(f"@{other.username} {n}", visibility="direct")
            for n in range(6)
            for one, other in ((ann, ben), (ben, ann))
        )
    )
    (thread,) = await ann.get(THREADS)
    found = await ben.get(f"{THREADS}/{thread['id']}/messages")
    assert len(found) == 12
    assert thread["last_message"]["id"] == found[0]["id"]


async def test_a_group_of_the_same_people_is_begun_once_by_apps(world: World) -> None:
    people = await world.people("ann", "ben", "cleo")
    await asyncio.gather(
        *(
            one.post(f"@{two.username} @{three.username} hi", visibility="direct")
            for one, two, three in permutations(people)
        )
    )
    for one in people:
        assert len(await one.get("/api/v1/conversations")) == 1
    assert await world.engines.db.value("select count(*) from messages") == 6


async def test_messages_of_a_conversation_commit_in_the_order_of_their_ids(world: World) -> None:
    """Who reads forward from the newest they know misses nothing that comes later."""
    ann, ben, cleo = await world.people("ann", "ben", "cleo")
    group = await ann.do("POST", THREADS, text="0", account_ids=[str(ben.id), str(cleo.id)])
    path = f"{THREADS}/{group['id']}/messages"
    seen = [group["last_message"]["id"]]

    async def look() -> None:
        while len(seen) < 31:
            seen.extend(one["id"] for one in reversed(await cleo.get(path, min_id=seen[-1])))

    await asyncio.gather(look(), *(one.do("POST", path, text=str(n)) for n in range(15) for one in (ann, ben)))
    assert sorted(seen, key=int) == seen
    assert len(set(seen)) == 31


async def test_of_one_who_leaves_while_others_speak_nothing_is_left(world: World) -> None:
    ann, ben, cleo = await world.people("ann", "ben", "cleo")
    for _ in range(5):
        group = await ann.do("POST", THREADS, text="0", account_ids=[str(ben.id), str(cleo.id)])
        path = f"{THREADS}/{group['id']}"
        await asyncio.gather(
            cleo.do("POST", f"{path}/leave"), *(ann.do("POST", f"{path}/messages", text=str(n)) for n in range(4))
        )
        assert (await cleo.ask("GET", path)).status_code == 404
        assert [one["account"]["username"] for one in (await ben.get(path))["members"]] == ["ann", "ben"]
        assert len(await ben.get(f"{path}/messages")) == 5


async def test_the_same_key_at_the_same_moment_says_it_once(world: World) -> None:
    ann, ben = await world.people("ann", "ben")
    body = {"text": "once", "account_ids": [str(ben.id)]}
    asked = [ann.ask("POST", THREADS, json=body, headers={"Idempotency-Key": "k"}) for _ in range(6)]
    answers = await asyncio.gather(*asked)
    assert {one.json()["last_message"]["id"] for one in answers if one.is_success} == {
        answers[0].json()["last_message"]["id"]
    }
    assert await world.engines.db.value("select count(*) from messages") == 1


async def test_a_message_is_taken_back_or_favoured_whichever_comes_first(world: World) -> None:
    ann, ben = await world.people("ann", "ben")
    for _ in range(5):
        said = await ann.post("@ben hello", visibility="direct")
        await asyncio.gather(
            ann.ask("DELETE", f"/api/v1/statuses/{said['id']}"),
            ben.ask("POST", f"/api/v1/statuses/{said['id']}/favourite"),
            ben.ask("POST", f"/api/v1/statuses/{said['id']}/bookmark"),
        )
    for table in ("message_favourites", "message_bookmarks", "messages"):
        query = f"select count(*) from {table}"
        assert await world.engines.db.value(query) == 0, table  # pyright: ignore[reportArgumentType]
