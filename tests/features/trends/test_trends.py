"""What trends and what does not, through the API: people, pasts, reviews, and those who would like to cheat."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from linnet.features.accounts.models import Role
from linnet.features.trends.models import TrendRules
from world import SCOPES, Person, World

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def shown_unreviewed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(world.engines.configs, TrendRules, TrendRules(unreviewed=True))  # type: ignore[arg-type]


async def crowd(world: World, number: int, *, days: int = 30, network: str | None = None) -> list[Person]:
    """People whose accounts are so old, each at an address of their own or all in one network."""
    people = [await world.person() for _ in range(number)]
    for at, person in enumerate(people):
        await world.engines.db.execute(
            "update accounts set created_at = $2 where id = $1", person.id, world.clock.now() - days * DAY
        )
        address = f"198.51.{person.id % 250}.{at}" if network is None else network
        await world.engines.db.execute(
            "update oauth_tokens set address = $2, used_at = now() where account_id = $1", person.id, address
        )
    return people


async def say(people: Sequence[Person], text: str, **more: Any) -> None:
    for person in people:
        await person.post(text, **more)


async def trending(world: World, **params: Any) -> list[str]:
    await world.settle(periodics=True)
    return [one["name"] for one in (await world.get("/api/v1/trends/tags", **params)).json()]


async def trending_posts(viewer: Person) -> list[str]:
    await viewer.world.settle(periodics=True)
    return [one["id"] for one in await viewer.get("/api/v1/trends/statuses")]


async def test_what_several_people_speak_of_trends_with_its_days(world: World) -> None:
    people = await crowd(world, 6)
    await say(people, "Look at this #Comet")
    await say(people[:1], "#Comet again")
    await say(people[:2], "My #breakfast")
    assert await trending(world) == ["comet"]
    (tag,) = (await world.get("/api/v1/trends")).json()
    assert (tag["url"], len(tag["history"])) == ("https://linnet.test/tags/comet", 7)
    assert (tag["history"][0]["uses"], tag["history"][0]["accounts"]) == ("7", "6")
    assert tag["history"] == (await world.get("/api/v1/tags/comet")).json()["history"]
    assert [day["uses"] for day in tag["history"][1:]] == ["0"] * 6

    await say(people[:4], "#rain today")
    assert await trending(world) == ["comet", "rain"]
    assert await trending(world, limit=1, offset=1) == ["rain"]
    assert await trending(world, offset=2) == []


async def test_a_trend_ends_when_people_speak_of_it_no_more(world: World) -> None:
    await say(await crowd(world, 5), "#comet")
    assert await trending(world) == ["comet"]
    world.clock.move(hours=7)
    assert await trending(world) == []


async def test_what_as_many_speak_of_every_day_is_no_trend(world: World) -> None:
    people = await crowd(world, 8)
    for _ in range(12):
        await say(people[:6], "Good #morning")
        await world.settle(periodics=True)
        world.clock.move(hours=6)
    await say(people[:6], "Good #morning")
    await say(people[:4], "#earthquake")
    names = await trending(world)
    assert names[0] == "earthquake"
    assert "morning" not in names


async def test_people_count_once_however_often_they_speak(world: World) -> None:
    people = await crowd(world, 2)
    for _ in range(10):
        await say(people, "#buy this")
    assert await trending(world) == []


async def test_one_network_is_no_crowd(world: World) -> None:
    farm = await crowd(world, 30, network="203.0.113.9")
    await say(farm, "#buy this")
    await say(await crowd(world, 4), "#comet")
    assert await trending(world) == ["comet", "buy"]
    least = await world.engines.db.value("select min(people) from trend_subjects")
    assert least == 3, "thirty accounts at one address count as three people"


async def test_a_crowd_of_new_accounts_is_no_crowd(world: World) -> None:
    await say(await crowd(world, 40, days=1), "#buy this")
    assert await trending(world) == []
    await say(await crowd(world, 1), "#buy this")
    assert await trending(world) == [], "one established account with them counts as two"


async def test_programs_private_posts_and_suspended_people_do_not_count(world: World) -> None:
    people = await crowd(world, 5)
    for person in people:
        await person.do("PATCH", "/api/v1/accounts/update_credentials", bot=True)
    await say(people, "#weather")
    others = await crowd(world, 5)
    await say(others, "#secret", visibility="private")
    await say(others, "#quiet", visibility="unlisted")
    assert await trending(world) == []
    await say(others, "#comet")
    assert await trending(world) == ["comet"]
    for person in others[:3]:
        await world.suspend(person)
    await say(others[3:], "#comet")
    assert await trending(world) == []


async def test_posts_trend_that_many_mark_but_not_their_author(world: World) -> None:
    alice, *people = await crowd(world, 6)
    liked = await alice.post("Funny")
    await alice.mark("favourite", liked)
    own = await alice.post("Please")
    await alice.mark("favourite", own)
    for person in people[:3]:
        await person.mark("favourite", liked)
    await people[3].mark("reblog", liked)
    hidden = await alice.post("Shocking", sensitive=True)
    answer = await alice.post("Well", in_reply_to_id=liked["id"])
    for person in people:
        await person.mark("favourite", hidden)
        await person.mark("favourite", answer)
    assert await trending_posts(people[4]) == [liked["id"]]
    await people[4].relate("mute", alice)
    assert await trending_posts(people[4]) == []
    await alice.do("DELETE", f"/api/v1/statuses/{liked['id']}")
    assert await trending_posts(people[3]) == []


async def test_links_trend(world: World) -> None:
    people = await crowd(world, 4)
    await say(people, "Read https://news.example.com/comet?id=1 now")
    await world.settle(periodics=True)
    (link,) = (await world.get("/api/v1/trends/links")).json()
    assert (link["url"], link["title"], link["provider_name"]) == (
        "https://news.example.com/comet?id=1",
        "news.example.com/comet?id=1",
        "news.example.com",
    )
    assert (link["history"][0]["uses"], link["history"][0]["accounts"]) == ("4", "4")


async def test_a_link_that_trends_shows_what_is_there_once_that_is_known(world: World) -> None:
    await say(await crowd(world, 4), "Read https://news.example.com/comet?id=1 now")
    await world.settle(periodics=True)
    await world.engines.db.execute(
        """
        with card as (
            insert into cards (url, kind, title, description, author_name, author_url, provider_name, provider_url,
                html, embed_url, width, height, image_description, made_at)
            values ('https://news.example.com/comet', 'link', 'A comet', 'It is bright', 'Ann', '', 'News', '', '', '',
                0, 0, '', now()) returning id
        )
        insert into looked_up_links (url, card_id, next_at)
        select 'https://news.example.com/comet?id=1', id, now() from card
        on conflict (url) do update set card_id = excluded.card_id
        """
    )
    (link,) = (await world.get("/api/v1/trends/links")).json()
    assert (link["url"], link["title"], link["description"], link["provider_name"]) == (
        "https://news.example.com/comet?id=1",
        "A comet",
        "It is bright",
        "News",
    )
    assert link["history"][0]["accounts"] == "4"


async def test_trends_of_ones_own_language_come_first(world: World) -> None:
    people = await crowd(world, 6)
    await say(people, "#weltraum", language="de")
    await say(people[:4], "#space", language="en")
    assert await trending(world) == ["weltraum", "space"]
    assert await trending(world, language="en") == ["space"]
    reader = people[0]
    await reader.do("PATCH", "/api/v1/accounts/update_credentials", source={"language": "en"})
    assert [one["name"] for one in await reader.get("/api/v1/trends/tags")] == ["space", "weltraum"]


async def test_nothing_shows_before_staff_have_approved_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(world.engines.configs, TrendRules, TrendRules())  # type: ignore[arg-type]
    moderator = await world.person("mod", role=Role.MODERATOR, scopes=(*SCOPES, "admin:read", "admin:write"))
    alice, *people = await crowd(world, 6)
    await say(people, "#comet https://news.example.com/")
    post = await alice.post("Funny")
    for person in people:
        await person.mark("favourite", post)
    assert await trending(world) == []

    for below in ("tags", "statuses", "links"):

        async def seen(below: str = below) -> list[Any]:
            return (await world.get(f"/api/v1/trends/{below}")).json()

        (waiting,) = await moderator.get(f"/api/v1/admin/trends/{below}")
        assert waiting["requires_review"] is True
        path = f"/api/v1/admin/trends/{below}/{waiting['id']}"
        approved = await moderator.do("POST", f"{path}/approve")
        assert approved["id"] == waiting["id"]
        assert [one["id"] for one in await seen()] == [waiting["id"]]
        await moderator.do("POST", f"{path}/reject")
        assert await seen() == []
        (rejected,) = await moderator.get(f"/api/v1/admin/trends/{below}")
        assert rejected["requires_review"] is False
        assert (await moderator.ask("POST", f"/api/v1/admin/trends/{below}/1/approve")).status_code == 404
        assert (await alice.ask("GET", f"/api/v1/admin/trends/{below}")).status_code == 403
    acts = await world.engines.db.rows("select action from audit_log where action like 'trend.%' order by id")
    assert [row["action"] for row in acts] == ["trend.approve", "trend.reject"] * 3


async def test_a_rejected_hashtag_stays_rejected(world: World) -> None:
    moderator = await world.person("mod", role=Role.MODERATOR, scopes=(*SCOPES, "admin:read", "admin:write"))
    people = await crowd(world, 5)
    await say(people, "#slur")
    assert await trending(world) == ["slur"]
    (tag,) = await moderator.get("/api/v1/admin/trends/tags")
    await moderator.do("POST", f"/api/v1/admin/trends/tags/{tag['id']}/reject")
    world.clock.move(days=20)
    await world.settle(periodics=True)
    await say(people, "#slur")
    assert await trending(world) == []


async def test_what_is_too_old_is_forgotten(world: World) -> None:
    people = await crowd(world, 5)
    await say(people, "#comet https://news.example.com/")
    assert await trending(world) == ["comet"]
    world.clock.move(hours=7)
    assert await trending(world) == []
    world.clock.move(days=9)
    await world.settle(periodics=True)
    left = await world.engines.db.row(
        """
        select (select count(*) from trend_changes) as changes, (select count(*) from trend_people) as people,
            (select count(*) from trend_days) as days, (select count(*) from trend_subjects) as subjects,
            (select count(*) from trend_links) as links
        """
    )
    assert dict(left or {}) == {"changes": 0, "people": 0, "days": 0, "subjects": 0, "links": 0}


async def test_the_number_of_statements_does_not_grow_with_the_page(world: World) -> None:
    alice, *people = await crowd(world, 5)
    for text in ("#one", "#two", "#three"):
        await say(people, text)
    for _ in range(3):
        post = await alice.post("Funny")
        for person in people:
            await person.mark("favourite", post)
    await world.settle(periodics=True)
    for path in ("tags", "statuses", "links"):
        counts: list[int] = []
        for limit in (1, 3):
            await alice.get(f"/api/v1/trends/{path}", limit=limit)
            async with world.counting_statements() as counted:
                await alice.get(f"/api/v1/trends/{path}", limit=limit)
            counts.append(counted.number)
        assert counts[0] == counts[1], path
