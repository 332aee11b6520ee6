"""Stories of frozen accounts: they read, take back, appeal and leave, and put nothing before others."""

from datetime import timedelta

from linnet.api.frozen import is_closed
from linnet.api.routes import endpoints
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.cases import actions
from linnet.features.cases.models import Act, Action
from world import PASSWORD, Person, World


async def freeze(world: World, person: Person) -> int:
    strike_id = await actions.act(world.engines, OPERATOR, Act(account_id=person.id, action=Action.FREEZE, text="Stop"))
    assert strike_id is not None
    return strike_id


def test_what_is_open_to_a_frozen_account_and_what_is_not() -> None:
    closed = {f"{one.method} {one.path}" for one in endpoints() if is_closed(one)}
    assert closed >= {
        "POST /api/v1/statuses",
        "PUT /api/v1/statuses/{status_id}",
        "POST /api/v1/statuses/{status_id}/reblog",
        "POST /api/v1/statuses/{status_id}/favourite",
        "POST /api/v1/accounts/{account_id}/follow",
        "POST /api/v1/messages/threads",
        "POST /api/v1/messages/threads/{thread_id}/messages",
        "PUT /api/v1/messages/{message_id}",
        "POST /api/v2/media",
        "POST /api/v1/media/uploads",
        "PATCH /api/v1/accounts/update_credentials",
        "PATCH /api/v1/profile",
        "POST /api/v1/polls/{poll_id}/votes",
        "PUT /api/v1/announcements/{announcement_id}/reactions/{name}",
        "PUT /api/v1/scheduled_statuses/{scheduled_id}",
    }
    assert closed.isdisjoint(
        {
            "POST /api/v1/reports",
            "POST /api/v1/accounts/{account_id}/block",
            "POST /api/v1/accounts/{account_id}/unfollow",
            "DELETE /api/v1/statuses/{status_id}",
            "DELETE /api/v1/auth/account",
            "POST /api/v1/auth/password/change",
            "POST /api/v1/exports/archives",
            "POST /api/v1/markers",
            "POST /api/v1/notifications/clear",
            "POST /api/v1/statuses/{status_id}/bookmark",
        }
    )


async def test_a_frozen_account_reads_and_takes_back_but_writes_nothing(world: World) -> None:
    mallory, ann = await world.people("mallory", "ann")
    await mallory.follow(ann)
    own, hers = await mallory.post("Hello"), await ann.post("Hello, too")
    await world.settle()
    strike_id = await freeze(world, mallory)
    refused = await mallory.ask("POST", "/api/v1/statuses", json={"status": "More"})
    assert refused.status_code == 403
    assert refused.json()["error_code"] == "account_frozen"
    assert "appeal" in refused.json()["error"]
    assert (await mallory.ask("POST", f"/api/v1/statuses/{hers['id']}/favourite")).status_code == 403
    assert [one["id"] for one in await mallory.home()] == [hers["id"], own["id"]]
    await mallory.relate("unfollow", ann)
    await mallory.do("DELETE", f"/api/v1/statuses/{own['id']}")
    signed_in = await world.client.post("/api/v1/auth/login", json={"identifier": "mallory", "password": PASSWORD})
    assert signed_in.status_code == 200
    fresh = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}
    assert (await world.client.post("/api/v1/statuses", json={"status": "More"}, headers=fresh)).status_code == 403
    await actions.undo(world.engines, OPERATOR, strike_id)
    await mallory.post("Back again")


async def test_what_a_frozen_account_had_scheduled_waits_with_the_reason(world: World) -> None:
    mallory = await world.person("mallory")
    await mallory.post("Later", scheduled_at=(world.clock.now() + timedelta(hours=1)).isoformat())
    await freeze(world, mallory)
    world.clock.move(hours=2)
    await world.settle(periodics=True)
    await world.settle()
    assert await mallory.get(f"/api/v1/accounts/{mallory.id}/statuses") == []
