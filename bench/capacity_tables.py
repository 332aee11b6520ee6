"""The capacity model's tables, in Markdown: what `bench.capacity` prints and puts into the pages."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bench import thresholds
from bench.demand import PUSH_ONLY, Need, cost, merging_ms, need_of
from bench.limits import LIMITS, accounts_at
from bench.shape import Shape, tail_of
from bench.thresholds import Derived, derive
from bench.units import Units
from linnet.features.timelines.strategy import Thresholds

SIZES = (10_000, 1_000_000, 100_000_000, 500_000_000)
OURS = Thresholds()
SHAPE = Shape(accounts=SIZES[-1])
STRATEGIES: Mapping[str, Thresholds] = {"push only": PUSH_ONLY, "ours": OURS}
NEVER = PUSH_ONLY.pull_followers
CANDIDATES = (
    (NEVER, NEVER),
    (10_000, 250_000),
    (100_000, 1_000_000),
    (100_000, 100_000),
    (250_000, 250_000),
    (500_000, 500_000),
    (1_000_000, 1_000_000),
    (5_000_000, 5_000_000),
)
"""Thresholds to choose among: hybrid from, pull from."""

KINDS = thresholds.KINDS


def tables(units: Units) -> dict[str, str]:
    """Every table of the pages, by name."""
    return {
        "network": _network(),
        "units": _units(units),
        "needs": _needs(units),
        "compared": _compared(units),
        "breaks": _breaks(units),
        "derived": _derived(units),
        "candidates": _candidates(units),
        "sizes": _sizes(units),
    }


def _network() -> str:
    fan_out = ", ".join(f"{tail_of(replace(SHAPE, accounts=size)).fan_out():.0f}" for size in SIZES)
    return (
        f"Of all accounts {SHAPE.daily_share:.0%} come on a day and {SHAPE.live_share:.0%} within two weeks. Who comes "
        f"reads {SHAPE.reads_day:.0f} pages of home and posts {SHAPE.posts_day:.0f} times that day; the busiest minute "
        f"is {SHAPE.peak:.1f} times the average. Everybody follows {SHAPE.follows_mean:.0f} others on average, the "
        f"largest account is followed by {SHAPE.top_share:.0%} of all, and large accounts post more (as followers "
        f"to the power of {SHAPE.posts_bias}): a post reaches {fan_out} followers on average at the four sizes. Of all "
        f"reads {SHAPE.first_share:.0%} are the first in a minute by somebody whom no API process remembers, and "
        f"{SHAPE.rebuilt_share:.1%} rebuild a home."
    )


def _units(units: Units) -> str:
    names = {"a warm read": "read", "the first read of a sitting": "first", "a read that rebuilds a home": "cold"}
    rows = [_cost_row(what, [cost(units, f"{name}_{kind}_ms") for kind in KINDS]) for what, name in names.items()]
    merging = [cost(units, f"merge_next_{kind}_ms") for kind in KINDS]
    posting = [cost(units, f"post_{kind}_ms") for kind in (*KINDS, "worker")]
    rows += [_cost_row("one more merged author in a read", merging), _cost_row("a post to 150 followers", posting)]
    for what, name in (("a delivery", "delivery"), ("passing by a follower without a home", "passing")):
        valkey, worker = cost(units, f"{name}_valkey_us"), cost(units, f"{name}_worker_us")
        rows.append([what, "", "", f"{valkey:.2f}", f"{worker:.2f}", f"{valkey + worker:.2f}"])
    sizes = (
        f"Bytes: a page {units.page_bytes:,.0f}, a home in Valkey {units.home_bytes:,.0f}, an account "
        f"{units.account_bytes:,.0f}, a follow {units.follow_bytes:,.0f}, a status {units.status_bytes:,.0f}, the log "
        f"of a post {units.post_wal_bytes:,.0f}. An API process takes {units.api_mib:.0f} MiB, a worker "
        f"{units.worker_mib:.0f} MiB."
    )
    return _table(["CPU µs of one core", "API", "PostgreSQL", "Valkey", "worker", "all"], rows) + f"\n\n{sizes}"


def _cost_row(what: str, each_ms: Sequence[float]) -> list[str]:
    cells = [f"{1000 * ms:,.3g}" if ms < 0.1 else f"{1000 * ms:,.0f}" for ms in (*each_ms, sum(each_ms))]
    return [what, *cells[:-1], *[""] * (4 - len(each_ms)), cells[-1]]


def _needs(units: Units) -> str:
    needs = [need_of(replace(SHAPE, accounts=size), OURS, units) for size in SIZES]
    lines = {
        "home reads/s at the peak": [_short(need.work.reads) for need in needs],
        "posts/s at the peak": [_short(need.work.posts) for need in needs],
        "deliveries/s": [_short(need.work.deliveries) for need in needs],
        "cores: API": [_short(need.api_cores) for need in needs],
        "cores: workers": [_short(need.worker_cores) for need in needs],
        "cores: Valkey": [_short(need.valkey_cores) for need in needs],
        "cores: PostgreSQL (for writes)": [f"{_short(n.postgres_cores)} ({_short(n.writing_cores)})" for n in needs],
        "memory: API and workers": [_bytes(need.process_bytes) for need in needs],
        "Valkey: homes": [_bytes(need.valkey_bytes) for need in needs],
        "Valkey: shards, each with a replica": [f"{need.valkey_shards:,}" for need in needs],
        "PostgreSQL: size after a year": [_bytes(need.postgres_bytes) for need in needs],
        "PostgreSQL: log of writes": [f"{_bytes(need.wal_bytes_s)}/s" for need in needs],
        "pages out, uncompressed": [_bits(need.network_bits_s) for need in needs],
    }
    return _table(["accounts", *(f"{size:,}" for size in SIZES)], [[name, *cells] for name, cells in lines.items()])


def _compared(units: Units) -> str:
    rows: list[list[str]] = []
    for size in SIZES:
        for name, used in STRATEGIES.items():
            need = need_of(replace(SHAPE, accounts=size), used, units)
            rows.append([f"{size:,}", name, _short(need.work.deliveries), *_consequences(need, units)])
    return _table(["accounts", "strategy", "deliveries/s", *CONSEQUENCES], rows)


CONSEQUENCES = (
    "worker and Valkey cores", "API cores", "all cores", "merged authors of a reader", "µs they add to a read",
    "one worker's time for the largest pushed post",
)  # fmt: skip


def _consequences(need: Need, units: Units) -> list[str]:
    work = need.work
    merging_us = 1000 * sum(merging_ms(units, kind, work.merged_mean, work.merged_any) for kind in KINDS)
    return [
        _short(need.worker_cores + need.valkey_cores),
        _short(need.api_cores),
        _short(need.cores),
        f"{work.merged_mean:.1f}",
        f"{merging_us:,.0f}",
        _seconds(work.largest * units.delivery_worker_us / 1e6),
    ]


def _breaks(units: Units) -> str:
    reached = [(accounts_at(limit, SHAPE, OURS, units), limit) for limit in LIMITS]
    reached.sort(key=lambda pair: pair[0] or 2**62)
    rows = [
        ["beyond 5 billion" if at is None else f"{_round(at):,}", limit.name, limit.most, limit.remedy]
        for at, limit in reached
    ]
    return _table(["accounts", "what is no longer enough", "which is", "what the operator does"], rows)


def _derived(units: Units) -> str:
    found = derive(SHAPE, units)
    slow = f"followers whose homes one worker reaches in {thresholds.PROMPT_S:.0f} s with half of its time"
    light = f"followers above which merging everybody adds less than {thresholds.MERGING_SHARE:.0%} to a warm read"
    rows = [
        ["pushing one post to one follower (average of who has a home and who has none)", f"{found.push_us:.1f} µs"],
        ["merging one more author into one read", f"{found.merge_us:.1f} µs"],
        ["posts a day above which merging an author is cheaper than pushing", f"{found.crossover_posts_day:.0f}"],
        ["followers from which on pulling costs the least CPU in all", _cheapest(found)],
        [light, f"{_round(found.readers_followers):,}"],
        [slow, f"{_round(found.prompt_followers):,}"],
        ["the defaults (`strategy.py`): hybrid, pull", f"{OURS.hybrid_followers:,}, {OURS.pull_followers:,}"],
    ]
    return _table([f"{SHAPE.accounts:,} accounts", ""], rows)


def _candidates(units: Units) -> str:
    rows: list[list[str]] = []
    for hybrid, pull in CANDIDATES:
        need = need_of(SHAPE, Thresholds(hybrid_followers=hybrid, pull_followers=pull), units)
        rows.append([*(f"{n:,}" if n < NEVER else "never" for n in (hybrid, pull)), *_consequences(need, units)])
    return _table(["hybrid from", "pull from", *CONSEQUENCES], rows)


def _sizes(units: Units) -> str:
    rows: list[list[str]] = []
    for size in SIZES:
        found = derive(replace(SHAPE, accounts=size), units)
        largest = f"{size * SHAPE.top_share:,.0f}"
        rows.append([f"{size:,}", largest, _cheapest(found), f"{_round(found.readers_followers):,}"])
    return _table(["accounts", "followers of the largest", "cheapest to pull from", "readers' bound"], rows)


def _cheapest(found: Derived) -> str:
    return "none" if found.cheapest_followers == float("inf") else f"{_round(found.cheapest_followers):,}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    marks = ["---", *("--:" for _ in heads[1:])]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [heads, marks, *rows])


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def _round(value: float) -> int:
    return int(float(f"{value:.2g}"))


def _bytes(value: float) -> str:
    for unit in ("B", "KiB", "MiB", "GiB"):
        if value < 1024:
            return f"{value:,.3g} {unit}"
        value /= 1024
    return f"{value:,.3g} TiB"


def _bits(value: float) -> str:
    return f"{value / 1e9:,.3g} Gbit/s" if value >= 1e9 else f"{value / 1e6:,.3g} Mbit/s"


def _seconds(value: float) -> str:
    return f"{value:,.0f} s" if value >= 10 else f"{value:.2g} s"
