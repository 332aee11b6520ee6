"""Worlds whose letters and pushes go to servers of this test process."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio

from linnet.platform.embedded import EmbeddedEngines
from linnet.push.web.resting import Resting
from mail_server import MailServer, certificate, mail_server
from phone_makers import KEY_ID, TEAM_ID, TOPIC, Apple, Google, apple_service, google_service, pem
from push_service import PushService, push_service
from web_server import serving_with
from world import World, open_world


@pytest.fixture(scope="session")
def running_mailbox() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def mailbox(running_mailbox: MailServer) -> MailServer:
    """The mail server, with nothing in it yet."""
    running_mailbox.empty()
    return running_mailbox


@pytest_asyncio.fixture(scope="session")
async def open_mail_world(servers: EmbeddedEngines, running_mailbox: MailServer) -> AsyncIterator[World]:
    async with open_world(servers.database_url, servers.valkey_url, smtp_url=running_mailbox.url) as world:
        yield world


@pytest_asyncio.fixture
async def mail_world(open_mail_world: World, mailbox: MailServer) -> World:
    """Like `world`, with a mail server."""
    await open_mail_world.clear()
    return open_mail_world


@pytest.fixture(scope="session")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate of all services of these tests, which only those trust who are given this file."""
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest_asyncio.fixture(scope="session")
async def running_service(certified: Path) -> AsyncIterator[PushService]:
    async with push_service(serving_with(certified)) as service:
        yield service


@pytest_asyncio.fixture(scope="session")
async def running_google(certified: Path) -> AsyncIterator[Google]:
    async with google_service(serving_with(certified)) as google:
        yield google


@pytest_asyncio.fixture(scope="session")
async def running_apple(certified: Path) -> AsyncIterator[Apple]:
    async with apple_service(serving_with(certified)) as apple:
        yield apple


@pytest_asyncio.fixture(scope="session")
async def open_push_world(
    servers: EmbeddedEngines,
    running_service: PushService,
    running_google: Google,
    running_apple: Apple,
    certified: Path,
) -> AsyncIterator[World]:
    assert running_service
    accounts = {
        "fcm_credentials": running_google.credentials,
        "fcm_url": running_google.url,
        "apns_key": pem(running_apple.key),
        "apns_key_id": KEY_ID,
        "apns_team_id": TEAM_ID,
        "apns_topic": TOPIC,
        "apns_url": running_apple.url,
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(certified))
        opening = open_world(servers.database_url, servers.valkey_url, outgoing_allowed="127.0.0.1/32", **accounts)
        async with opening as world:
            yield world


@pytest.fixture
def service(running_service: PushService) -> PushService:
    """The push service, as if nobody had subscribed to it yet."""
    running_service.empty()
    return running_service


@pytest.fixture
def google(running_google: Google) -> Google:
    """Google, as if nothing had been sent."""
    running_google.empty()
    return running_google


@pytest.fixture
def apple(running_apple: Apple) -> Apple:
    """Apple, as if nothing had been sent."""
    running_apple.empty()
    return running_apple


@pytest_asyncio.fixture
async def push_world(open_push_world: World) -> World:
    """Like `world`, and what it sends to 127.0.0.1 arrives."""
    await open_push_world.clear()
    cast("dict[type, object]", open_push_world.engines.configs)[Resting] = Resting()
    return open_push_world
