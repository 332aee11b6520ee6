"""What breaks first when a network grows, at how many accounts, and what whoever runs it does about it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bench.demand import VALKEY_NODE_BYTES, Need, need_of
from bench.shape import Shape
from bench.units import Units
from linnet.features.timelines.homes import BUCKETS
from linnet.features.timelines.strategy import Thresholds
from linnet.platform.changes import KEEP_UP_EVERY_S, LOG_LENGTH

CHANGES_EACH = 5.0
"""Changes told to every process for each post: favourites, reblogs, edits, follows, profiles."""

LOG_CALLS_S_MAX = 100_000.0
"""Calls of a second on one key of one Valkey node (decision 0007)."""

MACHINE_CORES = 64
POSTGRES_BYTES_MAX = 4 * 2**40
WAL_BYTES_S_MAX = 200e6
LINK_BITS_S = 25e9
LARGEST_S = 2.0
"""The largest author's post is in every home after so long, with one worker."""

ACCOUNTS_MIN, ACCOUNTS_MAX = 100, 5_000_000_000
GIB = 2**30


@dataclass(frozen=True)
class Limit:
    """Something that is enough up to a point."""

    name: str
    most: str
    """The point, in words."""
    load: Callable[[Need, Units], float]
    """How much of it is used; beyond 1 it is too little."""
    remedy: str


LIMITS = (
    Limit(
        "One API process",
        "one core, 60 % busy",
        lambda need, _: need.api_cores,
        "`LINNET_API_PROCESSES`: one for each core; then more machines with `linnet api` behind the proxy. "
        "They share nothing but the engines.",
    ),
    Limit(
        "One worker",
        "one core, 60 % busy",
        lambda need, _: need.worker_cores,
        "`LINNET_WORKER_PROCESSES`, then `linnet worker` on more machines: they take jobs from one queue.",
    ),
    Limit(
        "One machine",
        f"{MACHINE_CORES} cores for everything",
        lambda need, _: need.cores / MACHINE_CORES,
        "Engines of your own on machines of their own (`LINNET_DATABASE_URL`, `LINNET_VALKEY_URL`), and on the others "
        "one API process for each core.",
    ),
    Limit(
        "One Valkey: CPU",
        "one core, 60 % busy",
        lambda need, _: need.valkey_cores,
        "Valkey Cluster. Homes are spread by the hash tags in their keys.",
    ),
    Limit(
        "One Valkey: memory",
        f"{VALKEY_NODE_BYTES // GIB} GiB",
        lambda need, _: need.valkey_bytes / VALKEY_NODE_BYTES,
        "Valkey Cluster, or fewer days until an unread home is forgotten: it is made anew from PostgreSQL.",
    ),
    Limit(
        "Valkey Cluster",
        f"{BUCKETS} nodes, for homes have {BUCKETS} hash tags",
        lambda need, _: need.valkey_shards / BUCKETS,
        "More buckets (`BUCKETS` in `timelines/homes.py`): homes are made anew as people come, so it is a release and "
        "a slow hour.",
    ),
    Limit(
        "PostgreSQL: CPU for reads",
        f"{MACHINE_CORES} cores",
        lambda need, _: (need.postgres_cores - need.writing_cores) / MACHINE_CORES,
        "Streaming replicas (`LINNET_DATABASE_REPLICA_URLS`): the first reads of a sitting and rebuilt homes go there.",
    ),
    Limit(
        "PostgreSQL: CPU for writes",
        f"{MACHINE_CORES} cores",
        lambda need, _: need.writing_cores / MACHINE_CORES,
        "Citus, with the keys below: replicas do not help those who write.",
    ),
    Limit(
        "PostgreSQL: size",
        "4 TiB",
        lambda need, _: need.postgres_bytes / POSTGRES_BYTES_MAX,
        "Citus; before that, partitions of `statuses` by id (ids grow with time), old ones on slower disks.",
    ),
    Limit(
        "PostgreSQL: log of writes",
        "200 MB/s",
        lambda need, _: need.wal_bytes_s / WAL_BYTES_S_MAX,
        "Citus: each node writes its own log.",
    ),
    Limit(
        "Log of changes: asked by each request",
        f"{LOG_CALLS_S_MAX:,.0f} calls/s on one key",
        lambda need, _: need.work.reads / LOG_CALLS_S_MAX,
        "Cells: API processes in groups, each with a Valkey for its own copy of the log, which a relay keeps. "
        "Not built yet.",
    ),
    Limit(
        "Log of changes: told by all",
        f"{LOG_LENGTH / KEEP_UP_EVERY_S:,.0f} changes/s",
        lambda need, _: need.work.posts * CHANGES_EACH / (LOG_LENGTH / KEEP_UP_EVERY_S),
        "A longer log (`LOG_LENGTH`) first; then one for each hash bucket of accounts, of which a process reads those "
        "of its viewers. Not built yet.",
    ),
    Limit(
        "The largest author's post",
        f"in all homes within {LARGEST_S:.0f} s by one worker",
        lambda need, units: need.work.largest * units.delivery_worker_us / 1e6 / LARGEST_S,
        "Nothing, while the thresholds hold: such authors are merged at read. Else lower `LINNET_PULL_FOLLOWERS`.",
    ),
    Limit(
        "One network link",
        "25 Gbit/s of pages",
        lambda need, _: need.network_bits_s / LINK_BITS_S,
        "More proxies; pages compress about fivefold there.",
    ),
)


def accounts_at(limit: Limit, shape: Shape, thresholds: Thresholds, units: Units) -> int | None:
    """The number of accounts at which a limit is reached; None when it is beyond five billion."""

    def load(accounts: float) -> float:
        return limit.load(need_of(replace(shape, accounts=round(accounts)), thresholds, units), units)

    low, high = float(ACCOUNTS_MIN), float(ACCOUNTS_MAX)
    if load(high) < 1:
        return None
    for _ in range(40):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if load(middle) < 1 else (low, middle)
    return round(high)
