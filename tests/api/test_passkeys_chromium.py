"""Our script and pages in a real browser, with the virtual authenticator that Chromium has for such tests."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
import uvicorn

from chromium import PROGRAM, Chromium, chromium
from linnet.platform.embedded import EmbeddedEngines
from linnet.roles.api import application
from world import PASSWORD, World, open_world, settings_of

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium on this machine")

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@asynccontextmanager
async def served(servers: EmbeddedEngines) -> AsyncGenerator[tuple[World, str]]:
    """A world that answers at `localhost`, which browsers trust without TLS; and its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://localhost:{listening.getsockname()[1]}"
    async with open_world(servers.database_url, servers.valkey_url, public_url=url) as world:
        await world.clear()
        app = application(settings_of(servers.database_url, servers.valkey_url, public_url=url), world.engines)
        server = uvicorn.Server(uvicorn.Config(cast("Any", app), log_config=None, lifespan="off"))
        serving = asyncio.create_task(server.serve([listening]))
        yield world, url
        server.should_exit = True
        await serving


async def sign_in(tab: Chromium, url: str) -> None:
    await tab.open(f"{url}/signin?then=/settings/security")
    await tab.fill("identifier", "ann")
    await tab.fill("password", PASSWORD)
    await tab.press("Sign in")


async def test_a_passkey_in_a_real_browser(servers: EmbeddedEngines) -> None:
    async with served(servers) as (world, url), chromium() as tab:
        await world.person("ann")
        await tab.command("WebAuthn.enable")
        device = (await tab.command("WebAuthn.addVirtualAuthenticator", options=AUTHENTICATOR))["authenticatorId"]
        await sign_in(tab, url)
        await tab.press("Add a passkey")
        await tab.shows("location.pathname === '/settings/security/passkeys/new' && document.readyState === 'complete'")
        await tab.fill("name", "Virtual key")
        await tab.press("Add a passkey")
        await tab.shows("document.querySelectorAll('.codes code').length === 10")
        held = (await tab.command("WebAuthn.getCredentials", authenticatorId=device))["credentials"]
        assert [(one["rpId"], one["isResidentCredential"]) for one in held] == [("localhost", True)]

        await tab.command("Storage.clearCookies")
        await tab.open(f"{url}/signin?then=/settings/security")
        await tab.press("Sign in with a passkey")
        await tab.press("Use a passkey")
        await tab.shows("document.body.innerText.includes('Virtual key')")

        await tab.command("Storage.clearCookies")
        await sign_in(tab, url)
        await tab.shows("location.pathname === '/signin/second' && document.readyState === 'complete'")
        await tab.press("Use a passkey")
        await tab.shows("document.body.innerText.includes('Virtual key')")

        await tab.command("WebAuthn.setUserVerified", authenticatorId=device, isUserVerified=False)
        await tab.open(f"{url}/signin/passkey")
        await tab.press("Use a passkey")
        await tab.shows("document.querySelector('[data-problem]').innerText.startsWith('Nothing was chosen')")
