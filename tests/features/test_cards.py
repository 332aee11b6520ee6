"""Stories about previews of links, with pages from a real web server, among them hostile ones."""

import asyncio
import io
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any, cast

import msgspec
import pytest
import pytest_asyncio
from PIL import Image

from linnet.features.accounts.models import Role
from linnet.features.statuses.cards import fetching, markup, wording
from linnet.features.statuses.cards import reads as cards
from linnet.features.statuses.cards.models import Previews
from linnet.platform.http import Outgoing, OutgoingRules
from linnet.streaming import hub
from streams import serving
from web_server import Heard, Reply, WebServer, web_server
from world import World

HTML = {"Content-Type": "text/html; charset=utf-8"}
HEAD = """<!doctype html><html lang="de-AT"><head><title>Not this</title>
<meta property="og:title" content="Finks &amp; Lieder">
<meta property="og:description" content="Was   sie singen">
<meta property="og:site_name" content="Vogelblatt">
<meta name="author" content="Ada Amsel">
<meta property="og:image" content="/finch.png">
<meta property="og:image:alt" content="A finch on a branch">
<meta property="article:published_time" content="2026-05-01T10:00:00+02:00">
<link rel="canonical" href="/a/finches"></head><body><p>"""


@dataclass
class Site:
    """Another site: what is at its paths, and what it was asked."""

    server: WebServer
    pages: dict[str, Callable[[], Reply]] = field(default_factory=dict[str, Callable[[], Reply]])

    def url(self, path: str, host: str = "birds.com") -> str:
        return f"http://{host}:{self.server.port}{path}"

    def page(self, path: str, text: str, **headers: str) -> str:
        self.pages[path] = lambda: Reply(200, {**HTML, **headers}, text.encode())
        return self.url(path)

    def asked(self, path: str) -> int:
        return sum(one.target == path for one in self.server.heard)


def resolve(host: str, _: int) -> list[str]:
    return {"inside.com": ["10.0.0.7"], "rebound.com": ["169.254.169.254"]}.get(host, ["127.0.0.1"])


@pytest_asyncio.fixture
async def site(world: World, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Site]:
    pages: dict[str, Callable[[], Reply]] = {}

    async def answer(heard: Heard) -> Reply:
        return pages.get(heard.target, lambda: Reply(404, HTML, b"<title>not found</title>"))()

    outgoing = Outgoing(OutgoingRules(allowed=(ip_network("127.0.0.1/32"),)), resolve=resolve)
    monkeypatch.setitem(cast("dict[type, object]", world.engines.configs), Outgoing, outgoing)
    await world.let_everything_pass()  # links to numbers and ports are risky
    async with web_server(answer) as server:
        yield Site(server, pages)
    await outgoing.close()


def png(width: int, height: int) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), "green").save(written, "PNG")
    return written.getvalue()


async def card_of(world: World, text: str) -> Any:
    """The card that a new post with this text gets."""
    alice = await world.person()
    posted = await alice.post(text)
    assert posted["card"] is None
    await world.settle()
    return (await alice.get(f"/api/v1/statuses/{posted['id']}"))["card"]


async def test_a_link_gets_a_preview_on_every_way_to_read_it(world: World, site: Site) -> None:
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    site.pages["/finch.png"] = lambda: Reply(200, {"Content-Type": "image/png"}, png(1600, 900))
    url = site.page("/x?from=here", HEAD)
    posted = await alice.post(f"look {url}")
    await bob.home()
    await world.settle()
    card = (await bob.get(f"/api/v1/statuses/{posted['id']}"))["card"]
    assert card["url"] == site.url("/a/finches")
    assert (card["title"], card["description"], card["type"]) == ("Finks & Lieder", "Was sie singen", "link")
    assert (card["provider_name"], card["author_name"], card["language"]) == ("Vogelblatt", "Ada Amsel", "de")
    assert card["authors"] == [{"name": "Ada Amsel", "url": "", "account": None}]
    assert card["published_at"] == "2026-05-01T08:00:00.000Z"
    assert (card["width"], card["height"], card["image_description"]) == (800, 450, "A finch on a branch")
    for _ in range(2):
        assert (await bob.home())[0]["card"] == card
    assert (await bob.get(f"/api/v1/statuses/{posted['id']}/card")) == card
    assert card["image"].startswith("https://linnet.test/pictures/cards/")
    picture = await world.client.get(card["image"])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(picture.content)).size == (800, 450)
    assert (await world.client.get("/pictures/cards/1.jpg")).status_code == 404


