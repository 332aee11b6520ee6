"""What an operator types about moderation."""

import pytest

from cli.conftest import Linnet
from linnet.features.moderation import standings
from linnet.features.moderation.standing import What
from world import World


async def test_how_an_account_stands_is_told_term_by_term(linnet: Linnet, world: World) -> None:
    ada = await world.person("ada")
    async with world.engines.transaction() as tx:
        now = world.engines.clock.now()
        await standings.note_all(
            tx, [(ada.id, What.POSTED, 40), (ada.id, What.STRIKE, 1), (ada.id, What.REPORTED, 9)], now
        )
    told = linnet.run("moderation", "standing", "ada").stdout
    assert "ada was made by the operator and stands at 0.38: new." in told
    assert "strikes" in told
    assert "reports against it" in told
    assert "reputation = 2.50 / (2.50 + 4.00) = 0.38" in told
    found = linnet.json("moderation", "standing", "ada")
    assert (found["account_id"], found["tier"]) == (str(ada.id), "new")
    assert found["reputation"] == pytest.approx(0.385, abs=0.001)
    points = {part["name"]: part["points"] for part in found["parts"]}
    assert points.keys() == {"age_days", "origin", "posted", "strike"}
    assert (points["origin"], round(points["strike"], 2)) == (0.5, -3.0)
    assert found["happened"]["reported"]["total"] == 9
    assert found["limits"]["posts"] == {"limit": 100, "within": 10_800}


async def test_of_a_name_that_nobody_has_it_says_so(linnet: Linnet, world: World) -> None:
    await world.person("ada")
    assert "bob" in linnet.error("moderation", "standing", "bob", code=1)
