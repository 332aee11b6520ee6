"""Those who moderate see how a member stands, and why."""

import pytest

from linnet.features.accounts.models import Role
from linnet.features.moderation import standings
from linnet.features.moderation.standing import What
from world import SCOPES, World


async def test_a_moderator_sees_the_terms_of_a_reputation_and_how_it_heals(world: World) -> None:
    mallory = await world.person("mallory")
    moderator = await world.person("mia", role=Role.MODERATOR, scopes=(*SCOPES, "admin:read"))
    async with world.engines.transaction() as tx:
        happened = [(mallory.id, What.REJECTED, 4), (mallory.id, What.REPORTED, 300), (mallory.id, What.POSTED, 10)]
        await standings.note_all(tx, happened, world.clock.now())
    path = f"/api/v1/admin/accounts/{mallory.id}/standing"
    shown = await moderator.get(path)
    assert (shown["username"], shown["tier"], shown["origin"]) == ("mallory", "poor", "operator")
    assert shown["reputation"] == pytest.approx(shown["credit"] / (shown["credit"] + shown["trouble"]))
    assert {part["name"]: part["points"] for part in shown["parts"]}["rejected"] == pytest.approx(-4, abs=0.001)
    assert "reported" not in {part["name"] for part in shown["parts"]}, "that anybody reported is worth nothing"
    assert shown["happened"]["reported"]["total"] == 300
    assert shown["limits"]["links"] == {"limit": 5, "within": 86_400}
    world.clock.move(days=30)
    healed = await moderator.get(path)
    assert (healed["tier"], healed["happened"]["rejected"]["total"]) == ("ordinary", 4)
    assert healed["trouble"] == pytest.approx(3, abs=0.01)
    assert healed["reputation"] > shown["reputation"]
    assert (await mallory.ask("GET", path)).status_code == 403
    assert (await moderator.ask("GET", "/api/v1/admin/accounts/1/standing")).status_code == 404