async def test_an_address_is_looked_at_once_for_all_who_link_there(world: World, site: Site) -> None:
    people = [await world.person() for _ in range(4)]
    url = site.page("/once", "<title>Once</title>")
    posted = await asyncio.gather(*(person.post(f"{url} number {n}") for n, person in enumerate(people)))
    await world.settle()
    for status in posted:
        assert (await people[0].get(f"/api/v1/statuses/{status['id']}"))["card"]["title"] == "Once"
    assert site.asked("/once") == 1
    assert (await card_of(world, f"again {url}"))["title"] == "Once"
    assert site.asked("/once") == 1
    world.clock.move(days=15)
    site.page("/once", "<title>Twice</title>")
    assert (await card_of(world, f"later {url}"))["title"] == "Twice"
    assert (await people[0].get(f"/api/v1/statuses/{posted[0]['id']}"))["card"]["title"] == "Once"
    assert await world.engines.db.value("select count(*) from cards") == 2


async def test_an_operator_may_want_no_previews(world: World, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cast("dict[type, object]", world.engines.configs), Previews, Previews(are_made=False))
    assert await card_of(world, site.page("/x", HEAD)) is None
    assert site.asked("/x") == 0


async def test_posts_without_links_ask_for_nothing(world: World) -> None:
    alice = await world.person("alice")
    await alice.post("no link, but @alice #birds")
    jobs = [row["name"] for row in await world.engines.db.rows("select name from jobs")]
    assert not [name for name in jobs if name.startswith("cards.")]
    posted = await alice.post(f"my own page https://linnet.test/@alice and http://{'x' * 80}.com")
    await world.settle()
    assert (await alice.get(f"/api/v1/statuses/{posted['id']}"))["card"] is None


async def test_an_edit_changes_the_preview_and_a_deletion_forgets_it(world: World, site: Site) -> None:
    alice = await world.person("alice")
    one, two = site.page("/one", "<title>One</title>"), site.page("/two", "<title>Two</title>")
    posted = await alice.post(f"see {one}")
    path = f"/api/v1/statuses/{posted['id']}"
    await world.settle()
    for text, title in ((f"see {two}", "Two"), ("see nothing", None), (f"see {one}", "One")):
        await alice.do("PUT", path, status=text)
        await world.settle()
        card = (await alice.get(path))["card"]
        assert (card and card["title"]) == title
    await alice.ask("DELETE", path)
    await world.settle(periodics=True)
    for table in ("cards", "card_statuses", "card_pictures"):
        assert await world.engines.db.value(f"select count(*) from {table}") == 0


async def test_a_video_comes_as_a_frame_that_we_wrote(world: World, site: Site) -> None:
    page = f'<title>x</title><link rel="alternate" type="application/json+oembed" href="{site.url("/o")}">'
    frame = '<iframe src="https://play.com/1?a=1&amp;b=2" onload="alert(2)" width="640"></iframe>'
    site.page("/watch", page)
    said = {"type": "video", "title": "Song", "html": f"<script>alert(1)</script>{frame}"}
    said |= {"author_name": "Ada", "author_url": "javascript:alert(1)"}
    site.pages["/o"] = lambda: Reply(200, {"Content-Type": "application/json"}, msgspec.json.encode(said))
    card = await card_of(world, site.url("/watch"))
    assert (card["type"], card["title"], card["author_url"], card["width"]) == ("video", "Song", "", 640)
    assert 'src="https://play.com/1?a=1&amp;b=2"' in card["html"]
    assert "sandbox=" in card["html"]
    for word in ("script", "onload", "alert"):
        assert word not in card["html"].replace("allow-scripts", "")
    said["html"] = '<iframe src="javascript:alert(1)"></iframe>'
    site.page("/watch2", page)
    assert (await card_of(world, site.url("/watch2")))["html"] == ""


