"""What the server says of itself, and the lists that apps ask for although nothing is on them yet."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from linnet.features.accounts.models import Role
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.announcements import texts
from linnet.features.announcements.models import SiteTextName
from linnet.platform.embedded import EmbeddedEngines
from world import World, open_world

NOTHING_FOR_ALL = [
    "/api/v1/custom_emojis",
    "/api/v1/instance/peers",
    "/api/v1/instance/domain_blocks",
    "/api/v1/instance/rules",
    "/api/v1/trends",
    "/api/v1/trends/tags",
    "/api/v1/trends/statuses",
    "/api/v1/trends/links",
]
NOTHING_FOR_MEMBERS = [
    "/api/v1/announcements",
    "/api/v1/domain_blocks",
    "/api/v1/lists",
    "/api/v1/filters",
    "/api/v2/filters",
    "/api/v1/conversations",
    "/api/v1/followed_tags",
    "/api/v1/featured_tags",
    "/api/v1/scheduled_statuses",
    "/api/v1/suggestions",
    "/api/v2/suggestions",
]


async def test_instance_has_every_key_that_clients_index_unasked(world: World) -> None:
    told = (await world.get("/api/v2/instance")).json()

    assert told["domain"] == "linnet.test"
    assert told["title"] == "Test server"
    assert told["version"].startswith("4.7.0+linnet-")
    assert told["thumbnail"]["url"].startswith("https://linnet.test/")
    assert told["usage"]["users"]["active_month"] == 0
    assert told["configuration"]["urls"]["streaming"] == "wss://linnet.test"
    assert isinstance(told["configuration"]["vapid"]["public_key"], str)
    statuses = told["configuration"]["statuses"]
    assert statuses == {"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23}
    assert isinstance(told["configuration"]["media_attachments"]["supported_mime_types"], list)
    assert {"max_options", "max_characters_per_option", "min_expiration", "max_expiration"} <= set(
        told["configuration"]["polls"]
    )
    assert told["configuration"]["translation"] == {"enabled": False}
    assert told["configuration"]["timelines_access"]["live_feeds"]["local"] == "public"
    assert told["registrations"]["enabled"] is True
    assert told["registrations"]["approval_required"] is False
    assert told["contact"] == {"email": "", "account": None}
    assert told["rules"] == []
    assert isinstance(told["api_versions"]["mastodon"], int)


async def test_older_clients_get_their_own_form_of_it(world: World) -> None:
    alice = await world.person("alice")
    await alice.post("One")
    told = (await world.get("/api/v1/instance")).json()

    assert told["uri"] == "linnet.test"
    assert told["urls"] == {"streaming_api": "wss://linnet.test"}
    assert told["stats"] == {"user_count": 1, "status_count": 1, "domain_count": 1}
    assert told["configuration"]["statuses"]["max_characters"] == 500
    assert told["registrations"] is True


async def test_the_first_admin_is_the_contact(world: World) -> None:
    await world.people("alice", "bob")
    admin = await world.person("root_of_it", role=Role.ADMIN)
    await world.person("second", role=Role.ADMIN)

    contact = (await world.get("/api/v2/instance")).json()["contact"]["account"]
    assert contact["id"] == str(admin.id)


async def test_a_closed_server_with_rules_says_so(servers: EmbeddedEngines) -> None:
    async with open_world(
        servers.database_url,
        servers.valkey_url,
        registrations=False,
        rules="Be kind.\nNo bots",
        contact_email="a@b.example",
    ) as world:
        await world.clear()
        told = (await world.get("/api/v2/instance")).json()
        assert told["registrations"]["enabled"] is False
        assert [rule["text"] for rule in told["rules"]] == ["Be kind.", "No bots"]
        assert [rule["id"] for rule in told["rules"]] == ["1", "2"]
        assert told["contact"]["email"] == "a@b.example"
        assert (await world.get("/api/v1/instance/rules")).json() == told["rules"]
        assert (await world.get("/nodeinfo/2.0")).json()["openRegistrations"] is False


async def test_numbers_are_real_and_counted_once_a_minute(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await alice.post("One")
    gone = await alice.post("Two")
    await bob.mark("reblog", gone)
    await alice.do("DELETE", f"/api/v1/statuses/{gone['id']}")
    await world.settle()
    await bob.home()

    nodeinfo = (await world.get("/nodeinfo/2.0")).json()
    assert nodeinfo["usage"] == {
        "users": {"total": 2, "activeMonth": 1, "activeHalfyear": 1},
        "localPosts": 1,
    }
    await alice.post("Three")
    async with world.counting_statements() as counted:
        again = (await world.get("/nodeinfo/2.0")).json()
    assert counted.number == 0
    assert again == nodeinfo


async def test_activity_counts_twelve_weeks_from_monday_to_monday(world: World) -> None:
    alice = await world.person("alice")
    await alice.post("This week")
    await alice.post("This week too")
    weeks = (await world.get("/api/v1/instance/activity")).json()

    assert len(weeks) == 12
    assert [weeks[0][name] for name in ("statuses", "logins", "registrations")] == ["2", "1", "1"]
    assert {value for week in weeks[1:] for name, value in week.items() if name != "week"} == {"0"}
    starts = [datetime.fromtimestamp(int(week["week"]), UTC) for week in weeks]
    assert all(start.weekday() == 0 for start in starts)
    assert all(newer - older == timedelta(weeks=1) for newer, older in pairwise(starts))


async def test_nodeinfo_is_found_by_its_links(world: World) -> None:
    links = (await world.get("/.well-known/nodeinfo")).json()["links"]
    assert [link["href"] for link in links] == ["https://linnet.test/nodeinfo/2.0", "https://linnet.test/nodeinfo/2.1"]
    for link in links:
        told = (await world.get(link["href"])).json()
        assert told["version"] == link["rel"].rpartition("/")[2]
        assert told["software"]["name"] == "linnet"
        assert told["services"] == {"inbound": [], "outbound": []}


async def test_an_operator_may_give_the_software_another_name(servers: EmbeddedEngines) -> None:
    async with open_world(servers.database_url, servers.valkey_url, software_name="mastodon") as world:
        await world.clear()
        software = (await world.get("/nodeinfo/2.0")).json()["software"]
        assert software["name"] == "mastodon"
        assert software["version"].startswith("4.7.0+linnet-")


@pytest.mark.parametrize("resource", ["acct:alice@linnet.test", "acct:ALICE@LINNET.test", "https://linnet.test/@alice"])
async def test_webfinger_knows_members_by_name_and_by_address(world: World, resource: str) -> None:
    await world.person("alice")
    answer = await world.get("/.well-known/webfinger", resource=resource)

    assert answer.headers["content-type"].startswith("application/jrd+json")
    assert answer.json()["subject"] == "acct:alice@linnet.test"
    assert answer.json()["aliases"] == ["https://linnet.test/@alice"]


@pytest.mark.parametrize(
    ("resource", "status"),
    [
        ("acct:nobody@linnet.test", 404),
        ("acct:alice@elsewhere.example", 404),
        ("acct:al\0ice@linnet.test", 422),
        ("mailto:alice@linnet.test", 404),
        ("", 400),
    ],
)
async def test_webfinger_answers_json_for_whom_it_does_not_know(world: World, resource: str, status: int) -> None:
    await world.person("alice")
    answer = await world.get("/.well-known/webfinger", resource=resource)
    assert answer.status_code == status
    assert answer.json()["error"]


async def test_host_meta_leads_to_webfinger(world: World) -> None:
    template = "https://linnet.test/.well-known/webfinger?resource={uri}"
    xml = await world.get("/.well-known/host-meta")
    assert xml.headers["content-type"].startswith("application/xrd+xml")
    assert f'template="{template}"' in xml.text
    assert (await world.get("/.well-known/host-meta.json")).json()["links"][0]["template"] == template


@pytest.mark.parametrize("path", NOTHING_FOR_ALL)
async def test_lists_for_everybody_are_empty_rather_than_missing(world: World, path: str) -> None:
    answer = await world.get(path)
    assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.parametrize("path", NOTHING_FOR_MEMBERS)
async def test_lists_for_members_are_empty_rather_than_missing(world: World, path: str) -> None:
    alice = await world.person("alice")
    assert await alice.get(path) == []
    assert (await world.get(path)).status_code == 401


async def test_texts_nobody_has_written_are_not_there(world: World) -> None:
    for name in ("privacy_policy", "terms_of_service"):
        assert (await world.get(f"/api/v1/instance/{name}")).status_code == 404
    assert (await world.get("/api/v1/instance/extended_description")).json()[
        "content"
    ] == "<p>A small place to talk.</p>"
    assert (await world.get("/api/v1/instance/translation_languages")).json() == {}
    alice = await world.person("alice")
    push = await alice.ask("GET", "/api/v1/push/subscription")
    assert (push.status_code, push.json()) == (404, {"error": "Record not found"})


async def test_a_text_of_the_server_holds_from_its_day_until_the_next_one_does(world: World) -> None:
    today = world.clock.now().date()
    later = today + timedelta(days=30)
    for name in SiteTextName:
        await texts.publish(world.engines, OPERATOR, name, f"# {name}\n\nBe *kind*. <script>", today)
    await texts.publish(world.engines, OPERATOR, SiteTextName.TERMS_OF_SERVICE, "Be kinder.", later)

    written = "<p>Be <em>kind</em>. &lt;script&gt;</p>"
    for name in ("privacy_policy", "extended_description"):
        told = (await world.get(f"/api/v1/instance/{name}")).json()
        assert told["content"] == f"<h1>{name}</h1>\n{written}"
        assert told["updated_at"].endswith("Z")
    terms = (await world.get("/api/v1/instance/terms_of_service")).json()
    assert terms == {
        "effective_date": today.isoformat(),
        "effective": True,
        "content": f"<h1>terms_of_service</h1>\n{written}",
        "succeeded_by": later.isoformat(),
    }
    assert (await world.get(f"/api/v1/instance/terms_of_service/{today}")).json() == terms
    coming = (await world.get(f"/api/v1/instance/terms_of_service/{later}")).json()
    assert coming == {"effective_date": later.isoformat(), "effective": False, "content": "<p>Be kinder.</p>"}
    for day in ("2001-01-01", "tomorrow", "2001-13-01"):
        assert (await world.get(f"/api/v1/instance/terms_of_service/{day}")).status_code == 404

    world.clock.move(days=31)
    assert (await world.get("/api/v1/instance/terms_of_service")).json()["content"] == "<p>Be kinder.</p>"
    await texts.withdraw(world.engines, OPERATOR, SiteTextName.TERMS_OF_SERVICE, later)
    assert (await world.get("/api/v1/instance/terms_of_service")).json()["effective_date"] == today.isoformat()


async def test_a_server_that_translates_nothing_says_so(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    hello = await alice.post("Hello", language="en")
    answer = await bob.ask("POST", f"/api/v1/statuses/{hello['id']}/translate", json={"lang": "de"})
    assert (answer.status_code, answer.json()["error"]) == (404, "Translation is not available on this server")
    secret = await alice.post("Psst", visibility="private")
    answer = await bob.ask("POST", f"/api/v1/statuses/{secret['id']}/translate")
    assert (answer.status_code, answer.json()["error"]) == (404, "Record not found")


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_blocking_a_domain_that_nothing_comes_from_is_easy(world: World, method: str) -> None:
    alice = await world.person("alice")
    path = "/api/v1/domain_blocks"
    assert await alice.do(method, path, domain="Spam.example") == {}
    assert await alice.get(path) == []
    for wrong in ("", "spam", "linnet.test", "a b.example", "https://spam.example"):
        assert (await alice.ask(method, path, json={"domain": wrong})).status_code == 422


async def test_the_logo_is_there_in_the_sizes_that_are_named(world: World) -> None:
    told = (await world.get("/api/v2/instance")).json()
    for address in (told["thumbnail"]["url"], *(icon["src"] for icon in told["icon"])):
        assert (await world.get(address)).headers["content-type"] == "image/png"
    assert (await world.get("/pictures/logos/99999.png")).status_code == 404
