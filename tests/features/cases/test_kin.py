"""Stories of what belongs together: the posts of a campaign, and the accounts behind it."""

from typing import Any

from linnet.features.accounts.models import Role
from linnet.features.sessions.kinship import at_same_network
from world import SCOPES, Person, World

STAFF = (*SCOPES, "admin:read", "admin:write")
WORDS = "Earn thousands every week from your sofa, guaranteed returns, write to {} today"


async def case_about(reporter: Person, target: Person, post: Any) -> str:
    await reporter.do("POST", "/api/v1/reports", account_id=str(target.id), category="spam", status_ids=[post["id"]])
    return await reporter.world.engines.db.value("select id::text from cases where account_id = $1", target.id)


async def test_staff_find_the_other_posts_of_a_campaign_and_who_posted_them(world: World) -> None:
    ann, eve, mallory, bob = await world.people("ann", "eve", "mallory", "bob")
    maud = await world.person("maud", role=Role.MODERATOR, scopes=STAFF)
    posts = [await one.post(WORDS.format(name)) for one, name in ((mallory, "Bill"), (eve, "Jane"))]
    await bob.post("I thought that guaranteed returns from a sofa were about furniture; thousands every week laugh")
    await bob.post("What a lovely day for watching linnets")
    await eve.post(WORDS.format("Joe"), visibility="private")
    await world.settle(periodics=True)
    case_id = await case_about(ann, mallory, posts[0])
    similar = await maud.get(f"/api/v1/admin/cases/{case_id}/similar")
    assert [one["id"] for one in similar] == [posts[1]["id"]]
    assert similar[0]["likeness"] > 0.7
    linked = await maud.get(f"/api/v1/admin/cases/{case_id}/linked")
    assert [(one["account"]["username"], one["shares"]) for one in linked] == [("eve", ["text"])]


async def test_accounts_at_one_address_are_linked_for_thirty_days(world: World) -> None:
    mallory, eve, bob, trudy = await world.people("mallory", "eve", "bob", "trudy")
    for person, address in (
        (mallory, "192.0.2.7"),
        (eve, "192.0.2.7"),
        (bob, "192.0.2.70"),
        (mallory, "2001:db8:a:b:1:2:3:4"),
        (trudy, "2001:db8:a:b:5:6:7:8"),
        (bob, "2001:db8:a:bb:5:6:7:8"),
    ):
        await world.engines.db.execute(
            """
            insert into sessions (account_id, kind, address, agent, created_at, used_at, expires_at)
            values ($1, 'api', $2, '', now(), now(), now() + interval '90 days')
            """,
            person.id,
            address,
        )
    assert await at_same_network(world.engines, mallory.id) == [trudy.id, eve.id]
    world.clock.move(days=31)
    assert await at_same_network(world.engines, mallory.id) == []


async def test_accounts_at_one_device_are_linked(world: World) -> None:
    ann, mallory, eve = await world.people("ann", "mallory", "eve")
    maud = await world.person("maud", role=Role.MODERATOR, scopes=STAFF)
    for person in (mallory, eve):
        await world.engines.db.execute(
            "insert into known_devices (account_id, hash, created_at, used_at) values ($1, 'one', now(), now())",
            person.id,
        )
    case_id = await case_about(ann, mallory, await mallory.post("Hm"))
    linked = await maud.get(f"/api/v1/admin/cases/{case_id}/linked")
    assert [(one["account"]["username"], one["shares"]) for one in linked] == [("eve", ["device"])]
