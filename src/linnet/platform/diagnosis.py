"""Plain facts about PostgreSQL and Valkey, for `linnet doctor` to judge."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from linnet.platform.postgres import Queries
from linnet.platform.valkey import Valkey
from linnet.platform.valkey_slots import Shard


@dataclass(frozen=True, slots=True)
class PostgresFacts:
    """What one PostgreSQL says of itself."""

    version: int
    """The major version, as 18."""
    encoding: str
    knows_letters: bool
    """Whether letters beyond ASCII can be found by pg_trgm, which depends on the database's locale."""
    connections_max: int
    connections_used: int
    clock_ahead_s: float
    """How far its clock is ahead of this machine's; half the round trip may be wrong."""
    is_replica: bool


async def facts_of_postgres(db: Queries) -> PostgresFacts:
    """Ask PostgreSQL. Two small statements; pg_trgm may be missing, which is then found under `knows_letters`."""
    asked_at = datetime.now(UTC)
    row = await db.row(
        """
        select current_setting('server_version_num')::int / 10000 as version,
            current_setting('server_encoding') as encoding,
            current_setting('max_connections')::int as connections_max,
            (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as connections_used,
            clock_timestamp() as now, pg_is_in_recovery() as is_replica,
            exists (select from pg_extension where extname = 'pg_trgm') as has_trgm
        """
    )
    assert row is not None
    halfway = asked_at + (datetime.now(UTC) - asked_at) / 2
    knows_letters = row["has_trgm"] and await db.value(
        "select lower('ÉÖЖ') = 'éöж' and cardinality(show_trgm('жук')) > 0 and similarity('Ärger', 'ärger') = 1"
    )
    return PostgresFacts(
        version=row["version"],
        encoding=row["encoding"],
        knows_letters=bool(knows_letters),
        connections_max=row["connections_max"],
        connections_used=row["connections_used"],
        clock_ahead_s=(row["now"] - halfway).total_seconds(),
        is_replica=row["is_replica"],
    )


@dataclass(frozen=True, slots=True)
class ValkeyFacts:
    """What one Valkey says of itself."""

    name: str
    version: tuple[int, ...]
    memory_max_bytes: int
    """0: no limit."""
    eviction: str
    shards: Sequence[Shard] | None
    """Of a cluster; None, if it is a single server."""


async def facts_of_valkey(valkey: Valkey) -> ValkeyFacts:
    """Ask Valkey, or what claims to be one; `EngineDown` when nobody answers."""
    told = await valkey.told_of_itself()
    is_valkey = "valkey_version" in told
    version = told["valkey_version" if is_valkey else "redis_version"]
    return ValkeyFacts(
        name="Valkey" if is_valkey else "Redis",
        version=tuple(int(number) for number in re.findall(r"\d+", version)[:3]),
        memory_max_bytes=int(told.get("maxmemory", "0")),
        eviction=told.get("maxmemory_policy", ""),
        shards=await valkey.shards() if told.get("cluster_enabled") == "1" else None,
    )
