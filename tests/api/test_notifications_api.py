"""Notifications over HTTP: pages, choices, markers, putting away."""

from world import Person, World


async def ten_mentions(world: World) -> tuple[Person, list[str]]:
    """Alice, and the ids of ten notifications of hers, newest first."""
    alice, bob = await world.people("alice", "bob")
    for number in range(10):
        await bob.post(f"@alice {number}")
        await world.settle()
    return alice, [one["id"] for one in await alice.get("/api/v1/notifications")]


async def test_pages_go_back_and_forth_without_a_gap(world: World) -> None:
    alice, ids = await ten_mentions(world)
    assert ids == sorted(ids, key=int, reverse=True)

    first = await alice.ask("GET", "/api/v1/notifications", params={"limit": 4})
    assert [one["id"] for one in first.json()] == ids[:4]
    assert f"https://linnet.test/api/v1/notifications?limit=4&max_id={ids[3]}" in first.headers["link"]
    assert f"min_id={ids[0]}" in first.headers["link"]
    assert [one["id"] for one in await alice.get("/api/v1/notifications", max_id=ids[3], limit=4)] == ids[4:8]
    assert [one["id"] for one in await alice.get("/api/v1/notifications", min_id=ids[8], limit=3)] == ids[5:8]


async def test_a_page_costs_the_same_statements_whatever_its_size(world: World) -> None:
    alice, _ = await ten_mentions(world)
    await alice.get("/api/v1/notifications", limit=1)
    async with world.counting_statements() as small:
        await alice.get("/api/v1/notifications", limit=1)
    async with world.counting_statements() as large:
        await alice.get("/api/v1/notifications", limit=10)

    assert small.number == large.number


async def test_kinds_and_senders_can_be_chosen(world: World) -> None:
    alice, bob, carol = await world.people("alice", "bob", "carol")
    song = await alice.post("A song")
    await bob.mark("favourite", song)
    await bob.post("@alice hi")
    await carol.post("@alice hello")
    await world.settle()

    async def kinds(**choice: object) -> list[str]:
        return sorted(one["type"] for one in await alice.get("/api/v1/notifications", **choice))

    assert await kinds(**{"types[]": ["favourite"]}) == ["favourite"]
    assert await kinds(**{"exclude_types[]": ["favourite"]}) == ["mention", "mention"]
    assert await kinds(account_id=str(carol.id)) == ["mention"]
    assert await kinds(account_id="nobody") == []
    assert await kinds(**{"types[]": ["poll", "admin.report"]}) == []


async def test_the_shape_is_the_one_clients_decode(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.post("@alice hi")
    await world.settle()
    (one,) = await alice.get("/api/v1/notifications")

    assert one["type"] == "mention"
    assert one["group_key"] == f"ungrouped-{one['id']}"
    assert one["created_at"].endswith("Z")
    assert len(one["created_at"]) == len("2026-01-01T00:00:00.000Z")
    assert one["account"]["acct"] == "bob"
    assert one["status"]["account"]["acct"] == "bob"
    assert await alice.get(f"/api/v1/notifications/{one['id']}") == one
    assert (await bob.ask("GET", f"/api/v1/notifications/{one['id']}")).status_code == 404


async def test_the_marker_says_what_is_unread(world: World) -> None:
    alice, ids = await ten_mentions(world)
    count = "/api/v1/notifications/unread_count"
    assert await alice.get(count) == {"count": 10}
    assert await alice.get(count, limit=4) == {"count": 4}
    await alice.do("POST", "/api/v1/markers", notifications={"last_read_id": ids[3]})
    assert await alice.get(count) == {"count": 3}
    assert await alice.get(count, **{"types[]": ["follow"]}) == {"count": 0}


async def test_putting_away_one_and_all(world: World) -> None:
    alice, ids = await ten_mentions(world)
    stranger = await world.person("stranger")
    assert (await stranger.ask("POST", f"/api/v1/notifications/{ids[0]}/dismiss")).status_code == 404
    assert await alice.do("POST", f"/api/v1/notifications/{ids[0]}/dismiss") == {}
    assert (await alice.ask("POST", "/api/v1/notifications/dismiss", data={"id": ids[1]})).json() == {}
    assert [one["id"] for one in await alice.get("/api/v1/notifications")] == ids[2:]
    assert await alice.do("POST", "/api/v1/notifications/clear") == {}
    assert await alice.get("/api/v1/notifications") == []


async def test_without_a_token_nobody_is_told_anything(world: World) -> None:
    assert (await world.get("/api/v1/notifications")).status_code == 401
    reader = await world.person("reader", scopes=("read:statuses",))
    assert (await reader.ask("GET", "/api/v1/notifications")).status_code == 403
