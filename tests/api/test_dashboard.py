"""Stories of staff who look at the server in numbers."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from linnet import __version__
from linnet.features.accounts.models import Role
from linnet.features.timelines import visits
from world import PASSWORD, SCOPES, Person, World

EVERY_SCOPE = (*SCOPES, "admin:read", "admin:write")


async def moderator(world: World) -> Person:
    return await world.person("maud", role=Role.MODERATOR, scopes=EVERY_SCOPE)


def today_of(world: World) -> date:
    return world.clock.now().date()


def midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00.000Z"


async def measured(person: Person, *keys: str, days: int = 7, **more: Any) -> dict[str, Any]:
    """Measures of the last days, by their keys; as they are now."""
    await person.world.engines.valkey.forget_everything()
    today = today_of(person.world)
    period = {"start_at": (today - timedelta(days=days - 1)).isoformat(), "end_at": today.isoformat()}
    found = await person.do("POST", "/api/v1/admin/measures", keys=list(keys), **period, **more)
    return {one["key"]: one for one in found}


def by_day(measure: dict[str, Any]) -> list[int]:
    return [int(one["value"]) for one in measure["data"]]


async def visit(person: Person) -> None:
    await visits.note_visit(person.world.engines, person.id)


async def test_staff_see_who_joined_and_who_was_here_day_by_day(world: World) -> None:
    maud = await moderator(world)
    ann, ben = await world.people("ann", "ben")
    await visit(ann)
    await visit(ben)
    world.clock.move(days=2)
    await world.person("cem")
    await visit(ann)
    await visit(ann)
    found = await measured(maud, "active_users", "new_users")
    active, new = found["active_users"], found["new_users"]
    assert (active["total"], active["previous_total"], active["unit"]) == ("2", "0", None)
    assert by_day(active) == [0, 0, 0, 0, 2, 0, 1]
    assert active["data"][-1]["date"] == midnight(today_of(world))
    assert (new["total"], by_day(new)) == ("4", [0, 0, 0, 0, 3, 0, 1])
    shorter = await measured(maud, "active_users", "new_users", days=2)
    assert [shorter[key]["total"] for key in ("active_users", "new_users")] == ["1", "1"]
    assert [shorter[key]["previous_total"] for key in ("active_users", "new_users")] == ["2", "3"]


async def test_interactions_are_counted_and_stay_so_when_they_are_taken_back(world: World) -> None:
    maud = await moderator(world)
    ann, ben = await world.people("ann", "ben")
    song = await ann.post("A song")
    await ben.mark("favourite", song)
    await ben.mark("reblog", song)
    await ben.post("Lovely", in_reply_to_id=song["id"])
    await world.settle(periodics=True)
    world.clock.move(days=1)
    await ben.mark("unfavourite", song)
    await ann.mark("favourite", song)
    await world.settle(periodics=True)
    found = (await measured(maud, "interactions", days=3))["interactions"]
    assert (found["total"], by_day(found)) == ("4", [0, 3, 1])


async def test_a_hashtag_is_counted_by_uses_and_by_people(world: World) -> None:
    maud = await moderator(world)
    ann, ben = await world.people("ann", "ben")
    await ann.post("#birds here", language="en")
    await ann.post("#birds there", language="en")
    await ann.post("#birds for my followers", visibility="private", language="en")
    world.clock.move(days=1)
    await ben.post("Vögel #birds", language="de")
    gone = await ben.post("#birds again", language="de")
    await ben.do("DELETE", f"/api/v1/statuses/{gone['id']}")
    await world.settle(periodics=True)
    tag_id = (await maud.get("/api/v1/tags/birds"))["id"]
    keys = ("tag_uses", "tag_accounts", "tag_servers")
    found = await measured(maud, *keys, days=3, **{key: {"id": tag_id} for key in keys})
    assert {key: (one["total"], by_day(one)) for key, one in found.items()} == {
        "tag_uses": ("3", [0, 2, 1]),
        "tag_accounts": ("2", [0, 1, 1]),
        "tag_servers": ("1", [0, 1, 1]),
    }
    body = {"keys": ["tag_languages", "tag_servers"], "tag_languages": {"id": tag_id}, "tag_servers": {"id": tag_id}}
    languages, servers = await maud.do("POST", "/api/v1/admin/dimensions", **body)
    assert [(one["key"], one["value"]) for one in languages["data"]] == [("en", "2"), ("de", "1")]
    assert [(one["key"], one["value"]) for one in servers["data"]] == [("linnet.test", "3")]


async def test_other_servers_there_are_none(world: World) -> None:
    maud = await moderator(world)
    keys = ("instance_accounts", "instance_media_attachments", "instance_statuses", "made_up")
    found = await measured(maud, *keys, days=2, instance_accounts={"domain": "elsewhere.example"})
    assert set(found) == set(keys) - {"made_up"}
    told = {(one["total"], tuple(by_day(one)), one["previous_total"]) for one in found.values()}
    assert told == {("0", (0, 0), None)}
    assert found["instance_media_attachments"]["human_value"] == "0 bytes"


async def test_staff_see_what_the_server_is_made_up_of(world: World) -> None:
    maud = await moderator(world)
    app = {"client_name": "Wren", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "scopes": "read write"}
    made = (await world.client.post("/api/v1/apps", json=app)).json()
    grant = {"client_id": made["client_id"], "client_secret": made["client_secret"], "scope": "read write"}
    token = await world.client.post("/oauth/token", json={**grant, "grant_type": "client_credentials"})
    bearer = {"Authorization": f"Bearer {token.json()['access_token']}"}
    form = {"username": "ann", "email": "ann@example.org", "password": PASSWORD, "agreement": True, "locale": "de"}
    assert (await world.client.post("/api/v1/accounts", json=form, headers=bearer)).status_code == 200
    ann = await world.engines.db.value("select account_id from users where email = $1", form["email"])
    for account_id in (ann, maud.id):
        await visits.note_visit(world.engines, account_id)
    await maud.post("Hello")
    keys = ["languages", "sources", "servers", "space_usage", "software_versions", "instance_languages"]
    found = {one["key"]: one["data"] for one in await maud.do("POST", "/api/v1/admin/dimensions", keys=keys)}
    assert {one["key"]: one["value"] for one in found["languages"]} == {"de": "1", "en": "1"}
    assert {one["human_key"]: one["value"] for one in found["sources"]} == {"Wren": "1", "Website": "1"}
    assert [(one["key"], one["value"]) for one in found["servers"]] == [("linnet.test", "1")]
    space = {one["key"]: one for one in found["space_usage"]}
    assert set(space) == {"postgresql", "valkey", "media"}
    assert int(space["postgresql"]["value"]) > 1_000_000
    assert space["postgresql"]["human_value"].endswith("MB")
    versions = {one["key"]: one["value"] for one in found["software_versions"]}
    assert versions["linnet"] == __version__
    assert versions["postgresql"][:2].isdigit()
    assert found["instance_languages"] == []


async def test_cohorts_tell_who_came_back_by_day(world: World) -> None:
    maud = await moderator(world)
    first = today_of(world)
    ann, ben = await world.people("ann", "ben")
    await visit(ann)
    world.clock.move(days=1)
    cem = await world.person("cem")
    for person in (ann, ben, cem):
        await visit(person)
    last = today_of(world)
    body = {"start_at": first.isoformat(), "end_at": last.isoformat(), "frequency": "day"}
    old, new = await maud.do("POST", "/api/v1/admin/retention", **body)
    assert (old["period"], old["frequency"]) == (midnight(first), "day")
    assert [(one["date"], one["value"], round(one["rate"], 2)) for one in old["data"]] == [
        (midnight(first), "1", 0.33), (midnight(last), "2", 0.67),
    ]  # fmt: skip
    assert [(one["value"], one["rate"]) for one in new["data"]] == [("1", 1.0)]


async def test_cohorts_tell_who_came_back_by_month(world: World) -> None:
    maud = await moderator(world)
    first = today_of(world).replace(day=1)
    ann, _ = await world.people("ann", "ben")
    await visit(ann)
    world.clock.move(days=32)
    await visit(ann)
    last = today_of(world)
    body = {"start_at": first.isoformat(), "end_at": last.isoformat(), "frequency": "month"}
    cohorts = await maud.do("POST", "/api/v1/admin/retention", **body)
    assert cohorts[0]["period"] == midnight(first)
    values = [one["value"] for one in cohorts[0]["data"]]
    assert (values[0], values[-1], cohorts[0]["data"][-1]["rate"]) == ("1", "1", pytest.approx(1 / 3))


async def test_what_the_numbers_are_made_of_goes_with_the_account(world: World) -> None:
    ann = await world.person("ann")
    await visit(ann)
    assert await world.engines.db.value("select count(*) from activity_months") == 1
    session = await world.client.post("/api/v1/auth/login", json={"identifier": "ann", "password": PASSWORD})
    headers = {"Authorization": f"Bearer {session.json()['access_token']}"}
    await world.client.request("DELETE", "/api/v1/auth/account", headers=headers, json={"password": PASSWORD})
    await world.settle()
    assert await world.engines.db.value("select count(*) from activity_months") == 0


@pytest.mark.parametrize("path", ["measures", "dimensions", "retention"])
async def test_a_period_is_of_bounded_length_and_goes_forwards(world: World, path: str) -> None:
    maud = await moderator(world)
    now = datetime.now(UTC)
    for start, end in ((now - timedelta(days=500), now), (now, now - timedelta(days=2))):
        body = {"keys": ["new_users", "servers"], "start_at": start.isoformat(), "end_at": end.isoformat()}
        answer = await maud.ask("POST", f"/api/v1/admin/{path}", json=body)
        assert answer.status_code == 422, answer.text
