"""The world of a test: a server in this process, people on it, and a clock that can be moved.

A story on it:

    alice, bob = await world.people("alice", "bob")
    await bob.follow(alice)
    hello = await alice.post("Hello")
    await world.settle()
    assert [s["id"] for s in await bob.home()] == [hello["id"]]
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import httpx

from linnet.api.edge import Edge
from linnet.features.accounts import staff
from linnet.features.accounts.ip_blocks.gate import Gate
from linnet.features.accounts.models import Role, Viewer
from linnet.features.accounts.permissions import OPERATOR, Actor
from linnet.features.accounts.signup import create_account
from linnet.features.moderation import listings, policies
from linnet.features.moderation.alike.watch import Watch
from linnet.features.sessions.apps import create_token
from linnet.features.sessions.refusals import Refusals
from linnet.platform.engines import Engines
from linnet.platform.jobs.inline import run_pending
from linnet.platform.postgres import Connection
from linnet.reactions import JOBS, PERIODICS
from linnet.roles.api import application
from linnet.roles.wiring import open_engines
from linnet.settings import Settings

PASSWORD = "tangerine-lighthouse-42"
SCOPES = ("read", "write", "follow", "push")
PUBLIC_URL = "https://linnet.test"
MEDIA = TemporaryDirectory(prefix="linnet-media-")
"""Where the files of all worlds of this process are."""

_CLEAR = """
do $$
declare name text; used boolean;
begin
    if exists (select from audit_log) then
        alter table audit_log disable trigger audit_log_only_grows;
        delete from audit_log;
        alter table audit_log enable trigger audit_log_only_grows;
    end if;
    for name in select quote_ident(tablename) from pg_tables
        where schemaname = 'public' and tablename not in ('migrations', 'notes')
    loop
        execute format('select exists (select from %s)', name) into used;
        if used and pg_relation_size(name::regclass) < 200000 then execute format('delete from %s', name);
        elsif used then execute format('truncate %s cascade', name);
        end if;
    end loop;
end $$
"""
"""Deletes where there is little: to truncate the tables of a small story takes 100 ms, and voids every plan.

What refers to a table goes with it, for it is emptied as well.
"""


class MovableClock:
    """The machine's clock, plus what a test has moved it by."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def move(self, **by: float) -> None:
        """Move the clock: `clock.move(hours=2)`."""
        self.ahead += timedelta(**by)


def settings_of(database_url: str, valkey_url: str, **others: Any) -> Settings:
    """Settings for tests: cheap passwords, no limits, a fixed public address."""
    plain: dict[str, Any] = {
        "public_url": PUBLIC_URL,
        "bcrypt_cost": 4,
        "jwt_secret": "a secret of these tests, and 0f n0b0dy 3lse",
        "vapid_private_key": "sC9rZC2B5yRcDXxJ3zXv7m9pS1cBz0qRj7oYt4LwNn8",
        "rate_limits": False,
        "title": "Test server",
        "media_store_url": Path(MEDIA.name).as_uri(),
    }
    return Settings(database_url=database_url, valkey_url=valkey_url, **{**plain, **others})


