"""Searching posts through the API: what words find, what operators narrow, whose posts are found, in which order."""

from datetime import timedelta
from typing import Any

import pytest

from world import Person, World


async def findable(world: World, *names: str) -> list[Person]:
    """People who let their posts be found."""
    people = await world.people(*names)
    for person in people:
        await person.do("PATCH", "/api/v1/accounts/update_credentials", indexable=True)
    return people


async def indexed(world: World) -> None:
    await world.settle(periodics=True)


async def search(person: Person, q: str, **more: Any) -> list[str]:
    """The texts of the posts that are found, in order."""
    answer = await person.get("/api/v2/search", q=q, type="statuses", **more)
    texts = await person.world.engines.db.rows(
        "select id, text from statuses where id = any($1)", [int(one["id"]) for one in answer["statuses"]]
    )
    by_id = {row["id"]: row["text"] for row in texts}
    return [by_id[int(one["id"])] for one in answer["statuses"]]


async def test_posts_are_found_by_their_words_newest_first(world: World) -> None:
    alice, bob = await findable(world, "alice", "bob")
    for text in ("Running in the rain", "He runs every day", "A runner in Straßburg", "Nothing of the kind"):
        await alice.post(text, language="en")
    await indexed(world)

    assert await search(bob, "run") == ["He runs every day", "Running in the rain"]
    assert await search(bob, "RUNNING rain") == ["Running in the rain"]
    assert await search(bob, "run -rain") == ["He runs every day"]
    assert await search(bob, "rain OR strassburg") == ["A runner in Straßburg", "Running in the rain"]
    assert await search(bob, '"in the"') == ["Running in the rain"]
    assert await search(bob, '"the in"') == []
    assert await search(bob, '"runs"') == ["He runs every day"]
    assert await search(bob, "runn*") == ["A runner in Straßburg", "Running in the rain"]
    assert await search(bob, "(run OR runner) -(rain OR day)") == ["A runner in Straßburg"]
    assert await search(bob, "run", limit=1) == ["He runs every day"]
    assert await search(bob, "run", limit=1, offset=1) == ["Running in the rain"]


@pytest.mark.parametrize(
    ("language", "text", "found_by", "not_by"),
    [
        ("ja", "東京タワーへ行きました", ["東京", "タワー", "東京タワー", "京", '"タワーへ"'], ["大阪", "東タ"]),
        ("zh", "我喜欢喝咖啡", ["咖啡", "喝咖啡", "啡"], ["咖喝"]),
        ("th", "ฉันรักแมว", ["แมว", "รักแมว"], ["หมา"]),
        ("ko", "고양이를 좋아해요", ["고양이", "좋아"], ["강아지"]),
        ("fr", "Les écrivains étaient là", ["ecrivain", "écrivain", "ETAIENT"], ["peintre"]),
        ("de", "Häuser und Bäume", ["haus", "hauser", "baum"], ["see"]),
        ("ru", "Новые книги", ["книга", "книг"], ["стол"]),
        ("ar", "الكتب الجديدة", ["الكتب"], ["قلم"]),
        ("hi", "हिन्दी की किताबें", ["हिन्दी"], ["कलम"]),
        (None, "Tere hommikust", ["hommikust"], ["õhtust"]),
        (
            "en",
            "Look at https://www.example.com/a/long/path?with=query now",
            ["example.com", "https://www.example.com/a/long/path?with=query"],
            ["query"],
        ),
        ("en", "state-of-the-art C3PO 3.14", ["state-of-the-art", "art", "c3po", "3.14"], ["of-state"]),
    ],
)  # fmt: skip
async def test_every_script_is_found(
    world: World, language: str | None, text: str, found_by: list[str], not_by: list[str]
) -> None:
    alice, bob = await findable(world, "alice", "bob")
    await alice.post(text, language=language)
    await indexed(world)
    for q in found_by:
        assert await search(bob, q) == [text], q
    for q in not_by:
        assert await search(bob, q) == [], q


