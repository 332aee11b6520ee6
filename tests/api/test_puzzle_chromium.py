"""The puzzle of the sign-up form, solved by our script in a real browser."""

import pytest
from test_passkeys_chromium import served

from chromium import PROGRAM, chromium
from linnet.features.accounts.challenges import ChallengeRules
from linnet.platform.embedded import EmbeddedEngines
from world import PASSWORD

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium on this machine")


async def test_a_browser_solves_the_puzzle_while_the_form_is_filled_in(
    servers: EmbeddedEngines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(servers) as (world, url), chromium() as tab:
        monkeypatch.setitem(world.engines.configs, ChallengeRules, ChallengeRules(is_on=True))  # type: ignore[arg-type]
        await tab.open(f"{url}/signup")
        await tab.shows("document.querySelector('[role=status]').innerText.startsWith('Your browser has solved')")
        assert await tab.evaluate("document.querySelector('[name=altcha]').value.length > 100")

        await tab.open(f"{url}/signup?again")
        for name, value in (("username", "ann"), ("email", "ann@example.org"), ("password", PASSWORD)):
            await tab.fill(name, value)
        await tab.evaluate("document.querySelector('[name=agreement]').checked = true")
        await tab.press("Make my account")  # before the answer is there: the form waits for it
        await tab.shows("location.pathname === '/' && document.readyState === 'complete'")
        assert await world.engines.db.value("select count(*) from accounts where username = 'ann'") == 1
