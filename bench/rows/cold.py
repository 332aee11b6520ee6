"""The first read of each person, over 16 connections.

Three states: homes in nobody's memory, as after FLUSHALL (each is filled from PostgreSQL); the API process just
started, with homes in Valkey; and the first reads of a new server, when PostgreSQL's own cache has seen nothing yet.
"""

from dataclasses import replace

from bench.client import drive
from bench.measuring import CONNECTIONS, Bench, Row, progress
from linnet.platform.valkey import Valkey

GOAL_RATE = 600


async def measure(bench: Bench) -> list[Row]:
    """The rows of cold reads; every home is warm afterwards."""
    progress("home, first reads")
    rows: list[Row] = []
    if not bench.is_warm:
        rows.append(await _everybody(bench, "home, first read of each person on a new server"))
        bench.is_warm = True
    valkey = Valkey.connect(bench.stack.engines.valkey_url)
    await valkey.forget_everything()
    await valkey.close()
    await bench.stack.restart_api()
    rows.append(await _everybody(bench, "home, first read of each after FLUSHALL and a new API process"))
    await bench.stack.restart_api()
    rows.append(await _everybody(bench, "home, first read of each after a new API process"))
    for kind in ("api", "postgres", "valkey"):
        bench.units[f"cold_{kind}_ms"] = rows[-2].cpu_ms.get(kind, 0.0)
        bench.units[f"first_{kind}_ms"] = rows[-1].cpu_ms.get(kind, 0.0)
    return rows


async def _everybody(bench: Bench, what: str) -> Row:
    waiting = iter(bench.home_requests())
    found = await bench.measure(what, drive(bench.stack.port, CONNECTIONS, 600, lambda: next(waiting, None)))
    return replace(found, goal=f"≥ {GOAL_RATE}/s", met=(found.rate or 0) >= GOAL_RATE)