async def test_operators_narrow(world: World) -> None:
    alice, bob, carol = await findable(world, "alice", "bob", "carol")
    plain = await alice.post("one bird", language="en")
    await bob.post("two birds, a reply @alice", in_reply_to_id=plain["id"], language="en")
    await bob.post("drei Vögel #Birding", language="de")
    await carol.post("four birds https://example.com", sensitive=True)
    await carol.post("five bird for @bob@linnet.test", quoted_status_id=plain["id"], language="pt-BR")
    await bob.mark("favourite", plain)
    await carol.mark("favourite", plain)
    await indexed(world)

    async def numbers(q: str) -> list[str]:
        return sorted(text.split()[0] for text in await search(alice, q))

    assert await numbers("bird") == ["five", "four", "one", "two"]
    assert await numbers("bird from:carol") == ["five", "four"]
    assert await numbers("bird FROM:@Carol@linnet.test") == ["five", "four"]
    assert await numbers("bird from:me") == ["one"]
    assert await numbers("bird -from:me -from:carol") == ["two"]
    assert await numbers("bird from:nobody") == []
    assert await numbers("bird -from:nobody") == ["five", "four", "one", "two"]
    assert await numbers("to:alice") == ["two"]
    assert await numbers("mentions:bob OR mentions:me") == ["five", "two"]
    assert await numbers("#BIRDING") == ["drei"]
    assert await numbers("bird has:link") == ["four"]
    assert await numbers("bird is:reply OR bird is:quote") == ["five", "two"]
    assert await numbers("bird is:sensitive") == ["four"]
    assert await numbers("bird lang:en") == ["one", "two"]
    assert await numbers("lang:pt OR lang:de") == ["drei", "five"]
    assert await numbers("bird min_favourites:2") == ["one"]
    assert await numbers("bird -min_favourites:1") == ["five", "four", "two"]
    assert await numbers("bird (min_favourites:2 OR is:reply)") == ["one", "two"]
    assert await numbers("bird -(min_favourites:2 OR is:reply)") == ["five", "four"]
    assert await numbers("-bird") == ["drei"]
    assert await numbers("min_faves:1") == ["one"]
    assert (await alice.get("/api/v2/search", q="bird", account_id=carol.id, type="statuses"))["statuses"][0][
        "account"
    ]["id"] == str(carol.id)
    assert await search(alice, "bird", account_id="nobody") == []


async def test_polls_are_found_by_their_options_and_by_who_voted(world: World) -> None:
    alice, bob = await findable(world, "alice", "bob")
    await alice.do("PATCH", "/api/v1/accounts/update_credentials", indexable=False)
    poll = {"options": ["Finches", "Wrens"], "expires_in": 3600}
    asked = await alice.post("Which do you like?", poll=poll, visibility="unlisted")
    await indexed(world)
    assert await search(alice, "finches has:poll") == ["Which do you like?"]
    assert await search(bob, "finches") == []
    await bob.do("POST", f"/api/v1/polls/{asked['poll']['id']}/votes", choices=[1])
    assert await search(bob, "finches has:poll") == ["Which do you like?"]
    assert await search(bob, "has:poll in:library") == ["Which do you like?"]
    assert await search(bob, "like -has:poll") == []


async def test_many_favourites_are_found_by_the_index(world: World) -> None:
    alice, bob = await findable(world, "alice", "bob")
    post = await alice.post("popular")
    await alice.post("not so")
    await indexed(world)

    async def add(favourites: int) -> None:
        await world.engines.db.execute(
            "insert into status_counter_changes (status_id, favourites) values ($1, $2)", int(post["id"]), favourites
        )
        await indexed(world)
        await indexed(world)

    for more, counts in ((9, {"9": 1, "10": 0}), (1, {"10": 1, "11": 0}), (140, {"100": 1, "150": 1, "151": 0})):
        await add(more)
        for least, expected in counts.items():
            assert len(await search(bob, f"min_favourites:{least}")) == expected, (more, least)
    await add(-60)
    assert await search(bob, "min_favourites:90") == ["popular"]
    assert await search(bob, "min_favourites:100") == []
    assert await search(bob, "-min_favourites:100") == ["not so", "popular"]


