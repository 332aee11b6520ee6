"""Direct statuses of earlier releases become messages: with their ids, words, marks, and exactly their readers."""

from typing import Any

from linnet.features.conversations import adopting
from world import Person, World


async def upgrade(world: World, *, minutes: float = 20) -> None:
    """What the migration leaves behind, some time after the last direct status was written."""
    await world.engines.db.execute(
        "insert into direct_adoption (after_id, until_id) values (0, snowflake($1::timestamptz + interval '7 days'))",
        world.clock.now(),
    )
    world.clock.move(minutes=minutes)


async def earlier(world: World, author: Person, text: str, *readers: Person, **more: Any) -> dict[str, str]:
    """A direct status as releases before conversations wrote it."""
    db, answers = world.engines.db, more.get("answers")
    status_id = await db.value("select snowflake($1)", world.clock.now())
    ids = [one.id for one in readers]
    await db.execute(
        """
        insert into statuses (id, account_id, visibility, text, html, thread_id, mention_ids, in_reply_to_id, edited_at)
        values ($1, $2, 'direct', $3, '<p>' || $3 || '</p>', $1, $4, $5, now())
        """,
        status_id,
        author.id,
        text,
        ids,
        int(answers["id"]) if answers else None,
    )
    await db.execute("insert into mentions (status_id, account_id) select $1, unnest($2::bigint[])", status_id, ids)
    await db.execute(
        """
        insert into status_edits (status_id, text, html, spoiler_text, sensitive, created_at)
        values ($1, 'before', '<p>before</p>', '', false, now())
        """,
        status_id,
    )
    await db.execute("insert into account_counter_changes (account_id, statuses) values ($1, 1)", author.id)
    return {"id": str(status_id)}


async def test_direct_statuses_live_on_as_messages_of_those_they_were_for(world: World) -> None:
    ann, ben, cleo = await world.people("ann", "ben", "cleo")
    public = await ann.post("hello")
    first = await earlier(world, ann, "to ben", ben)
    await world.engines.db.execute(
        "insert into favourites (account_id, status_id) values ($1, $2)", ben.id, int(first["id"])
    )
    await world.engines.db.execute(
        "insert into bookmarks (account_id, status_id) values ($1, $2)", ben.id, int(first["id"])
    )
    second = await earlier(world, ben, "to ann", ann, answers=first)
    group = await earlier(world, ann, "to both", ben, cleo)
    note = await earlier(world, cleo, "to myself")
    gone = await earlier(world, cleo, "taken back", ann)
    await world.engines.db.execute("update statuses set deleted_at = now() where id = $1", int(gone["id"]))
    assert (await ben.get(f"/api/v1/statuses/{first['id']}"))["favourited"]
    await upgrade(world)
    for _ in range(2):  # a job may run twice
        await world.settle(periodics=True)
        shown = await ben.get(f"/api/v1/statuses/{first['id']}")
        assert (shown["favourited"], shown["bookmarked"], shown["visibility"]) == (True, True, "direct")
        assert [one["content"] for one in await ben.get(f"/api/v1/statuses/{first['id']}/history")] == [
            "<p>before</p>",
            "<p>to ben</p>",
        ]
        with_ben = [group["id"], second["id"]]
        assert [one["last_status"]["id"] for one in await ann.get("/api/v1/conversations")] == with_ben
        assert [one["last_status"]["id"] for one in await cleo.get("/api/v1/conversations")] == [
            note["id"],
            group["id"],
        ]
        assert not any(one["unread"] for one in await ben.get("/api/v1/conversations"))
        assert (await cleo.ask("GET", f"/api/v1/statuses/{first['id']}")).status_code == 404
        assert (await ann.ask("GET", f"/api/v1/statuses/{gone['id']}")).status_code == 404
    rows = await world.engines.db.rows("select id from statuses")
    assert [row["id"] for row in rows] == [int(public["id"])]
    for table in ("mentions", "status_edits", "favourites", "bookmarks"):
        query = f"select count(*) from {table}"
        assert await world.engines.db.value(query) == 0, table  # pyright: ignore[reportArgumentType]
    assert [(await one.get("/api/v1/accounts/verify_credentials"))["statuses_count"] for one in (ann, ben)] == [1, 0]
    answer = await ben.post("@ann again", visibility="direct", in_reply_to_id=second["id"])
    assert (await ann.get("/api/v1/conversations"))[0]["last_status"]["id"] == answer["id"]
    assert len(await ann.get("/api/v1/conversations")) == 2


async def test_many_are_moved_in_slices(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(adopting, "SLICE", 2)
    ann, ben = await world.people("ann", "ben")
    ids = [(await earlier(world, ann, str(number), ben))["id"] for number in range(5)]
    await upgrade(world)
    await adopting.adopt_direct_statuses(world.engines)
    (thread,) = await ben.get("/api/v1/messages/threads")
    found = await ben.get(f"/api/v1/messages/threads/{thread['id']}/messages")
    assert [one["id"] for one in found] == ids[::-1]


async def test_the_walk_waits_for_the_release_before_and_then_ends(world: World) -> None:
    ann, ben = await world.people("ann", "ben")
    first = await earlier(world, ann, "one", ben)
    await upgrade(world)
    await adopting.adopt_direct_statuses(world.engines)
    late = await earlier(world, ann, "by a process that runs on", ben)
    await adopting.adopt_direct_statuses(world.engines)
    thread = (await ben.get("/api/v1/messages/threads"))[0]
    found = await ben.get(f"/api/v1/messages/threads/{thread['id']}/messages")
    assert [one["id"] for one in found] == [late["id"], first["id"]]
    assert await world.engines.db.value("select count(*) from direct_adoption") == 1
    world.clock.move(days=8)
    await adopting.adopt_direct_statuses(world.engines)
    assert await world.engines.db.value("select count(*) from direct_adoption") == 0
    async with world.counting_statements() as counted:
        await adopting.adopt_direct_statuses(world.engines)
    assert counted.number == 1
