"""A letter outlives the worker that was sending it."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from linnet.features.accounts import proofs
from linnet.features.accounts.proofs import Purpose
from linnet.platform.embedded import EmbeddedEngines
from mail_server import MailServer, link_in
from world import PUBLIC_URL, World

SECONDS_MAX = 30.0


@contextmanager
def worker(servers: EmbeddedEngines, mailbox: MailServer, folder: Path) -> Generator["subprocess.Popen[bytes]"]:
    """A worker in a process of its own, which is dead afterwards."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LINNET_")}
    settings = {
        "LINNET_DATABASE_URL": servers.database_url,
        "LINNET_VALKEY_URL": servers.valkey_url,
        "LINNET_PUBLIC_URL": PUBLIC_URL,
        "LINNET_DATA_DIR": str(folder),
        "LINNET_SMTP_URL": mailbox.url,
        "LINNET_LOG_LEVEL": "error",
    }
    process = subprocess.Popen([sys.executable, "-m", "linnet", "worker"], env={**plain, **settings})
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def letters(mailbox: MailServer, number: int) -> None:
    async with asyncio.timeout(SECONDS_MAX):
        while len(mailbox.taken) < number:  # noqa: ASYNC110 -- another thread has no event to wait for
            await asyncio.sleep(0.02)


async def test_a_worker_killed_before_it_heard_that_the_letter_was_taken_leaves_it_to_the_next(
    mail_world: World, mailbox: MailServer, servers: EmbeddedEngines, tmp_path: Path
) -> None:
    """The person gets two letters, of which the newer one is good: better than none."""
    await mail_world.person("ann")
    await mail_world.settle()
    await mail_world.client.post("/api/v1/auth/password/forgot", json={"identifier": "ann"})
    mailbox.holds = True
    with worker(servers, mailbox, tmp_path):
        await letters(mailbox, 1)
    mailbox.holds = False
    with worker(servers, mailbox, tmp_path):
        await letters(mailbox, 2)
        async with asyncio.timeout(SECONDS_MAX):
            while await mail_world.engines.db.value("select count(*) from jobs"):  # noqa: ASYNC110 -- nor has a process
                await asyncio.sleep(0.02)
    first, second = (link_in(letter).rpartition("/")[2] for letter in mailbox.to("ann@example.org"))
    db, now = mail_world.engines.db, mail_world.clock.now()
    assert await proofs.spend(db, first, Purpose.RESET, now) is None
    assert await proofs.spend(db, second, Purpose.RESET, now) is not None
