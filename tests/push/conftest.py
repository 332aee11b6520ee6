"""A world that sends its letters to a mail server of this test process."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from linnet.platform.embedded import EmbeddedEngines
from mail_server import MailServer, mail_server
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
