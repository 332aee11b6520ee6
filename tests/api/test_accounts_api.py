"""Stories about accounts, told through the API."""

import re
from typing import Any

import pytest

from linnet.features.accounts.models import Role
from linnet.mastodon.entities.role import FLAGS
from world import PUBLIC_URL, World

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


async def test_an_account_has_everything_strict_decoders_need(world: World) -> None:
    alice = await world.person("Alice")
    account = (await world.get(f"/api/v1/accounts/{alice.id}")).json()
    assert account == {
        "id": str(alice.id),
        "username": "Alice",
        "acct": "Alice",
        "display_name": "",
        "locked": False,
        "bot": False,
        "discoverable": True,
        "indexable": False,
        "noindex": True,
        "hide_collections": False,
        "group": False,
        "created_at": account["created_at"],
        "note": "",
        "url": f"{PUBLIC_URL}/@Alice",
        "uri": f"{PUBLIC_URL}/@Alice",
        "avatar": f"{PUBLIC_URL}/pictures/avatars/{alice.id}.png",
        "avatar_static": f"{PUBLIC_URL}/pictures/avatars/{alice.id}.png",
        "header": f"{PUBLIC_URL}/pictures/headers/{alice.id}.png",
        "header_static": f"{PUBLIC_URL}/pictures/headers/{alice.id}.png",
        "followers_count": 0,
        "following_count": 0,
        "statuses_count": 0,
        "last_status_at": None,
        "fields": [],
        "roles": [],
        "emojis": [],
    }
    assert MOMENT.fullmatch(account["created_at"])
    await alice.post("hello")
    account = await alice.get(f"/api/v1/accounts/{alice.id}")
    assert account["statuses_count"] == 1
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", account["last_status_at"])


async def test_ones_own_account_comes_with_what_one_typed(world: World) -> None:
    alice = await world.person("alice", role=Role.ADMIN)
    own = await alice.do(
        "PATCH",
        "/api/v1/accounts/update_credentials",
        display_name="Alice",
        note="Sails. See https://example.com, ask @alice\n\n#Sea",
        bot="1",
        locked=True,
        discoverable=False,
        indexable="true",
        hide_collections=1,
        fields_attributes={
            "0": {"name": "Web", "value": "https://example.org"},
            "7": {"name": "Pronouns", "value": "she"},
        },
        source={"privacy": "unlisted", "sensitive": True, "language": "de", "quote_policy": "followers"},
    )
    assert own == await alice.get("/api/v1/accounts/verify_credentials")
    assert (own["display_name"], own["bot"], own["locked"], own["noindex"]) == ("Alice", True, True, False)
    assert own["note"].startswith("<p>Sails. See <a href=")
    assert f'href="{PUBLIC_URL}/@alice"' in own["note"]
    assert f'href="{PUBLIC_URL}/tags/sea"' in own["note"]
    assert [field["name"] for field in own["fields"]] == ["Web", "Pronouns"]
    assert 'rel="me ' in own["fields"][0]["value"]
    assert own["source"] == {
        "note": "Sails. See https://example.com, ask @alice\n\n#Sea",
        "fields": [
            {"name": "Web", "value": "https://example.org", "verified_at": None},
            {"name": "Pronouns", "value": "she", "verified_at": None},
        ],
        "privacy": "unlisted",
        "sensitive": True,
        "language": "de",
        "follow_requests_count": 0,
        "hide_collections": True,
        "discoverable": False,
        "indexable": True,
        "quote_policy": "followers",
        "attribution_domains": [],
    }
    everything = str(sum(FLAGS.values()))
    assert own["role"] == {"id": "3", "name": "Admin", "color": "", "permissions": everything, "highlighted": True}
    assert own["roles"] == [{"id": "3", "name": "Admin", "color": ""}]
    assert await alice.get("/api/v1/preferences") == {
        "posting:default:visibility": "unlisted",
        "posting:default:sensitive": True,
        "posting:default:language": "de",
        "posting:default:quote_policy": "followers",
        "reading:expand:media": "default",
        "reading:expand:spoilers": False,
        "reading:autoplay:gifs": False,
    }


async def test_a_profile_can_come_as_multipart_with_indexed_fields_and_empty_values_clear(world: World) -> None:
    alice = await world.person("alice")
    parts = {
        "display_name": (None, "Alice"),
        "fields_attributes[1][name]": (None, "B"),
        "fields_attributes[1][value]": (None, "second"),
        "fields_attributes[0][name]": (None, "A"),
        "fields_attributes[0][value]": (None, "first <b>"),
        "source[privacy]": (None, "private"),
        "avatar": (None, ""),
    }
    answer = await alice.ask("PATCH", "/api/v1/accounts/update_credentials", files=parts)
    assert answer.status_code == 200, answer.text
    assert [(field["name"], field["value"]) for field in answer.json()["fields"]] == [
        ("A", "first &lt;b&gt;"),
        ("B", "second"),
    ]
    assert answer.json()["source"]["privacy"] == "private"
    cleared = await alice.ask("PATCH", "/api/v1/accounts/update_credentials", data={"display_name": ""})
    assert (cleared.json()["display_name"], len(cleared.json()["fields"])) == ("", 2)
    emptied = await alice.do("PATCH", "/api/v1/accounts/update_credentials", fields_attributes=[])
    assert emptied["fields"] == []


