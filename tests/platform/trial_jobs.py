"""Jobs to try the queue with, and a worker of them for a process of its own."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from linnet.platform.bus import Bus
from linnet.platform.changes import Changes
from linnet.platform.clock import SystemClock
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job, Work
from linnet.platform.jobs.worker import Worker
from linnet.platform.postgres import Database
from linnet.platform.valkey import Valkey


async def until(true: Callable[[], Awaitable[bool]], within_s: float = 10.0) -> None:
    """Wait for something that another process does soon."""
    async with asyncio.timeout(within_s):
        while not await true():  # noqa: ASYNC110 -- it happens elsewhere, where no event can be set
            await asyncio.sleep(0.02)


class Note(Work, frozen=True):
    """Something for a job to write down."""

    text: str = ""


async def note(engines: Engines, works: Sequence[Note]) -> None:
    await engines.db.execute("insert into notes (note) select unnest($1::text[])", [work.text for work in works])


async def note_slowly(engines: Engines, works: Sequence[Note]) -> None:
    await engines.db.execute("insert into notes (note) select unnest($1::text[])", [f"began {w.text}" for w in works])
    await asyncio.sleep(0.5)
    await note(engines, works)


async def die(_: Engines, __: Sequence[Note]) -> None:
    await asyncio.sleep(0.1)  # the innocent of the same queue are in hand by now
    os.kill(os.getpid(), signal.SIGKILL)


NOTE = Job("trial.note", Note, note)
NOTE_SLOWLY = Job("trial.note_slowly", Note, note_slowly, queue="slow", batch_max=1)
DIE = Job("trial.die", Note, die)


@asynccontextmanager
async def open_trial(servers: EmbeddedEngines) -> AsyncGenerator[Engines]:
    """Engines on these servers, with the table `notes` that the jobs write to."""
    db = await Database.connect(servers.database_url)
    valkey = Valkey.connect(servers.valkey_url)
    await db.execute("create table notes (id bigint generated always as identity primary key, note text not null)")
    yield Engines(db, valkey, Bus(valkey), Changes(valkey), SystemClock(), reactions={})
    await db.execute("drop table notes")
    await db.close()
    await valkey.close()


def work(database_url: str, valkey_url: str) -> None:
    """Run jobs until SIGTERM."""
    asyncio.run(_work(database_url, valkey_url))


async def _work(database_url: str, valkey_url: str) -> None:
    valkey = Valkey.connect(valkey_url)
    engines = Engines(
        await Database.connect(database_url), valkey, Bus(valkey), Changes(valkey), SystemClock(), reactions={}
    )
    worker = Worker(engines, [NOTE, NOTE_SLOWLY, DIE], slots=2)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
    await worker.run()
