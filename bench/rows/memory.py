"""Memory of each kind of process, idle and under load, and what people and posts take in the engines.

Idle is a server that has just started; under load is after every row that came before. Shared pages are counted once
(PSS). Bytes of a row are those of its tables and indexes, divided by the rows: for an account everything that exists
for somebody who never comes; homes in Valkey are in another row, for who never comes has none.
"""

from collections.abc import Mapping

from bench.measuring import Bench, Row, progress

_ACCOUNT = ("accounts", "users", "account_counters")


async def measure(bench: Bench) -> list[Row]:
    """Rows without rates; notes say it all."""
    progress("memory")
    loaded = bench.stack.memory_mib()
    connection = await bench.connect()
    rows = {
        name: await connection.fetchval(f"select count(*) from {name}") for name in ("accounts", "follows", "statuses")
    }
    size = "select sum(pg_total_relation_size(name::regclass)) from unnest($1::text[]) as name"
    account = float(await connection.fetchval(size, list(_ACCOUNT))) / rows["accounts"]
    follow = float(await connection.fetchval(size, ["follows"])) / max(rows["follows"], 1)
    status = float(await connection.fetchval(size, ["statuses", "status_counters"])) / max(rows["statuses"], 1)
    whole = await connection.fetchval("select pg_database_size(current_database())")
    await connection.close()
    bench.units |= {"account_bytes": account, "follow_bytes": follow, "status_bytes": status}
    bench.units |= {f"{kind}_mib": float(loaded[kind]) for kind in ("api", "worker", "scheduler")}
    return [
        Row("memory, idle, MiB", notes=_named(bench.idle_mib)),
        Row("memory, under load, MiB", notes=_named(loaded)),
        Row("PostgreSQL, bytes of an idle account", notes=f"{account:,.0f} ({', '.join(_ACCOUNT)}, with indexes)"),
        Row("PostgreSQL, bytes of a follow, of a status", notes=f"{follow:,.0f}, {status:,.0f} with indexes"),
        Row("PostgreSQL, whole database", notes=f"{whole / 2**20:,.0f} MiB for {rows['accounts']:,} accounts"),
    ]


def _named(held: Mapping[str, int]) -> str:
    return ", ".join(f"{kind} {mib}" for kind, mib in sorted(held.items()))
