"""Checks of PostgreSQL, Valkey, the schema, the clocks and the queue."""

from collections.abc import AsyncGenerator, Sequence

from linnet.cli.checks import Finding, fail, ok, warn
from linnet.platform.diagnosis import PostgresFacts, facts_of_postgres, facts_of_valkey
from linnet.platform.embedded import NOTICE
from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown
from linnet.platform.jobs import admin
from linnet.platform.jobs.admin import Depth
from linnet.platform.migrations import MigrationError, missing
from linnet.platform.valkey_slots import SLOTS, Shard
from linnet.settings import Settings

POSTGRES_MIN = 15
VALKEY_MIN = 8
CLOCK_WARN_S = 1.0
CLOCK_FAIL_S = 30.0
"""Beyond that tokens seem to come from the future and timelines lose their order."""

LAG_WARN_S = 60.0
LAG_FAIL_S = 600.0


async def engines(settings: Settings, at_hand: Engines, *, served: bool) -> AsyncGenerator[Finding]:
    """Every check of the engines, in the order of the report. `served`: a server is meant to be running on them."""
    if not (settings.database_url and settings.valkey_url):
        yield (
            warn("embedded engines", "in use", NOTICE)
            if not _is_private(settings)
            else ok("embedded engines", "in use, for one machine")
        )
    try:
        facts = await facts_of_postgres(at_hand.db)
    except EngineDown:
        yield fail("PostgreSQL", "does not answer", "Start it, or check LINNET_DATABASE_URL, its network and password.")
    else:
        for finding in _postgres(facts, settings):
            yield finding
        async for finding in _schema_and_queue(at_hand, served=served):
            yield finding
    yield await valkey_finding(at_hand)


def _is_private(settings: Settings) -> bool:
    return not settings.public_url.startswith("https://")


def _postgres(facts: PostgresFacts, settings: Settings) -> list[Finding]:
    found: list[Finding] = []
    if facts.version < POSTGRES_MIN:
        found.append(
            fail("PostgreSQL", f"version {facts.version}", f"Linnet needs PostgreSQL {POSTGRES_MIN} or newer.")
        )
    elif facts.is_replica:
        found.append(fail("PostgreSQL", "a read replica", "Point LINNET_DATABASE_URL at the primary server."))
    else:
        found.append(ok("PostgreSQL", f"version {facts.version}"))
    if facts.encoding != "UTF8":
        found.append(fail("encoding", facts.encoding, "Make the database anew: createdb --encoding=UTF8"))
    if facts.knows_letters:
        found.append(ok("letters", "pg_trgm finds words in every script"))
    else:
        advice = (
            "Make the database anew with a UTF-8 locale, such as --locale=C.UTF-8, after `create extension pg_trgm`."
        )
        found.append(fail("letters", "search would find ASCII words only", advice))
    needed = settings.database_connections
    free = facts.connections_max - facts.connections_used
    connections = f"{facts.connections_used} of {facts.connections_max} connections in use"
    if free < needed:
        advice = "Raise max_connections, put a pooler in between, or lower LINNET_DATABASE_CONNECTIONS."
        found.append(warn("connections", connections, advice))
    else:
        found.append(ok("connections", connections))
    found.append(_clock(facts.clock_ahead_s))
    return found


def _clock(ahead_s: float) -> Finding:
    found = f"PostgreSQL is {abs(ahead_s):.1f} s {'ahead' if ahead_s > 0 else 'behind'}"
    advice = "Let both machines follow the same time server (chrony, systemd-timesyncd)."
    if abs(ahead_s) > CLOCK_FAIL_S:
        return fail("clocks", found, advice)
    if abs(ahead_s) > CLOCK_WARN_S:
        return warn("clocks", found, advice)
    return ok("clocks", "agree")


async def _schema_and_queue(at_hand: Engines, *, served: bool) -> AsyncGenerator[Finding]:
    try:
        lacking = await missing(at_hand.db)
    except MigrationError as error:
        yield fail("schema", "cannot be compared", error.message)
        return
    if any("_pre_" in name for name in lacking):
        yield fail("schema", f"lacks {', '.join(lacking)}", "Run `linnet migrate`.")
        return
    if lacking:
        yield warn("schema", f"lacks {', '.join(lacking)}", "Run `linnet migrate` once no older version runs any more.")
    else:
        yield ok("schema", "up to date")
    for finding in _queue(await admin.depths(at_hand.db), served=served):
        yield finding


def _queue(depths: Sequence[Depth], *, served: bool) -> list[Finding]:
    waiting = [depth for depth in depths if depth.state == "ready"]
    dead = [depth for depth in depths if depth.state == "dead"]
    found: list[Finding] = []
    lag_s = max((depth.oldest_s for depth in waiting), default=0.0)
    words = f"{sum(depth.jobs for depth in waiting)} jobs wait, the oldest for {lag_s:.0f} s"
    advice = "Are workers running? Look at their logs, or start more: LINNET_WORKER_PROCESSES, `linnet worker`."
    if not served or lag_s < LAG_WARN_S:
        found.append(ok("queue", words if waiting else "empty"))
    elif lag_s < LAG_FAIL_S:
        found.append(warn("queue", words, advice))
    else:
        found.append(fail("queue", words, advice))
    if dead:
        kinds = ", ".join(f"{depth.jobs} × {depth.name}" for depth in dead)
        advice = "`linnet jobs list` says why they failed; then `linnet jobs retry` or `linnet jobs drop`."
        found.append(warn("dead jobs", kinds, advice))
    else:
        found.append(ok("dead jobs", "none"))
    return found


async def valkey_finding(at_hand: Engines) -> Finding:
    """How Valkey is."""
    try:
        facts = await facts_of_valkey(at_hand.valkey)
    except EngineDown:
        return fail("Valkey", "does not answer", "Start it, or check LINNET_VALKEY_URL, its network and password.")
    version = ".".join(map(str, facts.version))
    if facts.name != "Valkey":
        return warn("Valkey", f"this is {facts.name} {version}", f"Linnet is tested with Valkey {VALKEY_MIN} or newer.")
    if facts.version[0] < VALKEY_MIN:
        return fail("Valkey", f"version {version}", f"Linnet needs Valkey {VALKEY_MIN} or newer.")
    if facts.memory_max_bytes and facts.eviction == "noeviction":
        advice = "Set maxmemory-policy to volatile-lru: everything Linnet keeps there can be made anew."
        return warn("Valkey", f"version {version}, refuses writes when its memory is full", advice)
    return ok("Valkey", f"version {version}") if facts.shards is None else _cluster(version, facts.shards)


def _cluster(version: str, shards: Sequence[Shard]) -> Finding:
    masters = sum(len(shard.masters) for shard in shards)
    replicas = sum(len(shard.replicas) for shard in shards)
    found = f"version {version}, a cluster of {masters} masters and {replicas} replicas"
    served = sum(shard.slots for shard in shards if shard.masters)
    if served < SLOTS:
        advice = (
            "Start the masters that are down, or give their slots away: homes there come from PostgreSQL meanwhile."
        )
        return fail("Valkey", f"{found}, which serve {served} of {SLOTS} slots", advice)
    alone = [shard.masters[0] for shard in shards if not shard.replicas]
    if alone:
        advice = "Give it one: when it dies, what it has is made anew from PostgreSQL, and its slots wait for it."
        return warn("Valkey", f"{found}; none follows {', '.join(alone)}", advice)
    return ok("Valkey", found)
