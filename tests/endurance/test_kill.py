"""Nothing acknowledged is lost: every process of a server is killed under load, and Valkey is emptied.

The load is small, for the suite's sake. To press harder:

    KILL_POSTS_A_SECOND=100 python -m pytest tests/endurance/test_kill.py
"""

import asyncio
import os
import random
import signal
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import httpx
import psutil
import pytest

from linnet.platform.embedded_running import running_in
from linnet.platform.valkey import Valkey
from running import Newcomer, Server

AUTHORS = 4
FOLLOWERS = 6
POSTS_A_SECOND = int(os.environ.get("KILL_POSTS_A_SECOND", "25"))
PAUSE_S = (0.4, 1.2)
"""Between two kills, at random."""

PATIENCE_S = 60.0
"""For one post, with the same key again and again, until it is acknowledged."""

SOON_S = 30.0
"""Within which every follower has every post, once everything runs again."""

TRACES_MAX = 20_000
"""Characters of a failed server's log worth reading."""

VICTIMS: dict[str, Callable[[list[str]], bool]] = {
    "worker": lambda args: args[-1:] == ["worker"],
    "api": lambda args: "api" in args and "--fd" in args,
    "valkey": lambda args: "valkey-server" in args[0],
    "postgresql": lambda args: args[0].endswith("/postgres") and "-D" in args,
}


@dataclass
class Load:
    """What has been asked and acknowledged."""

    acknowledged: dict[str, str] = field(default_factory=dict[str, str])
    """Idempotency key → status id."""
    errors: Counter[int] = field(default_factory=Counter[int])
    stopping: bool = False


async def post_until_acknowledged(client: httpx.AsyncClient, author: Newcomer, load: Load) -> None:
    """Publish one status as a careful client does: the same key until there is an answer."""
    key = uuid.uuid4().hex
    headers = {**author.headers, "Idempotency-Key": key}
    async with asyncio.timeout(PATIENCE_S):
        while True:
            with suppress(httpx.TransportError):
                answer = await client.post("/api/v1/statuses", json={"status": f"post {key}"}, headers=headers)
                if answer.status_code == 200:
                    load.acknowledged[key] = answer.json()["id"]
                    return
                load.errors[answer.status_code] += 1
            await asyncio.sleep(0.1)


async def keep_posting(client: httpx.AsyncClient, authors: list[Newcomer], load: Load) -> None:
    """`POSTS_A_SECOND`, whatever the server does; returns when all of them are acknowledged."""
    async with asyncio.TaskGroup() as posting:
        while not load.stopping:
            posting.create_task(post_until_acknowledged(client, random.choice(authors), load))
            await asyncio.sleep(1 / POSTS_A_SECOND)


def kill_one(server: Server, victim: str) -> None:
    """`kill -9` to a process of the server, with no word before."""
    for process in psutil.Process(server.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if VICTIMS[victim](process.cmdline() or [""]):
                process.send_signal(signal.SIGKILL)
                return
    pytest.fail(f"no {victim} is running")


async def whole_home(client: httpx.AsyncClient, person: Newcomer) -> list[str]:
    """Every status id of a home, page after page."""
    found: list[str] = []
    address = "/api/v1/timelines/home?limit=40"
    while address:
        answer = await client.get(address, headers=person.headers)
        assert answer.status_code == 200, answer.text
        found += [status["id"] for status in answer.json()]
        address = answer.links.get("next", {}).get("url", "")
    return found


async def within(seconds: float, ask: Callable[[], Awaitable[str]]) -> None:
    """Return as soon as `ask` finds nothing wrong; fail with what it says after so many seconds."""
    wrong = "never asked"
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while wrong := await ask():  # noqa: ASYNC110 -- other processes do what is waited for
                await asyncio.sleep(0.2)
    assert not wrong


async def network(server: Server, client: httpx.AsyncClient) -> tuple[list[Newcomer], list[Newcomer]]:
    """Authors, and followers who follow each of them and have read their homes."""
    authors = [server.join("author") for _ in range(AUTHORS)]
    followers = [server.join("follower") for _ in range(FOLLOWERS)]
    for follower in followers:
        for author in authors:
            followed = await client.post(f"/api/v1/accounts/{author.id}/follow", headers=follower.headers)
            assert followed.status_code == 200
        assert await whole_home(client, follower) == []
    return authors, followers


def traces_in(log: str) -> str:
    """The requests that failed by a mistake of ours, as the server logged them, with their tracebacks."""
    return "\n".join(line for line in log.splitlines() if "request failed" in line)[-TRACES_MAX:]


def open_client(server: Server) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=200)
    return httpx.AsyncClient(base_url=server.url, timeout=15, limits=limits)


async def test_every_acknowledged_post_survives_the_death_of_every_process(server: Server) -> None:
    load = Load()
    async with open_client(server) as client:
        authors, followers = await network(server, client)
        posting = asyncio.create_task(keep_posting(client, authors, load))
        for victim in random.sample(sorted(VICTIMS), len(VICTIMS)):
            await asyncio.sleep(random.uniform(*PAUSE_S))
            kill_one(server, victim)
        await asyncio.sleep(random.uniform(*PAUSE_S))
        load.stopping = True
        await posting
        assert len(load.acknowledged) > POSTS_A_SECOND
        posted = Counter(load.acknowledged.values())
        assert set(posted.values()) == {1}, "one status answered two keys"

        async def what_is_missing() -> str:
            for follower in followers:
                home = Counter(await whole_home(client, follower))
                if home != posted:
                    return f"{len(posted - home)} missing and {len(home - posted)} too many of {len(posted)}"
            return ""

        await within(SOON_S, what_is_missing)
    assert set(load.errors) <= {503}, f"{load.errors}\n{traces_in(server.log())}"


async def test_nobody_notices_that_valkey_lost_everything(server: Server) -> None:
    load = Load()
    async with open_client(server) as client:
        authors, followers = await network(server, client)
        engines = running_in(server.folder)
        assert engines is not None
        valkey = Valkey.connect(engines.valkey_url)
        posting = asyncio.create_task(keep_posting(client, authors, load))
        for _ in range(3):
            for follower in followers:
                await whole_home(client, follower)
            await valkey.forget_everything()
            for follower in followers:
                await whole_home(client, follower)
            await asyncio.sleep(0.3)
        await valkey.close()
        load.stopping = True
        await posting
        expected = sorted(load.acknowledged.values(), key=int, reverse=True)

        async def what_is_wrong() -> str:
            homes = [await whole_home(client, follower) for follower in followers]
            return "" if all(home == expected for home in homes) else "a home is not complete"

        await within(SOON_S, what_is_wrong)
    assert not load.errors, f"{load.errors}\n{traces_in(server.log())}"
