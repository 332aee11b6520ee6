"""A server with a network in it, ready to be measured: what every row that needs one begins with."""

import asyncio
import os
import tempfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bench import network
from bench.measuring import Bench, Options, Run, progress
from bench.network import Plan
from bench.stack import Stack, running

EVEN_FOLLOWERS = 150
"""Followers of each even author: posts to 150 followers are what peers were measured with."""

EVEN_FOLLOWED = 30
"""How many of the even authors each reader follows."""

THREADS = 50
SETTLED_S = 3.0
"""After the first answer: what else runs has then started too."""


def plan_of(options: Options) -> Plan:
    """The network that these options ask for."""
    return Plan(
        people=options.people,
        readers=options.readers,
        follows=options.follows,
        follows_others=options.follows_others,
        even_authors=EVEN_FOLLOWED * options.readers // EVEN_FOLLOWERS,
        even_followers=EVEN_FOLLOWERS,
        posts=options.posts,
        threads=THREADS,
        seed=options.seed,
        graph=options.graph,
        texts=options.texts,
    )


@asynccontextmanager
async def serving(run: Run, plan: Plan | None = None, **settings: str) -> AsyncGenerator[Bench]:
    """A new server on its core, with the network of `plan`; this process moves to the load's core.

    Further settings as variables.
    """
    with (
        tempfile.TemporaryDirectory(prefix="linnet-bench-") as folder,
        running(Path(folder), run.options.cores[0], **settings) as stack,
    ):
        os.sched_setaffinity(0, {run.options.cores[1]})
        await stack.until_ready()
        idle = await _idle_memory(stack)
        stack.put("postgres", run.options.cores)  # while it is filled both cores may help
        made = await network.build(stack.engines.database_url, plan or plan_of(run.options), progress=progress)
        stack.put("postgres", run.options.cores[:1])
        yield Bench(options=run.options, units=run.units, growth=run.growth, stack=stack, network=made, idle_mib=idle)


async def _idle_memory(stack: Stack) -> Mapping[str, int]:
    await asyncio.sleep(SETTLED_S)
    return stack.memory_mib()
