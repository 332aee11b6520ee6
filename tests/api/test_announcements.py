"""What the operators tell everybody: shown in its time, put away, answered with an emoji."""

from datetime import timedelta
from typing import Any

import pytest

from linnet.features.accounts.models import Role
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.announcements import actions, jobs
from linnet.features.announcements.models import REACTIONS_MAX, is_emoji
from linnet.platform.errors import Forbidden, Invalid, NotFound
from world import Person, World

PATH = "/api/v1/announcements"


async def publish(world: World, text: str, **when: Any) -> str:
    """The id of a new announcement."""
    moments = {name: world.clock.now() + after for name, after in when.items()}
    return str(await actions.publish(world.engines, OPERATOR, text, **moments))


async def texts(person: Person) -> list[str]:
    """What somebody is told now."""
    return [one["content"] for one in await person.get(PATH)]


async def test_everybody_is_told_with_links_in_it(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    status, secret = await alice.post("Hello"), await alice.post("Psst", visibility="private")
    link, secret_link = (f"https://linnet.test/@alice/{one['id']}" for one in (status, secret))
    await publish(world, f"Ask @alice about #Birds & {link} {secret_link}")
    (told,) = await bob.get(PATH)

    assert told["mentions"] == [
        {"id": str(alice.id), "username": "alice", "url": "https://linnet.test/@alice", "acct": "alice"}
    ]
    assert told["tags"] == [{"name": "birds", "url": "https://linnet.test/tags/birds"}]
    assert told["statuses"] == [{"id": status["id"], "url": link}]
    assert told["content"].startswith("<p>Ask <span")
    assert "&amp;" in told["content"]
    assert told["read"] is False
    assert [told["starts_at"], told["ends_at"], told["all_day"], told["reactions"]] == [None, None, False, []]
    (own,) = await alice.get(PATH)
    assert len(own["statuses"]) == 2, "alice sees her own"


async def test_who_has_read_it_puts_it_away(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    announcement_id = await publish(world, "Hello")
    for _ in range(2):
        assert await alice.do("POST", f"{PATH}/{announcement_id}/dismiss") == {}

    assert [one["read"] for one in await alice.get(PATH)] == [True]
    assert [one["read"] for one in await bob.get(PATH)] == [False]
    assert (await alice.ask("POST", f"{PATH}/17/dismiss")).status_code == 404


async def test_reactions_are_counted_and_ones_own_are_there_at_once(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    path = f"{PATH}/{await publish(world, 'Hello')}/reactions"
    for person in (alice, bob):
        assert await person.do("PUT", f"{path}/🐦") == {}
        assert await person.do("PUT", f"{path}/🐦") == {}
    await alice.do("PUT", f"{path}/👍🏽")

    (told,) = await alice.get(PATH)
    assert told["reactions"] == [{"name": "🐦", "count": 2, "me": True}, {"name": "👍🏽", "count": 1, "me": True}]
    await bob.do("PUT", f"{path}/🇩🇪")
    (told,) = await bob.get(PATH)
    assert told["reactions"][-1] == {"name": "🇩🇪", "count": 1, "me": True}, "also while the numbers are kept"
    for _ in range(2):
        assert await alice.do("DELETE", f"{path}/👍🏽") == {}
    await world.engines.valkey.forget_everything()
    (told,) = await alice.get(PATH)
    assert [(one["name"], one["me"]) for one in told["reactions"]] == [("🐦", True), ("🇩🇪", False)]


async def test_only_a_few_different_emoji_and_nothing_else(world: World) -> None:
    alice = await world.person("alice")
    path = f"{PATH}/{await publish(world, 'Hello')}/reactions"
    for name in ("blobcat", "1", "🐦🐦"):
        answer = await alice.ask("PUT", f"{path}/{name}")
        assert answer.status_code == 422
        assert answer.json()["error"] == "Validation failed: Name is not a recognized emoji"
    for name in "🍇🍈🍉🍊🍋🍌🍍🥭"[:REACTIONS_MAX]:
        await alice.do("PUT", f"{path}/{name}")
    assert (await alice.ask("PUT", f"{path}/🍎")).status_code == 422
    await alice.do("PUT", f"{path}/🍇")
    assert (await alice.ask("PUT", f"{PATH}/17/reactions/🍎")).status_code == 404


@pytest.mark.parametrize("name", ["👍", "👍🏽", "❤️", "❤", "🇩🇪", "1️⃣", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🧑🏿‍🚀"])
def test_what_keyboards_make_is_an_emoji(name: str) -> None:
    assert is_emoji(name)


@pytest.mark.parametrize("name", ["", "1", "#", "a", "👍👍", "🇩", "\u200d", "👍a", "👍" + "\u200d👍" * 20])
def test_what_is_something_else_is_no_emoji(name: str) -> None:
    assert not is_emoji(name)


async def test_a_scheduled_one_is_shown_in_its_time_and_until_it_is_over(world: World) -> None:
    alice = await world.person("alice")
    hour = timedelta(hours=1)
    await publish(world, "Now")
    await publish(world, "Tonight", at=2 * hour, starts_at=3 * hour, ends_at=4 * hour)
    assert await texts(alice) == ["<p>Now</p>"]

    world.clock.move(hours=2.1)
    await jobs.publish_due(world.engines)
    assert await texts(alice) == ["<p>Now</p>", "<p>Tonight</p>"]
    (_, tonight) = await alice.get(PATH)
    assert tonight["published_at"] < tonight["starts_at"] < tonight["ends_at"]

    world.clock.move(hours=2)
    assert await texts(alice) == ["<p>Now</p>"]
    await jobs.publish_due(world.engines)
    assert (await alice.ask("POST", f"{PATH}/{tonight['id']}/dismiss")).status_code == 404


async def test_what_is_taken_back_or_reworded(world: World) -> None:
    alice = await world.person("alice")
    announcement_id = int(await publish(world, "Helo"))
    world.clock.move(seconds=1)
    await actions.reword(world.engines, OPERATOR, announcement_id, "Hello")
    (told,) = await alice.get(PATH)
    assert told["content"] == "<p>Hello</p>"
    assert told["updated_at"] > told["published_at"]

    await actions.unpublish(world.engines, OPERATOR, announcement_id)
    assert await texts(alice) == []
    with pytest.raises(NotFound):
        await actions.unpublish(world.engines, OPERATOR, announcement_id)
    with pytest.raises(NotFound):
        await actions.reword(world.engines, OPERATOR, 17, "Hello")


async def test_what_cannot_be_told(world: World) -> None:
    moderator = await world.person("guard", role=Role.MODERATOR)
    admin = await world.person("root", role=Role.ADMIN)
    with pytest.raises(Forbidden):
        await actions.publish(world.engines, moderator.acting(Role.MODERATOR), "Hello")
    await actions.publish(world.engines, admin.acting(Role.ADMIN), "Hello")
    hour = timedelta(hours=1)
    for text, when in (
        (" ", {}),
        ("x" * 5_001, {}),
        ("Late", {"at": -hour}),
        ("Backwards", {"starts_at": 2 * hour, "ends_at": hour}),
        ("Over", {"ends_at": -hour}),
    ):
        with pytest.raises(Invalid):
            await publish(world, text, **when)


async def test_the_list_costs_the_same_statements_however_long_it_is(world: World) -> None:
    alice = await world.person("alice")
    await publish(world, "Hello @alice https://linnet.test/@alice/17")
    await alice.get(PATH)
    async with world.counting_statements() as one:
        await alice.get(PATH)
    for _ in range(5):
        announcement_id = await publish(world, "Hello @alice https://linnet.test/@alice/17")
        await alice.do("PUT", f"{PATH}/{announcement_id}/reactions/🐦")
    await alice.get(PATH)
    async with world.counting_statements() as many:
        assert len(await alice.get(PATH)) == 6

    assert one.number == many.number


async def test_a_deleted_account_has_said_nothing(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    announcement_id = await publish(world, "Hello")
    for person in (alice, bob):
        await person.do("PUT", f"{PATH}/{announcement_id}/reactions/🐦")
        await person.do("POST", f"{PATH}/{announcement_id}/dismiss")
    await jobs.FORGET_ACCOUNT.run(world.engines, [jobs.AccountDeleted(alice.id)])

    await world.engines.valkey.forget_everything()
    (told,) = await bob.get(PATH)
    assert told["reactions"] == [{"name": "🐦", "count": 1, "me": True}]
    assert await world.engines.db.value("select count(*) from announcement_dismissals") == 1
