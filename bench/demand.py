"""What a network on paper needs: unit costs times what people do, by strategy of fan-out."""

from dataclasses import dataclass
from math import ceil, exp

import numpy as np

from bench.shape import Shape, Tail, tail_of
from bench.units import Units
from linnet.features.timelines.strategy import Thresholds

UTILISATION = 0.6
"""Cores are planned to be this busy at the peak: above it waiting grows faster than work."""

VALKEY_NODE_BYTES = 20 * 2**30
"""Memory of one Valkey node that is planned with, so that a replica can be made within minutes."""

VALKEY_OVERHEAD = 1.25
"""Memory taken for a byte kept: the allocator's loss and what is under way."""

EVEN_FOLLOWERS = 150
"""Followers of the posts whose cost was measured as a whole."""

PUSH_ONLY = Thresholds(hybrid_followers=2**62, pull_followers=2**62)


@dataclass(frozen=True)
class Work:
    """What happens in a second of the peak."""

    reads: float
    posts: float
    deliveries: float
    """Ids appended to homes."""
    passings: float
    """Followers without a home that fan-out looked at and passed by."""
    merged_mean: float
    """Merged authors whom an account follows, on average."""
    merged_any: float
    """Share of reads that merge any."""
    largest: float
    """Homes that one post of the largest pushed author is written to."""


@dataclass(frozen=True)
class Need:
    """What that takes: cores planned at `UTILISATION`, bytes, bits a second."""

    work: Work
    api_cores: float
    worker_cores: float
    valkey_cores: float
    postgres_cores: float
    writing_cores: float
    """Of PostgreSQL's, those that only a primary can give."""
    valkey_bytes: float
    postgres_bytes: float
    wal_bytes_s: float
    network_bits_s: float
    process_bytes: float
    """Memory of all API and worker processes."""

    @property
    def cores(self) -> float:
        """All cores together."""
        return self.api_cores + self.worker_cores + self.valkey_cores + self.postgres_cores

    @property
    def valkey_shards(self) -> int:
        """Valkey nodes that hold slots, without their replicas: each works on one core."""
        return max(ceil(self.valkey_cores), ceil(self.valkey_bytes / VALKEY_NODE_BYTES), 1)


def work_of(shape: Shape, thresholds: Thresholds, tail: Tail | None = None) -> Work:
    """What people do, and what fan-out makes of it."""
    tail = tail or tail_of(shape)
    pushed = tail.followers < thresholds.hybrid_followers
    pulled = tail.followers >= thresholds.pull_followers
    written = np.where(pulled, 0.0, tail.followers * shape.live_share)
    looked_at = np.where(pushed, tail.followers * (1 - shape.live_share), 0.0)
    merged = float((tail.authors * tail.followers)[~pushed].sum()) / shape.accounts
    return Work(
        reads=shape.reads_s,
        posts=shape.posts_s,
        deliveries=shape.posts_s * float((tail.post_share * written).sum()),
        passings=shape.posts_s * float((tail.post_share * looked_at).sum()),
        merged_mean=merged,
        merged_any=1 - exp(-merged),
        largest=float(written.max()),
    )


def need_of(shape: Shape, thresholds: Thresholds, units: Units, tail: Tail | None = None) -> Need:
    """What a network needs under these thresholds, with these unit costs."""
    work = work_of(shape, thresholds, tail)
    cpu_ms = {
        "api": _reading(shape, work, units, "api") + work.posts * units.post_api_ms,
        "postgres": _reading(shape, work, units, "postgres") + work.posts * units.post_postgres_ms,
        "valkey": _reading(shape, work, units, "valkey") + _fanning_out(work, units, "valkey"),
        "worker": _fanning_out(work, units, "worker"),
    }
    cores = {kind: spent / 1000 / UTILISATION for kind, spent in cpu_ms.items()}
    statuses = work.posts / shape.peak * 86_400 * shape.kept_days
    processes = ceil(cores["api"]) * units.api_mib + ceil(cores["worker"]) * units.worker_mib
    return Need(
        work=work,
        api_cores=cores["api"],
        worker_cores=cores["worker"],
        valkey_cores=cores["valkey"],
        postgres_cores=cores["postgres"],
        writing_cores=work.posts * units.post_postgres_ms / 1000 / UTILISATION,
        valkey_bytes=shape.accounts * shape.live_share * units.home_bytes * VALKEY_OVERHEAD,
        postgres_bytes=shape.accounts * (units.account_bytes + shape.follows_mean * units.follow_bytes)
        + statuses * units.status_bytes,
        wal_bytes_s=work.posts * units.post_wal_bytes,
        network_bits_s=work.reads * units.page_bytes * 8,
        process_bytes=(processes + units.scheduler_mib) * 2**20,
    )


def merging_ms(units: Units, kind: str, merged_mean: float, merged_any: float) -> float:
    """CPU ms that merging adds to a read on average."""
    first, further = cost(units, f"merge_first_{kind}_ms"), cost(units, f"merge_next_{kind}_ms")
    return merged_any * first + max(merged_mean - merged_any, 0.0) * further


def cost(units: Units, name: str) -> float:
    """A unit cost by its name."""
    value: float = getattr(units, name)
    return value


def _reading(shape: Shape, work: Work, units: Units, kind: str) -> float:
    """CPU ms a second for home reads: warm ones, firsts of a minute, and those that rebuild a home."""
    warm = 1 - shape.first_share - shape.rebuilt_share
    read = (
        warm * cost(units, f"read_{kind}_ms")
        + shape.first_share * cost(units, f"first_{kind}_ms")
        + shape.rebuilt_share * cost(units, f"cold_{kind}_ms")
    )
    return work.reads * (read + merging_ms(units, kind, work.merged_mean, work.merged_any))


def _fanning_out(work: Work, units: Units, kind: str) -> float:
    """CPU ms a second for fan-out: each post's own share, and each follower's."""
    delivery_ms = cost(units, f"delivery_{kind}_us") / 1000
    base_ms = max(cost(units, f"post_{kind}_ms") - EVEN_FOLLOWERS * delivery_ms, 0.0)
    passing_ms = cost(units, f"passing_{kind}_us") / 1000
    return work.posts * base_ms + work.deliveries * delivery_ms + work.passings * passing_ms
