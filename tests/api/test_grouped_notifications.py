"""Notifications in groups: what belongs together, how long, in which order, and page by page."""

import re
from typing import Any

from linnet.features.notifications import models
from linnet.platform.ids import first_id_at
from world import Person, World

GROUPS = "/api/v2/notifications"


async def groups(person: Person, **choice: Any) -> list[Any]:
    """A person's groups, newest first."""
    return (await person.get(GROUPS, **choice))["notification_groups"]


async def favoured(world: World, author: Person, number: int) -> tuple[Any, list[Person]]:
    """A status, and those who favourited it one after the other."""
    status, fans = await author.post("A song"), [await world.person() for _ in range(number)]
    for fan in fans:
        await fan.mark("favourite", status)
        await world.settle()
    return status, fans


async def test_many_favourites_are_one_group_with_its_newest_people(world: World) -> None:
    alice = await world.person("alice")
    song, fans = await favoured(world, alice, 10)
    told = await alice.get(GROUPS)

    (group,) = told["notification_groups"]
    newest = (await alice.get("/api/v1/notifications"))[0]
    assert group["type"] == "favourite"
    assert group["notifications_count"] == 10
    assert group["sample_account_ids"] == [str(fan.id) for fan in reversed(fans)][: models.SAMPLE_MAX]
    assert group["most_recent_notification_id"] == int(newest["id"])
    assert group["group_key"] == newest["group_key"]
    assert group["status_id"] == song["id"] == told["statuses"][0]["id"]
    assert group["page_max_id"] == newest["id"]
    assert group["latest_page_notification_at"] == newest["created_at"]
    assert [one["id"] for one in told["accounts"]] == group["sample_account_ids"]
    assert "partial_accounts" not in told


async def test_partial_avatars_give_in_full_only_who_came_last(world: World) -> None:
    alice = await world.person("alice")
    _, fans = await favoured(world, alice, 3)
    told = await alice.get(GROUPS, expand_accounts="partial_avatars")

    assert [one["id"] for one in told["accounts"]] == [str(fans[2].id)]
    assert [one["id"] for one in told["partial_accounts"]] == [str(fans[1].id), str(fans[0].id)]
    assert set(told["partial_accounts"][0]) == {"id", "acct", "url", "avatar", "avatar_static", "locked", "bot"}
    assert (await alice.ask("GET", GROUPS, params={"expand_accounts": "none"})).status_code == 422


async def test_a_group_takes_in_what_comes_within_twelve_hours(world: World) -> None:
    alice, bob, carol, dora = await world.people("alice", "bob", "carol", "dora")
    song = await alice.post("A song")
    keys: list[str] = []
    for fan, hours in ((bob, 0), (carol, 11), (dora, 2)):
        world.clock.move(hours=hours)
        await fan.mark("favourite", song)
        await world.settle()
        keys.append((await groups(alice))[0]["group_key"])

    assert keys[0] == keys[1] != keys[2]
    assert [one["notifications_count"] for one in await groups(alice)] == [1, 2]
    assert re.fullmatch(rf"favourite-{song['id']}-\d{{6}}", keys[0])


