"""Whether each replica of PostgreSQL can be read from."""

import asyncio
import time
from typing import Final

from linnet.cli.checks import Finding, ok, warn
from linnet.platform.replicas import Replicas

SETTLING_S: Final = 1.0
"""Between two looks, in which a sound replica replays what the first one saw of the primary."""

_ADVICE: Final = (
    "Nobody notices: the primary is asked instead. See the replica's log, its role and pg_hba.conf, and on the primary "
    "pg_stat_replication."
)


async def replicas(watched: Replicas) -> list[Finding]:
    """A finding for each replica; none without replicas."""
    if not watched:
        return []
    await watched.look()
    await asyncio.sleep(SETTLING_S)
    await watched.look()
    now_s = time.monotonic()
    return [
        warn(f"replica {one.name}", one.problem, _ADVICE)
        if one.problem
        else ok(f"replica {one.name}", f"at most {now_s - one.as_of_s:.1f} s behind")
        for one in watched.all
    ]