async def test_days_narrow(world: World) -> None:
    (alice,) = await findable(world, "alice")
    for number in ("zero", "one", "two", "three"):
        await alice.post(f"{number} days of rain")
        world.clock.move(days=1)
    await indexed(world)
    today = world.clock.now().date()

    async def numbers(q: str) -> list[str]:
        return [text.split()[0] for text in await search(alice, q)]

    days = [(today - timedelta(days=4 - number)).isoformat() for number in range(4)]
    assert await numbers("rain") == ["three", "two", "one", "zero"]
    assert await numbers(f"rain before:{days[1]}") == ["zero"]
    assert await numbers(f"rain until:{days[1]}") == ["zero"]
    assert await numbers(f"rain after:{days[1]}") == ["three", "two"]
    assert await numbers(f"rain since:{days[1]}") == ["three", "two", "one"]
    assert await numbers(f"rain during:{days[1]}") == ["one"]
    assert await numbers(f"rain -during:{days[1]}") == ["three", "two", "zero"]
    assert await numbers(f"rain (before:{days[1]} OR after:{days[2]})") == ["three", "zero"]
    assert await numbers(f"since:{days[2]}") == ["three", "two"]
    assert await numbers(f"since:{days[1]}T00:00:00Z before:{days[2]}T00:00Z") == ["one"]
    assert await numbers("rain since:yesterday") == ["three"]
    assert await numbers("before:9999-12-31") == ["three", "two", "one", "zero"]
    assert await numbers("since:9999-12-31") == []
    assert await numbers("since:0001-01-01 rain") == ["three", "two", "one", "zero"]


async def test_pages_by_ids(world: World) -> None:
    (alice,) = await findable(world, "alice")
    ids: list[str] = []
    for days in (400, 200, 100, 20, 10, 1, 0, 0):
        ids.append((await alice.post("rain"))["id"])
        world.clock.move(days=days)
    await indexed(world)

    async def page(**more: Any) -> list[str]:
        answer = await alice.get("/api/v2/search", q="rain", type="statuses", **more)
        return [one["id"] for one in answer["statuses"]]

    newest = ids[::-1]
    assert await page() == newest
    assert await page(limit=3) == newest[:3]
    assert await page(limit=3, max_id=newest[2]) == newest[3:6]
    assert await page(limit=3, max_id=newest[5]) == newest[6:]
    assert await page(min_id=newest[2]) == newest[:2]
    assert await page(limit=2, min_id=ids[0]) == ids[1:3][::-1]
    assert await page(limit=2, min_id=0) == ids[:2][::-1]
    assert await page(limit=3, offset=3) == newest[3:6]
    assert await page(max_id=newest[2], min_id=newest[5]) == newest[3:5]


async def test_relevance_puts_what_says_it_most_first(world: World) -> None:
    (alice,) = await findable(world, "alice")
    long = "A long tale in which, among very many other things that I will not tell here, a finch comes by once"
    await alice.post("finch and finch, a finch")
    await alice.post(long)
    await indexed(world)
    assert await search(alice, "finch") == [long, "finch and finch, a finch"]
    assert await search(alice, "finch", order="relevance") == ["finch and finch, a finch", long]
    assert await search(alice, "from:me", order="relevance") == [long, "finch and finch, a finch"]