async def test_what_is_not_about_the_same_is_not_together(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    one, two = await alice.post("One"), await alice.post("Two")
    for person in (bob, carol):
        await person.follow(alice)
        await person.mark("favourite", one)
        await person.mark("favourite", two)
        await person.mark("reblog", two)
        await person.post("@alice hello")
    await world.settle()

    found = [(group["type"], group.get("status_id"), group["notifications_count"]) for group in await groups(alice)]
    assert {one for one in found if one[0] != "mention"} == {
        ("favourite", one["id"], 2),
        ("favourite", two["id"], 2),
        ("reblog", two["id"], 2),
        ("follow", None, 2),
    }
    assert [count for kind, _, count in found if kind == "mention"] == [1, 1]
    assert (await alice.get(f"{GROUPS}/unread_count")) == {"count": 6}
    assert (await alice.get("/api/v1/notifications/unread_count")) == {"count": 10}


async def test_a_client_says_which_kinds_it_can_show_in_groups(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    song = await alice.post("A song")
    for person in (bob, carol):
        await person.mark("favourite", song)
        await person.follow(alice)
    await world.settle()
    found = await groups(alice, **{"grouped_types[]": ["follow"]})
    apart = [one for one in found if one["type"] == "favourite"]

    assert sorted(one["type"] for one in found) == ["favourite", "favourite", "follow"]
    assert [one["group_key"] for one in apart] == [f"ungrouped-{one['most_recent_notification_id']}" for one in apart]
    count = await alice.get(f"{GROUPS}/unread_count", **{"grouped_types[]": ["follow"]})
    assert count == {"count": 3}
    assert [one["type"] for one in await groups(alice, **{"types[]": ["follow"]})] == ["follow"]
    assert [one["type"] for one in await groups(alice, **{"exclude_types[]": ["follow"]})] == ["favourite"]
    one_sender = await groups(alice, account_id=str(bob.id))
    assert sorted(one["type"] for one in one_sender) == ["favourite", "follow"]
    assert all(str(bob.id) in one["sample_account_ids"] for one in one_sender)


async def test_pages_go_back_and_forth_and_name_each_group_once(world: World) -> None:
    alice = await world.person("alice")
    songs = [(await favoured(world, alice, 2))[0] for _ in range(5)]
    late = await world.person()
    await late.mark("favourite", songs[1])
    await world.settle()
    expected = [songs[number]["id"] for number in (1, 4, 3, 2, 0)]

    back = await pages(alice, f"{GROUPS}?limit=2", "next")
    assert [one["status_id"] for page in back for one in page] == expected
    assert [len(page) for page in back] == [2, 2, 1]
    forth = [page for page in await pages(alice, f"{GROUPS}?limit=2&min_id=0", "prev") if page]
    assert [one["status_id"] for page in reversed(forth) for one in page] == expected
    newest = back[0][0]
    assert newest["notifications_count"] == 3
    assert int(newest["page_min_id"]) <= int(newest["page_max_id"]) == newest["most_recent_notification_id"]
    assert await groups(alice, since_id=newest["most_recent_notification_id"]) == []


async def pages(person: Person, address: str | None, relation: str) -> list[list[Any]]:
    """The groups of each page, as far as links of this relation lead to more."""
    found: list[list[Any]] = []
    while address is not None:
        answer = await person.ask("GET", address)
        found.append(answer.json()["notification_groups"])
        links = {rel: link for link, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers.get("link", ""))}
        address = links.get(relation) if found[-1] else None
        assert len(found) < 20, "the links lead in circles"
    return found


async def test_a_page_of_groups_costs_the_same_statements_whatever_its_size(world: World) -> None:
    alice = await world.person("alice")
    for _ in range(4):
        await favoured(world, alice, 2)
    await groups(alice)
    async with world.counting_statements() as small:
        await groups(alice, limit=1)
    async with world.counting_statements() as large:
        await groups(alice, limit=10)

    assert small.number == large.number


async def test_one_group_its_accounts_and_its_end(world: World) -> None:
    alice = await world.person("alice")
    song, fans = await favoured(world, alice, 3)
    (listed,) = await groups(alice)
    path = f"{GROUPS}/{listed['group_key']}"
    told = await alice.get(path)

    (shown,) = told["notification_groups"]
    assert shown == {name: value for name, value in listed.items() if "page" not in name}
    assert told["statuses"][0]["id"] == song["id"]
    assert [one["id"] for one in await alice.get(f"{path}/accounts")] == [str(fan.id) for fan in reversed(fans)]
    assert (await fans[0].ask("GET", path)).status_code == 404
    assert (await alice.ask("GET", f"{GROUPS}/favourite-1-1/accounts")).status_code == 404
    for _ in range(2):
        assert await alice.do("POST", f"{path}/dismiss") == {}
    assert await groups(alice) == []
    assert await world.engines.db.value("select count(*) from notification_groups") == 0


async def test_what_is_in_no_group_has_a_key_all_the_same(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.post("@alice hi")
    await bob.follow(alice)
    await world.settle()
    mention = (await alice.get("/api/v1/notifications", **{"types[]": ["mention"]}))[0]
    follow = (await alice.get("/api/v1/notifications", **{"types[]": ["follow"]}))[0]

    for key in (mention["group_key"], f"ungrouped-{follow['id']}"):
        (shown,) = (await alice.get(f"{GROUPS}/{key}"))["notification_groups"]
        assert shown["group_key"] == key
        assert [one["id"] for one in await alice.get(f"{GROUPS}/{key}/accounts")] == [str(bob.id)]
        await alice.do("POST", f"{GROUPS}/{key}/dismiss")
        assert (await alice.ask("GET", f"{GROUPS}/{key}")).status_code == 404
    assert (await alice.ask("GET", f"{GROUPS}/ungrouped-x")).status_code == 404
    assert await groups(alice) == []


async def test_who_is_muted_is_not_counted_in_a_group(world: World) -> None:
    alice = await world.person("alice")
    _, fans = await favoured(world, alice, 3)
    await alice.relate("mute", fans[2])
    (group,) = await groups(alice)

    assert group["notifications_count"] == 2
    assert group["sample_account_ids"] == [str(fans[1].id), str(fans[0].id)]
    accounts = await alice.get(f"{GROUPS}/{group['group_key']}/accounts")
    assert [one["id"] for one in accounts] == group["sample_account_ids"]
    await alice.relate("mute", fans[1])
    await alice.relate("mute", fans[0])
    assert await groups(alice) == []


async def test_a_favourite_taken_back_leaves_its_group_where_the_rest_of_it_is(world: World) -> None:
    alice = await world.person("alice")
    one, first_fans = await favoured(world, alice, 2)
    two, _ = await favoured(world, alice, 1)
    late = await world.person()
    await late.mark("favourite", one)
    await world.settle()
    assert [group["status_id"] for group in await groups(alice)] == [one["id"], two["id"]]

    await late.mark("unfavourite", one)
    await world.settle()
    assert [group["status_id"] for group in await groups(alice)] == [two["id"], one["id"]]
    for fan in first_fans:
        await fan.mark("unfavourite", one)
    await world.settle()
    assert [group["status_id"] for group in await groups(alice)] == [two["id"]]
    assert await world.engines.db.value("select count(*) from notification_groups") == 1


async def test_a_group_too_large_to_look_at_whole_is_counted_as_it_is(world: World) -> None:
    alice = await world.person("alice")
    song, _ = await favoured(world, alice, 1)
    (group,) = await groups(alice)
    number = models.GROUP_COUNTED_MAX + 500
    await world.engines.db.execute(
        "insert into notifications (id, account_id, kind, from_account_id, status_id, group_key)"
        " select $1::bigint + n, $2, 'favourite', $3::bigint + n, $4, $5 from generate_series(1, $6::int) n",
        first_id_at(world.clock.now()) - 2 * number,
        alice.id,
        alice.id,
        int(song["id"]),
        group["group_key"],
        number,
    )
    await world.engines.db.execute(
        "insert into accounts (id, username) select $1::bigint + n, 'crowd' || n from generate_series(1, $2::int) n",
        alice.id,
        number,
    )
    (group,) = await groups(alice)
    assert group["notifications_count"] == number + 1