@asynccontextmanager
async def open_world(database_url: str, valkey_url: str, **settings: Any) -> AsyncGenerator["World"]:
    """A world on these engines; further settings by name."""
    chosen = settings_of(database_url, valkey_url, **settings)
    async with open_engines(chosen) as opened:
        clock = MovableClock()
        engines = replace(opened, clock=clock)
        app = application(chosen, engines)
        transport = httpx.ASGITransport(cast("Any", app), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
            yield World(engines, clock, client, app)


class World:
    """A server and its people."""

    def __init__(self, engines: Engines, clock: MovableClock, client: httpx.AsyncClient, app: Edge) -> None:
        self.engines = engines
        self.clock = clock
        self.client = client
        self.app = app
        self._numbers = count(1)

    async def clear(self) -> None:
        """Empty the engines and put the clock right."""
        await self.engines.db.execute(_CLEAR)
        await self.engines.valkey.forget_everything()
        await self.engines.blobs.delete([found.name async for found in self.engines.blobs.list("")])
        self.engines.config(Refusals).clear()
        await self.engines.changes.catch_up()
        await self.engines.config(Gate).refresh(self.engines)
        await listings.held(self.engines)
        self.clock.ahead = timedelta()
        self.client.cookies.clear()

    async def suspend(self, person: "Person") -> None:
        """What a moderator does."""
        await staff.suspend(self.engines, OPERATOR, person.id)

    async def let_everything_pass(self) -> None:
        """Have a policy by which nothing follows from words, for stories in which people repeat themselves."""
        number = await policies.add(self.engines.db, "", None, self.clock.now())
        async with self.engines.transaction() as tx:
            await policies.activate(tx, number, None, self.clock.now())

    async def settle(self, *, periodics: bool = False) -> int:
        """Run every job that is due, and what they enqueue; then, if asked, each periodic once. How many jobs ran."""
        await self.engines.config(Watch).settle()
        ran = await run_pending(self.engines, JOBS)
        if periodics:
            for periodic in PERIODICS:
                await periodic.run(self.engines)
        return ran

    async def person(self, name: str | None = None, *, role: Role = Role.USER, scopes: Any = SCOPES) -> "Person":
        """An account that may sign in, with a token for every client call."""
        username = name or f"person{next(self._numbers)}"
        account_id = await create_account(
            self.engines, username=username, email=f"{username}@example.org", password=PASSWORD, role=role
        )
        token = await create_token(self.engines, account_id, scopes)
        return Person(self, account_id, username, token.token)

    async def people(self, *names: str) -> list["Person"]:
        """Several accounts."""
        return [await self.person(name) for name in names]

    async def get(self, path: str, **params: Any) -> httpx.Response:
        """What anybody gets."""
        return await self.client.get(path, params=params)

    @asynccontextmanager
    async def counting_statements(self) -> AsyncGenerator["Statements"]:
        """How many SQL statements the block sends."""
        counted = Statements()
        before = Connection.statements
        yield counted
        counted.number = Connection.statements - before


@dataclass
class Statements:
    """A number of SQL statements."""

    number: int = 0


@dataclass(frozen=True)
class Person:
    """Somebody with an account, and what they do through the API."""

    world: World
    id: int
    username: str
    token: str

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.id)

    def acting(self, role: Role) -> Actor:
        """This person with a role, at an address."""
        return Actor(Viewer(self.id, role), "192.0.2.7")

    @property
    def headers(self) -> dict[str, str]:
        """What this person's app sends with every request."""
        return {"Authorization": f"Bearer {self.token}"}

    async def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Any request with this person's token."""
        headers = {**self.headers, **request.pop("headers", {})}
        return await self.world.client.request(method, path, headers=headers, **request)

    async def get(self, path: str, **params: Any) -> Any:
        """The JSON of a GET that must succeed."""
        return _json(await self.ask("GET", path, params=params))

    async def do(self, method: str, path: str, **body: Any) -> Any:
        """The JSON of a request with a JSON body that must succeed."""
        return _json(await self.ask(method, path, json=body))

    async def post(self, text: str, **more: Any) -> Any:
        """Publish a status."""
        return await self.do("POST", "/api/v1/statuses", status=text, **more)

    async def follow(self, other: "Person", **options: Any) -> Any:
        """Follow somebody; their relationship."""
        return await self.do("POST", f"/api/v1/accounts/{other.id}/follow", **options)

    async def relate(self, verb: str, other: "Person", **options: Any) -> Any:
        """`unfollow`, `block`, `mute`, … somebody; their relationship."""
        return await self.do("POST", f"/api/v1/accounts/{other.id}/{verb}", **options)

    async def mark(self, verb: str, status: Any, **options: Any) -> Any:
        """`favourite`, `reblog`, `bookmark`, `pin`, … a status; the status."""
        return await self.do("POST", f"/api/v1/statuses/{status['id']}/{verb}", **options)

    async def home(self, **params: Any) -> Any:
        """A page of the home timeline."""
        return await self.get("/api/v1/timelines/home", **params)


def _json(answer: httpx.Response) -> Any:
    assert answer.is_success, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:500]}"
    return answer.json()