async def test_who_is_found(world: World) -> None:
    alice, shy, troll, bob = await findable(world, "alice", "shy", "troll", "bob")
    await shy.do("PATCH", "/api/v1/accounts/update_credentials", indexable=False)
    await bob.follow(shy)
    await bob.follow(alice)
    await alice.post("rain open")
    await alice.post("rain unlisted", visibility="unlisted")
    await alice.post("rain private", visibility="private")
    await alice.post("rain direct @bob", visibility="direct")
    kept = await alice.post("rain private kept", visibility="private")
    mentioned = await shy.post("rain shy mentions @bob", visibility="private")
    favoured = await shy.post("rain shy favoured")
    boosted = await shy.post("rain shy boosted", visibility="unlisted")
    await shy.post("rain shy")
    await troll.post("rain troll")
    await bob.post("rain own", visibility="private")
    await bob.post("rain own direct", visibility="direct")
    await bob.mark("bookmark", kept)
    await bob.mark("favourite", favoured)
    await bob.mark("reblog", boosted)
    await indexed(world)

    async def found(q: str = "rain") -> set[str]:
        return {text.removeprefix("rain ") for text in await search(bob, q)}

    library = {"own", "private kept", "shy mentions @bob", "shy favoured", "shy boosted"}
    assert await found() == library | {"open", "troll"}
    assert await found("rain in:public") == {"open", "troll"}
    assert await found("rain in:library") == library
    assert await found("in:library") == library
    assert await found("in:bookmarks") == {"private kept"}
    assert await found("rain in:home") == library | {"open"}

    await bob.relate("mute", troll)
    assert await found("rain in:public") == {"open"}
    await shy.relate("block", bob)
    assert await found() == {"own", "open", "private kept"}
    await shy.relate("unblock", bob)
    await bob.relate("unfollow", alice)
    assert "private kept" not in await found(), "what one may not see any more is not found either"
    await alice.do("PATCH", "/api/v1/accounts/update_credentials", indexable=False)
    assert await found("rain in:public") == set(), "at once, and not when the index has followed"
    await indexed(world)
    await alice.do("PATCH", "/api/v1/accounts/update_credentials", indexable=True)
    await indexed(world)
    assert await found("rain in:public") == {"open"}
    await world.suspend(alice)
    assert await found("rain in:public") == set()
    assert (await world.get("/api/v2/search", q="rain")).json()["statuses"] == []
    assert mentioned["id"]


async def test_an_edit_is_found_by_its_new_words_and_what_is_deleted_is_not(world: World) -> None:
    alice, bob = await findable(world, "alice", "bob")
    post = await alice.post("rain today")
    await indexed(world)
    assert await search(bob, "rain") == ["rain today"]
    await alice.do("PUT", f"/api/v1/statuses/{post['id']}", status="sun today", spoiler_text="weather")
    await indexed(world)
    assert await search(bob, "rain") == []
    assert await search(bob, "sun weather") == ["sun today"]
    await alice.do("DELETE", f"/api/v1/statuses/{post['id']}")
    assert await search(bob, "sun") == []
    await indexed(world)
    assert await world.engines.db.value("select count(*) from search_documents") == 0
    assert await world.engines.db.value("select count(*) from search_changes") == 0


@pytest.mark.parametrize(
    ("q", "offset", "sentence"),
    [
        ("rain (sun", 5, "The bracket that opens here is not closed"),
        ('rain "sun', 5, "The quotation that begins here has no end"),
        ("has:feathers", 4, "has: takes one of media"),
        ("rain OR", 7, "Something to look for has to follow here"),
        ("rain before:tomorrow", 12, "before: takes a day"),
    ],
)
async def test_what_cannot_be_read_is_told_with_its_place(world: World, q: str, offset: int, sentence: str) -> None:
    alice = await world.person("alice")
    answer = await alice.ask("GET", "/api/v2/search", params={"q": q})
    assert answer.status_code == 422
    (detail,) = answer.json()["details"]["q"]
    assert detail["offset"] == offset
    assert detail["description"].startswith(sentence)
    assert answer.json()["error"].startswith(sentence)


async def test_the_number_of_statements_does_not_grow_with_what_is_found(world: World) -> None:
    alice, bob = await findable(world, "alice", "bob")
    for _ in range(5):
        await alice.post("rain")
    await indexed(world)
    await search(bob, "rain")
    counts: set[int] = set()
    for q in ("rain", "sun"):
        for limit in (1, 5):
            async with world.counting_statements() as counted:
                await bob.get("/api/v2/search", q=q, type="statuses", limit=limit)
            counts.add(counted.number)
    assert max(counts) <= 5
    async with world.counting_statements() as one:
        await bob.get("/api/v2/search", q="rain", type="statuses", limit=1)
    async with world.counting_statements() as many:
        await bob.get("/api/v2/search", q="rain", type="statuses", limit=5)
    assert one.number == many.number
