"""Engines for one command: the configured ones, those of a running `linnet serve`, or embedded ones for the while."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import click
import msgspec

from linnet.environment import load
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.embedded_running import running_in
from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown
from linnet.platform.migrations import MigrationError, migrate, missing
from linnet.platform.telemetry import logs
from linnet.roles.wiring import open_engines
from linnet.settings import Settings

STARTING_S = 30.0
"""A server that is just being started gets so long until its engines answer and its schema is there."""

RETRY_EVERY_S = 0.25

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Reached:
    """Settings that say where both engines are. `is_ours`: they run for this command, and nobody else uses them."""

    settings: Settings
    is_ours: bool = False


def act(work: Callable[[Engines], Awaitable[R]]) -> R:
    """Run `work` with engines whose schema is up to date; what it gives."""

    async def whole() -> R:
        async with engines_at_hand(load()) as engines:
            return await work(engines)

    return asyncio.run(whole())


@asynccontextmanager
async def engines_at_hand(settings: Settings) -> AsyncGenerator[Engines]:
    """Engines with an up-to-date schema, for as long as the block lasts. Raises `MigrationError`, `EngineDown`.

    The schema of engines that nobody else runs is brought up to date first.
    """
    async with urls_at_hand(settings) as reached:
        if reached.is_ours:
            await migrate(reached.settings.database_url)
        async with open_engines(reached.settings) as engines:
            if lacking := await missing(engines.db, "pre"):
                raise MigrationError(
                    f"The database lacks {len(lacking)} migrations of this version. Run `linnet migrate` first."
                )
            yield engines


@asynccontextmanager
async def urls_at_hand(settings: Settings) -> AsyncGenerator[Reached]:
    """Settings with both engines' addresses in them; embedded engines that nobody runs are run for the block."""
    logs.configure(form=settings.log_format, level="warning", role="command")
    if settings.database_url and settings.valkey_url:
        yield Reached(settings)
    elif running := running_in(settings.folder):
        reached = _with_urls(settings, running.database_url, running.valkey_url)
        await _wait_for(reached)
        yield Reached(reached)
    else:
        click.echo(f"Nobody runs Linnet in {settings.folder}: its engines run for this command only.", err=True)
        async with EmbeddedEngines(settings.folder) as embedded:
            yield Reached(_with_urls(settings, embedded.database_url, embedded.valkey_url), is_ours=True)


def _with_urls(settings: Settings, database_url: str, valkey_url: str) -> Settings:
    return msgspec.structs.replace(
        settings,
        database_url=settings.database_url or database_url,
        valkey_url=settings.valkey_url or valkey_url,
    )


async def _wait_for(settings: Settings) -> None:
    """Return once a server that may be just starting has its engines and its schema; `EngineDown` when it never has."""
    deadline = asyncio.get_running_loop().time() + STARTING_S
    while True:
        try:
            async with open_engines(settings) as engines:
                await engines.valkey.ping()
                if not await missing(engines.db, "pre"):
                    return
        except EngineDown:
            if asyncio.get_running_loop().time() > deadline:
                raise
        if asyncio.get_running_loop().time() > deadline:
            return
        await asyncio.sleep(RETRY_EVERY_S)
