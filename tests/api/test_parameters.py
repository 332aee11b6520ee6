"""Parameters as clients send them: wherever they like, nested as Rails nests, booleans in every spelling."""

from typing import Any

import pytest

from world import World

PROFILE = "/api/v1/accounts/update_credentials"
ENCODINGS = ("query", "form", "multipart", "json", "json without a type")


def encoded(encoding: str, fields: dict[str, Any]) -> dict[str, Any]:
    """The same parameters in another place."""
    if encoding == "query":
        return {"params": fields, "headers": {"Accept": "*/*"}}
    if encoding == "form":
        return {"data": fields}
    if encoding == "multipart":
        return {"files": {name: (None, value) for name, value in fields.items()}}
    if encoding == "json":
        return {"json": fields}
    text = "{" + ", ".join(f'"{name}": "{value}"' for name, value in fields.items()) + "}"
    return {"content": text.encode(), "headers": {"Content-Type": "*/*"}}


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_a_post_may_come_in_any_encoding(world: World, encoding: str) -> None:
    alice = await world.person("alice")
    fields = {"status": "grün & blau = schön?", "spoiler_text": "+ %20", "visibility": "unlisted", "language": "de"}
    answer = await alice.ask("POST", "/api/v1/statuses", **encoded(encoding, fields))
    assert answer.status_code == 200, answer.text
    status = answer.json()
    assert (status["spoiler_text"], status["visibility"], status["language"]) == ("+ %20", "unlisted", "de")
    assert status["content"] == "<p>grün &amp; blau = schön?</p>"


@pytest.mark.parametrize("encoding", ENCODINGS)
async def test_so_may_what_changes_something(world: World, encoding: str) -> None:
    alice, bob = await world.people("alice", "bob")
    renamed = await alice.ask("PATCH", PROFILE, **encoded(encoding, {"display_name": "Ann"}))
    noted = await alice.ask("POST", f"/api/v1/accounts/{bob.id}/note", **encoded(encoding, {"comment": "met before"}))
    assert (renamed.json()["display_name"], noted.json()["note"]) == ("Ann", "met before")


@pytest.mark.parametrize(
    "query",
    [
        [("id[]", "{a}"), ("id[]", "{b}")],
        [("id", "{a}"), ("id", "{b}")],
        [("id[0]", "{a}"), ("id[1]", "{b}")],
        [("id[7]", "{b}"), ("id[3]", "{a}")],
    ],
)
async def test_a_list_is_one_however_it_is_written(world: World, query: list[tuple[str, str]]) -> None:
    alice, bob = await world.people("alice", "bob")
    pairs = [(name, value.format(a=alice.id, b=bob.id)) for name, value in query]
    answer = await alice.ask("GET", "/api/v1/accounts", params=pairs)
    assert [account["id"] for account in answer.json()] == [str(alice.id), str(bob.id)]
    alone = await alice.ask("GET", "/api/v1/accounts/relationships", params={"id": bob.id})
    assert [one["id"] for one in alone.json()] == [str(bob.id)]


@pytest.mark.parametrize(
    "request_",
    [
        {"data": {"fields_attributes[0][name]": "A", "fields_attributes[0][value]": "1",
                  "fields_attributes[1][name]": "B", "fields_attributes[1][value]": "2"}},
        {"files": {"fields_attributes[0][name]": (None, "A"), "fields_attributes[0][value]": (None, "1"),
                   "fields_attributes[1][name]": (None, "B"), "fields_attributes[1][value]": (None, "2")}},
        {"content": b"fields_attributes[][name]=A&fields_attributes[][value]=1"
                    b"&fields_attributes[][name]=B&fields_attributes[][value]=2",
         "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        {"json": {"fields_attributes": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}},
        {"json": {"fields_attributes": {"0": {"name": "A", "value": "1"}, "1": {"name": "B", "value": "2"}}}},
    ],
)  # fmt: skip
async def test_a_list_of_hashes_is_one_however_it_is_written(world: World, request_: dict[str, Any]) -> None:
    alice = await world.person("alice")
    answer = await alice.ask("PATCH", PROFILE, **request_)
    assert answer.status_code == 200, answer.text
    found = [(field["name"], field["value"]) for field in answer.json()["source"]["fields"]]
    assert found == [("A", "1"), ("B", "2")]


@pytest.mark.parametrize("value", ["true", "True", "1", "on", "t", 1, True])
async def test_yes_is_yes_in_every_spelling(world: World, value: Any) -> None:
    alice = await world.person("alice")
    assert (await alice.ask("PATCH", PROFILE, data={"locked": value})).json()["locked"] is True
    assert (await alice.ask("PATCH", PROFILE, json={"bot": value})).json()["bot"] is True


@pytest.mark.parametrize("value", ["false", "False", "0", "off", "f", 0, False])
async def test_so_is_no(world: World, value: Any) -> None:
    alice = await world.person("alice")
    await alice.do("PATCH", PROFILE, locked=True, bot=True)
    assert (await alice.ask("PATCH", PROFILE, data={"locked": value})).json()["locked"] is False
    assert (await alice.ask("PATCH", PROFILE, json={"bot": value})).json()["bot"] is False


async def test_an_empty_text_clears_what_an_absent_one_leaves(world: World) -> None:
    alice = await world.person("alice")
    await alice.do("PATCH", PROFILE, display_name="Ann", note="Hello")
    changed = (await alice.ask("PATCH", PROFILE, data={"display_name": ""})).json()
    assert (changed["display_name"], changed["source"]["note"]) == ("", "Hello")
    assert (await alice.ask("PATCH", PROFILE, json={"note": ""})).json()["source"]["note"] == ""


async def test_delete_may_have_a_body(world: World) -> None:
    alice = await world.person("alice")
    path = f"/api/v1/statuses/{(await alice.post('short'))['id']}"
    assert (await alice.ask("DELETE", path, json={"delete_media": True})).json()["text"] == "short"
    assert (await alice.ask("GET", path)).status_code == 404


async def test_what_nobody_knows_is_ignored_and_the_body_wins_over_the_query(world: World) -> None:
    alice = await world.person("alice")
    request = {"params": {"status": "query", "language": "fr"}, "json": {"status": "body", "unknown": {"a": [1]}}}
    status = (await alice.ask("POST", "/api/v1/statuses", **request)).json()
    assert (status["content"], status["language"]) == ("<p>body</p>", "fr")


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"visibility": "everyone"}, "visibility"),
        ({"sensitive": "perhaps"}, "sensitive"),
        ({"status": ["a"]}, "status"),
    ],
)
async def test_a_value_that_does_not_fit_is_named(world: World, fields: dict[str, Any], named: str) -> None:
    alice = await world.person("alice")
    answer = await alice.ask("POST", "/api/v1/statuses", json={"status": "x", **fields})
    assert answer.status_code == 422
    (problem,) = answer.json()["details"][named]
    assert problem["error"] == "ERR_INVALID"
    assert named in answer.json()["error"]