async def test_what_cannot_be_reached_is_tried_again_and_then_left_alone(world: World, site: Site) -> None:
    alice = await world.person("alice")
    site.pages["/down"] = lambda: Reply(503, HTML, b"<title>Down</title>")
    posted = await alice.post(site.url("/down"))
    await world.settle()
    assert site.asked("/down") == 1
    await alice.post(f"too {site.url('/down')}")
    await world.settle()
    assert site.asked("/down") == 1, "its failure is remembered"
    world.clock.move(minutes=3)
    site.page("/down", "<title>Up</title>")
    await world.engines.db.execute("update jobs set run_at = now()")
    await world.settle()
    assert (await alice.get(f"/api/v1/statuses/{posted['id']}"))["card"]["title"] == "Up"
    await alice.post(site.url("/gone"))
    await world.settle()
    await alice.post(f"too {site.url('/gone')}")
    await world.settle()
    assert site.asked("/gone") == 1


async def endless() -> AsyncIterator[bytes]:
    yield HEAD.encode()
    while True:
        yield b"<p>more and more</p>" * 500
        await asyncio.sleep(0)


async def dripping() -> AsyncIterator[bytes]:
    yield HEAD.encode()
    while True:
        yield b" "
        await asyncio.sleep(0.2)


async def test_hostile_pages_take_little_and_give_nothing(
    world: World, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "PAGE_TIMEOUT_S", 1.0)
    site.pages["/endless"] = lambda: Reply(200, HTML, chunks=endless())
    site.pages["/dripping"] = lambda: Reply(200, HTML, chunks=dripping())
    site.pages["/loop"] = lambda: Reply(302, {"Location": "/loop"})
    site.pages["/inside"] = lambda: Reply(302, {"Location": f"http://inside.com:{site.server.port}/one"})
    site.pages["/metadata"] = lambda: Reply(302, {"Location": "http://169.254.169.254/latest/meta-data/"})
    site.pages["/file"] = lambda: Reply(302, {"Location": "file:///etc/passwd"})
    site.pages["/zipped"] = lambda: Reply(200, {**HTML, "Content-Encoding": "gzip"}, b"\x1f\x8b" + b"\0" * 99)
    site.pages["/binary"] = lambda: Reply(200, {"Content-Type": "application/pdf"}, b"<title>no</title>")
    site.page("/rebound", "<title>x</title>")
    site.page("/deep", "<title>deep</title>" + "<div>" * 100_000)
    site.page("/empty", "")
    expected: dict[str, str | None] = dict.fromkeys(
        ("/dripping", "/loop", "/inside", "/metadata", "/file", "/zipped", "/binary", "/empty")
    )
    expected |= {"/endless": "Finks & Lieder", "/deep": "deep"}
    started = time.process_time()
    for path, title in expected.items():
        card = await card_of(world, site.url(path))
        assert (card and card["title"]) == title, path
    for host in ("inside.com", "rebound.com"):
        assert await card_of(world, site.url("/rebound", host)) is None
    assert site.asked("/rebound") == 0
    assert time.process_time() - started < 20


async def test_a_picture_that_is_none_is_left_out(world: World, site: Site) -> None:
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    pictures = {"/bomb.png": bomb.getvalue(), "/text.png": b"<svg onload=alert(1)>", "/tiny.png": png(1, 1)}
    for path, sent in pictures.items():
        site.pages[path] = lambda sent=sent: Reply(200, {"Content-Type": "image/png"}, sent)
        url = site.page(f"/p{path}", f'<title>t</title><meta property="og:image" content="{path}">')
        card = await card_of(world, url)
        assert (card["title"], card["image"]) == ("t", None)


async def test_the_posts_about_a_link_have_a_timeline(world: World, site: Site) -> None:
    alice, bob = await world.people("alice", "bob")
    url = site.page("/about", "<title>About</title>")
    first, second = await alice.post(f"one {url}"), await bob.post(f"two {url}#part")
    await alice.post(f"not for all {url}", visibility="unlisted")
    await world.settle()
    shown = await alice.get("/api/v1/timelines/link", url=url)
    assert [one["id"] for one in shown] == [second["id"], first["id"]]
    assert (await world.get("/api/v1/timelines/link", url=site.url("/other"))).json() == []


