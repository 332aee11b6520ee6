"""What it costs readers to merge authors who are not pushed to them: CPU of a warm read by how many they follow.

Even authors are marked as merged, so many that each reader follows none, one, or ten of them. The differences are the
price of the first merged author and of each further one: with it the capacity model weighs pulling against pushing.
"""

import asyncio

from bench.client import drive
from bench.measuring import CONNECTIONS, Bench, Row, anyone, progress

STEPS = (0, 1, 10)
NOTICED_S = 2.0
"""After so long every process knows of new merged authors."""


async def measure(bench: Bench) -> list[Row]:
    """One row for each number of merged authors; the database is afterwards as before."""
    progress("merging authors at read")
    await bench.warm()
    connection = await bench.connect()
    had = await connection.fetch("select account_id from merged_authors")
    requests, rows = bench.fresh_requests(), list[Row]()
    plan = bench.network.plan
    for number in STEPS:
        wanted = min(round(number * plan.readers / plan.even_followers), plan.even_authors)
        marked = [bench.network.account_ids[place] for place in bench.network.even_places[:wanted]]
        await connection.execute("insert into merged_authors (account_id) select unnest($1::bigint[])", marked)
        await asyncio.sleep(NOTICED_S)
        await drive(bench.stack.port, CONNECTIONS, 1.0, anyone(requests, 1))
        run = drive(bench.stack.port, CONNECTIONS, bench.options.seconds / 2, anyone(requests, 2))
        rows.append(await bench.measure(f"home, warm, {number} merged author{'s' * (number != 1)}", run))
        await connection.execute("delete from merged_authors where account_id = any($1)", marked)
    assert await connection.fetch("select account_id from merged_authors") == had
    await connection.close()
    for kind in ("api", "postgres", "valkey"):
        none, one, ten = (found.cpu_ms.get(kind, 0.0) for found in rows)
        bench.units[f"merge_first_{kind}_ms"] = max(one - none, 0.0)
        bench.units[f"merge_next_{kind}_ms"] = max((ten - one) / (STEPS[2] - STEPS[1]), 0.0)
    return rows
