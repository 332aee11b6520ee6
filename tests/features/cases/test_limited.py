"""Stories of limited accounts: who follows them meets them as before, and nobody else comes across them.

Each list is asked twice, before and after, so that what is missing after was really there; homes are read out of
memory and out of PostgreSQL, and both give the same bytes.
"""

from typing import Any

from linnet.features.accounts.models import Role
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.cases import actions
from linnet.features.cases.models import Act, Action
from linnet.features.statuses import reads as statuses
from linnet.features.statuses.shelf import Shelf
from linnet.mastodon.presenters.statuses import present_statuses
from world import Person, World


async def strike(world: World, person: Person, action: Action) -> int:
    strike_id = await actions.act(world.engines, OPERATOR, Act(account_id=person.id, action=action))
    assert strike_id is not None
    await world.settle(periodics=True)
    return strike_id


async def found_by(person: Person, mallory: Person, post: Any) -> set[str]:
    """Where somebody comes across mallory, or the post."""
    lists = {
        "public": "/api/v1/timelines/public",
        "hashtag": "/api/v1/timelines/tag/birds",
        "thread": f"/api/v1/statuses/{post['in_reply_to_id']}/context",
        "search": "/api/v2/search?q=chirping",
        "people": "/api/v2/search?q=malicious&type=accounts",
        "directory": "/api/v1/directory?order=new",
        "suggestions": "/api/v2/suggestions",
        "home": "/api/v1/timelines/home",
    }
    found: set[str] = set()
    for name, path in lists.items():
        answer = (await person.ask("GET", path)).json()
        text = str(answer)
        if f"'{post['id']}'" in text or f"'{mallory.id}'" in text:
            found.add(name)
    return found


async def birds(world: World) -> tuple[Person, Person, Person, Any]:
    """mallory, who answers ann under a hashtag, a friend who follows mallory, and a stranger who does not."""
    mallory, friend, stranger, ann = await world.people("mallory", "friend", "stranger", "ann")
    profile = {"display_name": "malicious", "discoverable": True, "indexable": True}
    await mallory.do("PATCH", "/api/v1/accounts/update_credentials", **profile)
    await friend.follow(mallory)
    await friend.follow(ann)
    first = await ann.post("Listen")
    post = await mallory.post("chirping #birds", in_reply_to_id=first["id"])
    await mallory.post("chirping all day #birds")
    await world.settle(periodics=True)
    return mallory, friend, stranger, post


async def test_strangers_come_across_a_limited_account_nowhere_and_its_followers_in_their_homes(world: World) -> None:
    mallory, friend, stranger, post = await birds(world)
    everywhere = await found_by(stranger, mallory, post)
    assert everywhere >= {"public", "hashtag", "thread", "search", "people", "directory", "suggestions"}
    strike_id = await strike(world, mallory, Action.LIMIT)
    assert await found_by(stranger, mallory, post) == set()
    assert await found_by(friend, mallory, post) == {"home", "thread", "people"}
    assert str(post["id"]) not in str((await world.get("/api/v1/timelines/public")).json())
    await actions.undo(world.engines, OPERATOR, strike_id)
    await world.settle(periodics=True)
    assert await found_by(stranger, mallory, post) == everywhere


async def test_a_limited_account_says_so_and_its_page_opens_for_everybody(world: World) -> None:
    mallory, _, stranger, post = await birds(world)
    assert "limited" not in await stranger.get(f"/api/v1/accounts/{mallory.id}")
    await strike(world, mallory, Action.LIMIT)
    shown = await stranger.get(f"/api/v1/accounts/{mallory.id}")
    assert (shown["limited"], shown["display_name"]) == (True, "malicious")
    assert post["id"] in [one["id"] for one in await stranger.get(f"/api/v1/accounts/{mallory.id}/statuses")]
    assert (await stranger.get(f"/api/v1/statuses/{post['id']}"))["account"]["limited"] is True
    await stranger.follow(mallory)
    own = await mallory.get("/api/v1/accounts/verify_credentials")
    assert own["limited"] is True
    assert "moderation" not in await mallory.get(f"/api/v1/statuses/{post['id']}"), "it is not about this post"


async def test_what_a_limited_account_posts_afterwards_is_limited_too(world: World) -> None:
    mallory, friend, stranger, _ = await birds(world)
    await stranger.do("POST", "/api/v1/tags/birds/follow")
    await stranger.follow(friend)
    await strike(world, mallory, Action.LIMIT)
    post = await mallory.post("More #birds")
    await friend.mark("reblog", post)
    await world.settle(periodics=True)
    assert post["id"] not in str(await stranger.home()), "neither by the hashtag nor as a reblog"
    assert post["id"] in str(await friend.home())
    assert post["id"] not in str(await stranger.get("/api/v1/timelines/public"))


