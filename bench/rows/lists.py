"""Other lists, warm, over 16 connections, by readers at random.

The public timeline (everybody has the same page, in front of them), the statuses of one of the even authors (about 20
each), and a thread of one post and 30 replies.
"""

import random

from bench.client import drive, get
from bench.measuring import CONNECTIONS, Bench, Row, anyone, progress

REQUESTS = 4_000
"""Prepared requests for each row, drawn from at random."""


async def measure(bench: Bench) -> list[Row]:
    """One row for each kind of list."""
    progress("public timeline, accounts' statuses, threads")
    network, chance = bench.network, random.Random(5)
    authors = [network.account_ids[place] for place in network.even_places]
    paths = {
        "public timeline": lambda: "/api/v1/timelines/public?limit=20",
        "statuses of an account": lambda: f"/api/v1/accounts/{chance.choice(authors)}/statuses?limit=20",
        "context of a status, 30 replies": lambda: f"/api/v1/statuses/{chance.choice(network.root_ids)}/context",
    }
    rows: list[Row] = []
    for what, path in paths.items():
        requests = [get(path(), chance.choice(network.tokens)) for _ in range(REQUESTS)]
        await drive(bench.stack.port, CONNECTIONS, 1.0, anyone(requests, 1))
        run = drive(bench.stack.port, CONNECTIONS, bench.options.seconds / 2, anyone(requests, 2))
        rows.append(await bench.measure(what, run))
    return rows
