"""People who post, read, delete and sign out while something happens to the server, and what they saw."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from running import PASSWORD, Newcomer, Server

AUTHORS = 3
READERS = 12
SIGNING_OUT = 3
"""Of them, in another session."""

POSTS_A_SECOND = 20
PAUSE_S = 0.05
"""Between two reads of one reader."""

ENDED_S = 1.0
"""Within which a token that has ended has ended everywhere, also while nobody can be told."""

PATIENCE_S = 30.0
REPEAT_S = 0.1


@dataclass
class Seen:
    """What everybody saw."""

    posted: set[str] = field(default_factory=set[str])
    """Ids of the posts that the server has acknowledged."""
    deleted: dict[str, float] = field(default_factory=dict[str, float])
    """Of those, the ones whose deletion it has acknowledged, and when (monotonic)."""
    reads: int = 0
    refused: Counter[str] = field(default_factory=Counter[str])
    """Answers to readers that were no page, by what they were."""
    longest_s: float = 0.0
    """The longest that a reader was without a right answer."""
    ghosts: int = 0
    """Pages that showed a post which was deleted before they were asked for."""
    signed_out: int = 0
    intruders: int = 0
    """Right answers to tokens that had ended more than `ENDED_S` before."""


@dataclass
class Load:
    """A small network under load."""

    client: httpx.AsyncClient
    authors: list[Newcomer]
    readers: list[Newcomer]
    seen: Seen = field(default_factory=Seen)
    stopping: bool = False

    async def post(self) -> None:
        """Publish a status as a careful client does: the same key until there is an answer; delete every fifth."""
        author, key = random.choice(self.authors), random.randbytes(16).hex()
        headers = {**author.headers, "Idempotency-Key": key}
        answer = await self._until_answered("POST", "/api/v1/statuses", headers=headers, json={"status": f"post {key}"})
        assert answer.status_code == 200, answer.text
        status_id = answer.json()["id"]
        self.seen.posted.add(status_id)
        if len(self.seen.posted) % 5 == 0:
            await asyncio.sleep(random.uniform(0, 1))
            answer = await self._until_answered("DELETE", f"/api/v1/statuses/{status_id}", headers=author.headers)
            assert answer.status_code in {200, 404}, answer.text  # 404: it was deleted, only the answer got lost
            self.seen.deleted[status_id] = time.monotonic()

    async def keep_posting(self) -> None:
        """So many a second, whatever the server does; returns when all of them are acknowledged."""
        async with asyncio.TaskGroup() as posting:
            while not self.stopping:
                posting.create_task(self.post())
                await asyncio.sleep(1 / POSTS_A_SECOND)

    async def keep_reading(self, reader: Newcomer) -> None:
        """Read a home again and again."""
        seen, right_at = self.seen, time.monotonic()
        while not self.stopping:
            asked_at = time.monotonic()
            answer = await self._answer("GET", "/api/v1/timelines/home?limit=40", headers=reader.headers)
            seen.reads += 1
            if isinstance(answer, httpx.Response) and answer.status_code == 200:
                seen.longest_s, right_at = max(seen.longest_s, time.monotonic() - right_at), time.monotonic()
                shown = {status["id"] for status in answer.json()}
                seen.ghosts += any(seen.deleted.get(status_id, asked_at) < asked_at for status_id in shown)
            else:
                seen.refused[repr(answer)] += 1
            await asyncio.sleep(PAUSE_S)
        seen.longest_s = max(seen.longest_s, time.monotonic() - right_at)

    async def keep_signing_out(self, member: Newcomer) -> None:
        """Sign in, look, sign out, look again with the token that has ended."""
        while not self.stopping:
            login = {"identifier": member.name, "password": PASSWORD}
            answer = await self._until_answered("POST", "/api/v1/auth/login", json=login)
            assert answer.status_code == 200, answer.text
            headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
            for _ in range(3):
                await self._answer("GET", "/api/v1/accounts/verify_credentials", headers=headers)
            answer = await self._until_answered("POST", "/api/v1/auth/logout", headers=headers)
            assert answer.status_code in {204, 401}, answer.text  # 401: it had ended already, only the answer got lost
            self.seen.signed_out += 1
            ended_at = time.monotonic()
            while (asked_at := time.monotonic()) < ended_at + 2 * ENDED_S:
                answer = await self._answer("GET", "/api/v1/accounts/verify_credentials", headers=headers)
                is_in = isinstance(answer, httpx.Response) and answer.status_code == 200
                self.seen.intruders += is_in and asked_at > ended_at + ENDED_S
                await asyncio.sleep(PAUSE_S)

    async def home(self, reader: Newcomer) -> list[str]:
        """Every status id of a home, page after page."""
        found: list[str] = []
        address = "/api/v1/timelines/home?limit=40"
        while address:
            answer = await self.client.get(address, headers=reader.headers)
            assert answer.status_code == 200, answer.text
            found += [status["id"] for status in answer.json()]
            address = answer.links.get("next", {}).get("url", "")
        return found

    async def _answer(self, method: str, path: str, **request: object) -> httpx.Response | httpx.TransportError:
        try:
            return await self.client.request(method, path, **request)  # pyright: ignore[reportArgumentType] -- passed on
        except httpx.TransportError as error:
            return error

    async def _until_answered(self, method: str, path: str, **request: object) -> httpx.Response:
        """The first answer that does not say that something is away."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                answer = await self._answer(method, path, **request)
                if isinstance(answer, httpx.Response) and answer.status_code != 503:
                    return answer
                await asyncio.sleep(REPEAT_S)


@asynccontextmanager
async def under_load(server: Server, client: httpx.AsyncClient) -> AsyncGenerator[Load]:
    """A network whose people do what they do while the block runs, and have done it all when it ends."""
    authors = [server.join("author") for _ in range(AUTHORS)]
    readers = [server.join("reader") for _ in range(READERS)]
    load = Load(client, authors, readers)
    for reader in readers:
        for author in authors:
            answer = await client.post(f"/api/v1/accounts/{author.id}/follow", headers=reader.headers)
            assert answer.status_code == 200, answer.text
        assert await load.home(reader) == []
    async with asyncio.TaskGroup() as people:
        people.create_task(load.keep_posting())
        for member in readers[:SIGNING_OUT]:
            people.create_task(load.keep_signing_out(member))
        for reader in readers:
            people.create_task(load.keep_reading(reader))
        try:
            yield load
        finally:
            load.stopping = True


async def within(seconds: float, ask: Callable[[], Awaitable[str]]) -> None:
    """Return as soon as `ask` finds nothing wrong; fail with what it says after so many seconds."""
    wrong, until = await ask(), time.monotonic() + seconds
    while wrong and time.monotonic() < until:
        await asyncio.sleep(REPEAT_S)
        wrong = await ask()
    assert not wrong