async def test_what_breaks_a_rule_is_refused_with_details(world: World) -> None:
    alice = await world.person("alice")
    refused = await alice.ask(
        "PATCH", "/api/v1/accounts/update_credentials", json={"display_name": "x" * 31, "source": {"privacy": "all"}}
    )
    assert refused.status_code == 422
    assert set(refused.json()["details"]) == {"display_name", "privacy"}
    assert refused.json()["details"]["display_name"][0]["error"] == "ERR_TOO_LONG"


@pytest.mark.parametrize("acct", ["alice", "@ALICE", "alice@linnet.test", "@Alice@LINNET.test"])
async def test_lookup_takes_every_form_of_a_local_name(world: World, acct: str) -> None:
    alice = await world.person("alice")
    assert (await world.get("/api/v1/accounts/lookup", acct=acct)).json()["id"] == str(alice.id)


@pytest.mark.parametrize("acct", ["", "@", "nobody", "alice@elsewhere.example"])
async def test_lookup_of_others_is_not_found(world: World, acct: str) -> None:
    await world.person("alice")
    answer = await world.get("/api/v1/accounts/lookup", acct=acct)
    assert (answer.status_code, answer.json()) == (404, {"error": "Record not found"})


async def test_several_accounts_at_once_in_the_order_asked_for(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    asked = {"id[]": [str(bob.id), "nonsense", "99", str(alice.id), str(bob.id)]}
    found = (await world.get("/api/v1/accounts", **asked)).json()
    assert [account["username"] for account in found] == ["bob", "alice"]
    assert (await world.get("/api/v1/accounts", id=str(bob.id))).json() == found[:1]


async def test_search_through_the_api(world: World) -> None:
    alice, alina, bob = await world.people("alice", "alina", "bob")
    await bob.follow(alina)

    async def search(**params: Any) -> list[str]:
        return [account["username"] for account in await bob.get("/api/v1/accounts/search", **params)]

    assert await search(q="ali") == ["alina", "alice"]
    assert await search(q="@alice@linnet.test") == ["alice"]
    assert await search(q="ali", following="true") == ["alina"]
    assert await search(q="ali", limit=1, offset=1) == ["alice"]
    assert await search(q="alice@elsewhere.example", resolve="true") == []
    assert await search(q="") == []
    assert (await world.get("/api/v1/accounts/search", q="ali")).status_code == 401
    assert alice.id


async def test_a_suspended_account_shows_only_its_name_and_a_deleted_one_nothing(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    await alice.do("PATCH", "/api/v1/accounts/update_credentials", display_name="Alice", note="hi")
    await world.suspend(alice)
    shown = await bob.get(f"/api/v1/accounts/{alice.id}")
    assert (shown["suspended"], shown["display_name"], shown["note"], shown["username"]) == (True, "", "", "alice")
    await world.engines.db.execute("update accounts set deleted_at = now() where id = $1", alice.id)
    for path in ("", "/followers", "/following", "/featured_tags", "/endorsements", "/lists"):
        assert (await bob.ask("GET", f"/api/v1/accounts/{alice.id}{path}")).status_code == 404


async def test_lists_that_are_always_empty_answer_with_an_empty_list(world: World) -> None:
    alice, bob = await world.people("alice", "bob")
    for path in ("featured_tags", "endorsements", "lists"):
        assert await alice.get(f"/api/v1/accounts/{bob.id}/{path}") == []
    for path in ("endorsements", "domain_blocks"):
        assert await alice.get(f"/api/v1/{path}") == []


@pytest.mark.parametrize("kind", ["avatars", "headers"])
async def test_drawn_pictures_are_there_for_ever_and_asked_for_once(world: World, kind: str) -> None:
    picture = await world.get(f"/pictures/{kind}/116000000000000001.png")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert picture.content.startswith(b"\x89PNG")
    assert "immutable" in picture.headers["cache-control"]
    assert (await world.get(f"/pictures/{kind}/116000000000000001.png")).content == picture.content
    assert (await world.get(f"/pictures/{kind}/116000000000000002.png")).content != picture.content
    again = await world.client.get(
        f"/pictures/{kind}/116000000000000001.png", headers={"If-None-Match": picture.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    for name in ("1", "one.png", "-1.png", f"{2**63}.png"):
        assert (await world.get(f"/pictures/{kind}/{name}")).status_code == 404


async def test_tokens_without_the_scope_are_refused(world: World) -> None:
    alice = await world.person("alice", scopes=("profile",))
    assert (await alice.ask("GET", "/api/v1/accounts/verify_credentials")).status_code == 200
    assert (await alice.ask("PATCH", "/api/v1/accounts/update_credentials", json={"note": "x"})).status_code == 403
    assert (await alice.ask("GET", "/api/v1/preferences")).status_code == 403
    assert (await world.client.get("/api/v1/accounts/verify_credentials")).status_code == 401


async def test_a_list_of_accounts_takes_as_many_statements_as_one_of_them(world: World) -> None:
    people = [await world.person() for _ in range(4)]
    for number, person in enumerate(people):
        await person.do(
            "PATCH", "/api/v1/accounts/update_credentials", note=f"friend of @{people[number - 1].username}"
        )
    sent: list[int] = []
    for some in (people[:1], people):
        async with world.counting_statements() as counted:
            found = await world.get("/api/v1/accounts", **{"id[]": [str(person.id) for person in some]})
        assert len(found.json()) == len(some)
        sent.append(counted.number)
    assert sent == [2, 2]