async def test_a_link_that_trends_shows_what_its_page_says_of_itself(world: World, site: Site) -> None:
    url = site.page("/news", HEAD)
    people = [await world.person() for _ in range(6)]
    db = world.engines.db
    await db.execute("update accounts set created_at = now() - interval '30 days'")
    for person in people:
        address = f"198.51.100.{person.id % 250}"
        await db.execute("update oauth_tokens set address = $2 where account_id = $1", person.id, address)
        await person.post(f"news {url}")
    await world.settle(periodics=True)
    rows = await world.engines.db.rows("select id from trend_links")
    shown = await cards.of_links(world.engines, [url, "https://elsewhere.com/", "no address"])
    assert (len(rows), {one: card.title for one, card in shown.items()}) == (1, {url: "Finks & Lieder"})
    admin = await world.person("admin", role=Role.ADMIN, scopes=["read", "admin:read", "admin:write"])
    (link,) = await admin.get("/api/v1/admin/trends/links")
    assert (link["url"], link["title"], link["authors"][0]["name"]) == (url, "Finks & Lieder", "Ada Amsel")
    await admin.do("POST", f"/api/v1/admin/trends/links/{link['id']}/approve")
    (trending,) = (await world.get("/api/v1/trends/links")).json()
    assert (trending["url"], trending["title"], len(trending["history"])) == (url, "Finks & Lieder", 7)


async def test_other_sites_embed_what_everybody_may_see(world: World) -> None:
    alice = await world.person("alice")
    posted, kept = await alice.post("a <b>song</b>"), await alice.post("mine", visibility="private")
    said = (await world.get("/api/oembed", url=posted["url"], maxwidth=9_999)).json()
    assert (said["type"], said["version"], said["author_name"], said["width"]) == ("rich", "1.0", "alice", 1_000)
    assert "&lt;b&gt;song" in said["html"]
    assert f'<a href="{posted["url"]}">' in said["html"]
    for url in (kept["url"], "https://elsewhere.com/@alice/1", "https://linnet.test/@alice", "nothing"):
        assert (await world.get("/api/oembed", url=url)).status_code == 404


@pytest.mark.parametrize(
    ("page", "content_type", "title"),
    [
        ("<title>Käfer</title>".encode(), "text/html", "Käfer"),
        ("<title>Käfer</title>".encode("latin-1"), "text/html", "Käfer"),
        ("<title>Käfer</title>".encode("latin-1"), "text/html; charset=ISO-8859-1", "Käfer"),
        ('<meta charset="shift_jis"><title>鳥</title>'.encode("shift_jis"), "text/html", "鳥"),
        ("<title>鳥</title>".encode("utf-16"), "text/html", "鳥"),
        ("<title>Käfer</title>".encode(), "text/html; charset=unicode_escape", "Käfer"),
        (b"<title>K\xc3\xa4fer \xff</title>", "text/html; charset=utf-8", "Käfer \ufffd"),
        ("<title>K\0ä\x1bf\u202eer</title>".encode(), "text/html", "Kä f er"),
        (b"<svg><title>no</title></svg><title>yes</title>", "text/html", "yes"),
        (b"<TITLE>a &lt;b&gt; &#x26; c</TITLE>", "text/html", "a <b> & c"),
    ],
)
def test_pages_are_read_in_whatever_they_are_written(page: bytes, content_type: str, title: str) -> None:
    found = wording.found_in(markup.read(page, content_type), "https://birds.com/")
    assert found is not None
    assert found.title == title


@pytest.mark.parametrize(
    "unit", ["<div>", "<meta name=a content=b>", "<a ", "&#x41;", "<!--", "<b><p>", "<title>", "&", "<", "\0", "<svg>"]
)
def test_no_page_takes_long_to_read(unit: str) -> None:
    page = (unit * (fetching.PAGE_BYTES_MAX // len(unit))).encode()
    started = time.process_time()
    markup.read(page)
    assert time.process_time() - started < 3


def test_nobody_speaks_for_another_host() -> None:
    page = b'<title>t</title><link rel=canonical href="https://bank.com/"><meta property=og:url content="/mine">'
    found = wording.found_in(markup.read(page), "https://birds.com/x")
    assert found is not None
    assert found.url == "https://birds.com/mine"


async def test_who_looks_on_sees_a_preview_when_it_has_come(
    world: World, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "TOUCHED_EVERY_S", 0.2)
    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    url = site.page("/finches", HEAD)
    async with serving(world) as streams, streams.socket(bob, stream="user") as socket:
        await alice.post(f"Read {url}")
        await world.settle()
        heard = [await socket.hear(), await socket.hear()]
        assert [one.event for one in heard] == ["update", "status.update"]
        assert heard[1].payload["card"]["title"] == "Finks & Lieder"