async def test_memory_and_the_database_give_the_same_homes_whatever_staff_do(world: World) -> None:
    mallory, friend, stranger, ann = await world.people("mallory", "friend", "stranger", "ann")
    await friend.follow(mallory)
    await stranger.follow(friend)
    await stranger.do("POST", "/api/v1/tags/birds/follow")
    first = await mallory.post("One #birds")
    await friend.mark("reblog", first)
    await ann.post("About #birds", quoted_status_id=first["id"])
    await world.settle()

    async def same() -> list[str]:
        homes: list[str] = []
        for person in (friend, stranger, mallory):
            warm = [await person.ask("GET", "/api/v1/timelines/home") for _ in range(3)]
            ids = [int(one["id"]) for one in warm[-1].json()]
            read = await present_statuses(
                world.engines, person.viewer, await statuses.read(world.engines, person.viewer, ids)
            )
            kept = await statuses.hydrate(world.engines, person.viewer, ids)
            assert await present_statuses(world.engines, person.viewer, kept) == read
            assert len({one.text for one in warm}) == 1
            world.engines.config(Shelf).statuses.clear()
            world.engines.config(Shelf).authors.clear()
            cold = await person.ask("GET", "/api/v1/timelines/home")
            assert cold.text == warm[0].text
            homes.append(cold.text)
        return homes

    seen = [await same()]
    for action in (Action.LIMIT, Action.SENSITIVE):
        strike_id = await strike(world, mallory, action)
        await mallory.post(f"Two {action} #birds")
        await world.settle()
        seen.append(await same())
        await actions.undo(world.engines, OPERATOR, strike_id)
        seen.append(await same())
    assert '"sensitive":true' in seen[3][0]
    assert '"sensitive":true' not in seen[4][0]


async def test_everything_of_a_sensitized_account_is_behind_a_warning_also_what_is_new(world: World) -> None:
    mallory, friend = await world.people("mallory", "friend")
    await friend.follow(mallory)
    old = await mallory.post("Old")
    await world.settle()
    assert [one["sensitive"] for one in await friend.home()] == [False]
    strike_id = await strike(world, mallory, Action.SENSITIVE)
    new = await mallory.post("New")
    assert new["sensitive"] is True
    await world.settle()
    assert [one["sensitive"] for one in await friend.home()] == [True, True]
    assert (await world.get(f"/api/v1/statuses/{old['id']}")).json()["sensitive"] is True
    await actions.undo(world.engines, OPERATOR, strike_id)
    assert [one["sensitive"] for one in await friend.home()] == [False, False]


async def test_only_followers_are_notified_of_what_limited_accounts_do_unless_they_ask_for_it(world: World) -> None:
    mallory, friend, stranger, curious = await world.people("mallory", "friend", "stranger", "curious")
    await friend.follow(mallory)
    await curious.do("PATCH", "/api/v2/notifications/policy", for_limited_accounts="accept")
    await strike(world, mallory, Action.LIMIT)
    await mallory.post("@friend @stranger @curious look")
    await world.settle()

    async def mentions(person: Person) -> int:
        return len(await person.get("/api/v1/notifications", types="mention"))

    assert [await mentions(one) for one in (friend, stranger, curious)] == [1, 0, 1]
    (request,) = await stranger.get("/api/v1/notifications/requests")
    assert request["account"]["username"] == "mallory"


async def test_staff_find_members_by_what_was_done_about_them(world: World) -> None:
    mallory, eve, trudy = await world.people("mallory", "eve", "trudy")
    ada = await world.person("ada", role=Role.ADMIN, scopes=("read", "admin:read"))
    await strike(world, mallory, Action.LIMIT)
    await strike(world, eve, Action.SENSITIVE)
    await strike(world, trudy, Action.FREEZE)

    async def names(**asked: Any) -> list[str]:
        return [one["username"] for one in await ada.get("/api/v1/admin/accounts", **asked)]

    assert await names(silenced="true") == ["mallory"]
    assert await names(sensitized="true") == ["eve"]
    assert await names(disabled="true") == ["trudy"]
    (shown,) = await ada.get("/api/v2/admin/accounts", status="silenced")
    assert (shown["silenced"], shown["sensitized"], shown["disabled"]) == (True, False, False)
