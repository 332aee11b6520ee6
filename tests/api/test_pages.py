"""Pages for people in browsers: what everybody may see, safely, without scripts."""

import pytest
from bs4 import BeautifulSoup

from attached import upload
from linnet.features.media.models import Kind
from linnet.platform.embedded import EmbeddedEngines
from world import PASSWORD, World, open_world


async def soup(world: World, path: str, status: int = 200) -> BeautifulSoup:
    answer = await world.client.get(path)
    assert answer.status_code == status, answer.text[:300]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    page = BeautifulSoup(answer.text, "html.parser")
    assert not page.find_all("script")
    assert not page.select("[style], [onclick], style")
    assert page.html is not None
    assert page.html["lang"] == "en"
    assert len(page.find_all("h1")) == 1
    return page


def words(page: BeautifulSoup) -> list[str]:
    """The texts of the posts on a page, in order."""
    return [one.get_text(" ", strip=True) for one in page.select("article.post > .words")]


async def test_the_front_page_says_what_this_is_and_shows_the_newest_posts(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await alice.post("First")
    await bob.post("For friends", visibility="private")
    await bob.post("Not listed", visibility="unlisted")
    await bob.post("Second")
    page = await soup(world, "/")

    assert page.h1 is not None
    assert page.h1.text == "Test server"
    assert words(page) == ["Second", "First"]
    assert page.select_one(".code code").text == "linnet.test"  # type: ignore[union-attr]
    assert page.select_one('a[href="/signup"]')
    assert page.select_one('a[href="/docs/api"]')
    assert [one.text for one in page.select(".numbers dd")] == ["2", "4", "0"]


async def test_an_empty_server_has_a_front_page_too(world: World) -> None:
    assert "Nobody has posted" in (await soup(world, "/")).text


async def test_a_closed_server_does_not_invite_and_shows_its_rules(servers: EmbeddedEngines) -> None:
    async with open_world(servers.database_url, servers.valkey_url, registrations=False, rules="Be kind <3") as world:
        await world.clear()
        page = await soup(world, "/")
        assert not page.select_one('a[href="/signup"]')
        assert page.select_one("ol li").text == "Be kind <3"  # type: ignore[union-attr]


async def test_who_is_signed_in_is_greeted_and_can_leave(world: World) -> None:
    await world.person("alice")
    form = (await soup(world, "/signin")).select_one('input[name="form_token"]')
    assert form is not None
    fields = {"form_token": form["value"], "identifier": "alice", "password": PASSWORD, "then": "/"}
    assert (await world.client.post("/signin", data=fields)).status_code == 303
    page = await soup(world, "/")
    assert "@alice" in page.select_one(".person").text  # type: ignore[union-attr]

    token = page.select_one('form[action="/signout"] input[name="form_token"]')
    assert token is not None
    await world.client.post("/signout", data={"form_token": token["value"], "then": "/"})
    assert not (await soup(world, "/")).select_one('form[action="/signout"]')


async def test_a_profile_shows_what_is_for_everybody(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await alice.do(
        "PATCH",
        "/api/v1/accounts/update_credentials",
        display_name="Alice <i>",
        note="I sing.\n\nhttps://example.org",
        fields_attributes=[{"name": "Nest", "value": "Oak"}],
    )
    await alice.post("A song")
    await alice.post("For friends", visibility="private")
    await alice.post("@bob an answer", in_reply_to_id=(await bob.post("A question"))["id"])
    page = await soup(world, "/@alice")

    assert page.h1 is not None
    assert page.h1.text == "Alice <i>"
    assert words(page) == ["A song"]
    assert page.select_one(".fields dd").text == "Oak"  # type: ignore[union-attr]
    assert page.select_one('meta[property="og:url"]')["content"] == "https://linnet.test/@alice"  # type: ignore[index]
    assert page.select_one('meta[name="robots"]')["content"] == "noindex"  # type: ignore[index]

    await alice.do("PATCH", "/api/v1/accounts/update_credentials", indexable=True)
    assert not (await soup(world, "/@alice")).select_one('meta[name="robots"]')


async def test_a_profile_can_be_read_back_to_its_first_post(world: World) -> None:
    alice = await world.person("alice")
    texts = [f"Post {number}" for number in range(25)]
    for text in texts:
        await alice.post(text)
    first = await soup(world, "/@alice")
    older = first.select_one('a[rel="next"]')
    assert older is not None
    second = await soup(world, f"/@alice{older['href']}")

    assert words(first) + words(second) == texts[::-1]
    assert not second.select_one('a[rel="next"]')


async def test_a_post_comes_with_its_thread_and_with_what_others_show_of_it(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    question = await alice.post("How many finches?")
    answer = await bob.post("@alice seven", in_reply_to_id=question["id"])
    await alice.post("@bob a secret", in_reply_to_id=answer["id"], visibility="direct")
    await alice.post("@bob thanks", in_reply_to_id=answer["id"])
    page = await soup(world, f"/@bob/{answer['id']}")

    assert words(page) == ["How many finches?", "@ alice seven", "@ bob thanks"]
    assert [one["id"] for one in page.select("article.focused")] == [f"post-{answer['id']}"]
    assert page.select_one('meta[property="og:description"]')["content"] == "@alice seven"  # type: ignore[index]
    assert page.select_one('link[rel="canonical"]')["href"] == answer["url"]  # type: ignore[index]


async def test_a_content_warning_covers_the_words_everywhere(world: World) -> None:
    alice = await world.person("alice")
    post = await alice.post("The gardener did it", spoiler_text="Ends of novels")
    page = await soup(world, f"/@alice/{post['id']}")

    details = page.select_one("article details")
    assert details is not None
    assert details.summary is not None
    assert details.summary.text == "Ends of novels"
    assert "open" not in details.attrs
    head = str(page.head)
    assert "Ends of novels" in head
    assert "gardener" not in head


async def test_boosts_and_quotes_show_whose_words_they_are(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    song = await alice.post("A song")
    boost = await bob.mark("reblog", song)
    await bob.post("Hear, hear", quoted_status_id=song["id"])
    page = await soup(world, "/@bob")

    assert words(page) == ["Hear, hear", "A song"]
    assert "Boosted by bob" in page.select("article")[1].get_text(" ", strip=True)
    assert page.select_one("blockquote .words").get_text(strip=True) == "A song"  # type: ignore[union-attr]
    moved = await world.client.get(f"/@bob/{boost['id']}")
    assert (moved.status_code, moved.headers["location"]) == (301, f"/@alice/{song['id']}")


async def test_what_people_write_cannot_become_markup(world: World) -> None:
    evil = "<script>alert(1)</script> <img src=x onerror=alert(1)> \"'><b>"
    alice = await world.person("alice")
    await alice.do("PATCH", "/api/v1/accounts/update_credentials", display_name="<script>x</script>", note=evil)
    plain = await alice.post(evil)
    await alice.post("covered", spoiler_text="<script>y</script>")
    for path in ("/", "/@alice", f"/@alice/{plain['id']}"):
        page = await soup(world, path)
        assert not page.select("main [onerror], main b")


@pytest.mark.parametrize(
    "path", ["/@nobody", "/@alice/1", "/@alice/x", "/@a%00b", "/tags/%21", "/@alice@elsewhere.example"]
)
async def test_what_is_not_there_is_a_page_that_says_so(world: World, path: str) -> None:
    await world.person("alice")
    answer = await world.client.get(path)
    assert answer.status_code == 404
    if path not in {"/@alice/x", "/@a%00b"}:
        assert "Nothing here" in (await soup(world, path, 404)).text


async def test_what_only_some_may_see_is_not_there_for_everybody(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    for visibility in ("private", "direct"):
        post = await alice.post("@bob psst", visibility=visibility)
        await soup(world, f"/@alice/{post['id']}", 404)
    await world.suspend(bob)
    await soup(world, "/@bob", 404)


async def test_addresses_lead_to_the_one_right_spelling(world: World) -> None:
    alice = await world.person("Alice")
    post = await alice.post("Hello")
    for wrong, right in {
        "/@alice": "/@Alice",
        "/@ALICE@linnet.test": "/@Alice",
        f"/@bob/{post['id']}": f"/@Alice/{post['id']}",
    }.items():
        moved = await world.client.get(wrong)
        assert (moved.status_code, moved.headers["location"]) == (301, right)


async def test_a_hashtag_has_its_page(world: World) -> None:
    alice = await world.person("alice")
    post = await alice.post("Look, a #Straßenfink")
    address = post["tags"][0]["url"].removeprefix("https://linnet.test")
    page = await soup(world, address)

    assert page.h1 is not None
    assert page.h1.text == "#Straßenfink"
    assert len(words(page)) == 1


async def test_a_page_costs_the_same_statements_for_one_post_as_for_many(world: World) -> None:
    alice = await world.person("alice")
    await alice.post("One")
    await soup(world, "/")
    async with world.counting_statements() as few:
        await soup(world, "/")
    for number in range(12):
        await (await world.person()).post(f"Another {number}")
    async with world.counting_statements() as many:
        await soup(world, "/")

    assert many.number == few.number


async def test_a_page_shows_media_with_their_descriptions_and_what_a_poll_asks(world: World) -> None:
    (alice,) = await world.people("alice")
    kinds = (Kind.IMAGE, Kind.VIDEO, Kind.AUDIO)
    posts = [
        await alice.post(f"a {kind}", media_ids=[await upload(alice, kind, description=f'My "{kind}"')])
        for kind in kinds
    ]
    await alice.post("?", poll={"options": ["linnet", "<wren>"], "expires_in": 600})
    page = await soup(world, "/@alice")
    image, video, audio = page.select_one(".media img"), page.select_one("video"), page.select_one("audio")
    assert image is not None
    assert video is not None
    assert audio is not None
    assert (image["alt"], video["aria-label"], audio["aria-label"]) == tuple(f'My "{kind}"' for kind in kinds)
    assert str(image["src"]).startswith(f"/media/{posts[0]['media_attachments'][0]['id']}/")
    assert [one.text for one in page.select("figcaption")] == [f'My "{kind}"' for kind in reversed(kinds)]
    assert [one.get_text(" ", strip=True) for one in page.select(".poll li")] == ["linnet 0 votes", "<wren> 0 votes"]
    answer = await world.get(f"/@alice/{posts[0]['id']}")
    assert "media-src 'self'" in answer.headers["content-security-policy"]
    one = await soup(world, f"/@alice/{posts[0]['id']}")
    metas = {meta.get("property"): meta["content"] for meta in one.select("meta[property]")}
    assert metas["og:image"] == posts[0]["media_attachments"][0]["url"]
    assert metas["og:image:alt"] == 'My "image"'


async def test_what_is_sensitive_is_shown_to_who_opens_it_and_to_no_other_site(world: World) -> None:
    (alice,) = await world.people("alice")
    media_id = await upload(alice, description="Blood")
    posted = await alice.post("", sensitive=True, media_ids=[media_id])
    page = await soup(world, f"/@alice/{posted['id']}")
    assert page.select_one("details .media img")
    metas = {meta.get("property"): meta["content"] for meta in page.select("meta[property]")}
    assert "/media/" not in str(metas["og:image"])
    embedded = (await world.get("/api/oembed", url=posted["url"])).json()
    assert "<img" not in embedded["html"]
    plain = await alice.post("", media_ids=[await upload(alice, description='A "bird"')])
    embedded = (await world.get("/api/oembed", url=plain["url"])).json()
    assert 'alt="A &quot;bird&quot;"' in embedded["html"]


async def test_files_from_elsewhere_may_be_loaded_by_pages(servers: EmbeddedEngines) -> None:
    async with open_world(servers.database_url, servers.valkey_url, media_public_url="https://cdn.test/files") as world:
        await world.clear()
        policy = (await world.get("/")).headers["content-security-policy"]
        assert "img-src 'self' data: https://cdn.test;" in policy
        assert "media-src 'self' https://cdn.test;" in policy
