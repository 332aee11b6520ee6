"""Posts of the largest authors: how long until the last follower who is about has one, and what others notice of it.

One author has 100,000 followers, another a million; three in ten of a million were here within two weeks and have a
home in Valkey, and all of the 100,000. Each posts a few times while readers who follow neither read their homes at a
fixed rate (half of what this server can), and an ordinary author posts to 150 followers. Sixteen of the last followers
that fan-out comes to, each with a home read before, ask for it over HTTP until the post is in it, one after the other:
the time until all have it is the row's. The server's own strategy decides how it gets there.
"""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field, replace

from bench.client import Connection, Measured, drive, drive_at, get, post_status
from bench.measuring import CONNECTIONS, HOME, Bench, Row, Run, anyone, progress, row
from bench.rows.deliveries import load_homes
from bench.rows.posts import delivered
from bench.seeing import GIVEN_UP_S, until_in_home
from bench.server import plan_of, serving
from linnet.platform.valkey import Valkey

WATCHERS = 16
POSTS = 5
PAUSE_S = 1.0
LONGEST_S = POSTS * (PAUSE_S + 2 * GIVEN_UP_S)
SHARE = 0.5
POLL_S = 0.005
HOME_ENTRIES = 20
GOALS_S = {100_000: 1.0, 1_000_000: 2.0}
GOAL_OTHERS = 1.2
GOAL_DELAY_MS = 100.0


@dataclass
class _Seen:
    """Seconds until the last watcher had each post, and until an ordinary follower had the ordinary post beside it."""

    star_s: list[float] = field(default_factory=list[float])
    ordinary_s: list[float] = field(default_factory=list[float])
    missing: int = 0


async def measure(run: Run) -> list[Row]:
    """A row of calm reads, and three for each large author."""
    options = run.options
    stars = options.stars
    people = options.readers * 2 + max(stars) + len(stars)
    base = plan_of(replace(options, people=people, posts=20_000, follows_others=0, graph=None))
    plan = replace(base, stars=stars, active_share=max(options.active_share, min(stars) / people), threads=0)
    rows: list[Row] = []
    async with serving(run, plan) as large:
        await _give_homes(large)
        await large.warm()
        requests = large.home_requests()
        fast = await drive(large.stack.port, CONNECTIONS, options.seconds / 2, anyone(requests, 1))
        rate = fast.rate * SHARE
        calm = await drive_at(large.stack.port, rate, options.seconds, anyone(requests, 2))
        rows.append(row(f"others' homes at {rate:,.0f}/s, nobody posts", calm, Counter()))
        for place, followers in zip(large.network.star_places, stars, strict=True):
            progress(f"posts to {followers:,} followers")
            seen, others = await _posts_of(large, place, followers, rate)
            after = await drive_at(large.stack.port, rate, options.seconds, anyone(requests, 4))
            rows += _rows(followers, seen, others, (calm, after))
            calm = after
    return rows


async def _give_homes(bench: Bench) -> None:
    """A home in Valkey for everybody who was here lately, as if they had read it."""
    network = bench.network
    progress(f"{len(network.active_places):,} homes")
    valkey = Valkey.connect(bench.stack.engines.valkey_url)
    await load_homes(
        valkey, [network.account_ids[place] for place in network.active_places], HOME_ENTRIES, HOME_ENTRIES
    )
    await valkey.close()


async def _posts_of(bench: Bench, star: int, followers: int, rate: float) -> tuple[_Seen, Measured]:
    """What who follows saw of a star's posts, and what others' homes took meanwhile."""
    watchers = _last_active(bench, followers)
    await _read_once(bench, watchers)
    seen, requests = _Seen(), bench.home_requests()
    posting = asyncio.create_task(_post(bench, star, watchers, seen))
    others = await drive_at(bench.stack.port, rate, LONGEST_S, anyone(requests, 3), until=posting)
    await posting
    await delivered(bench)
    return seen, others


def _rows(followers: int, seen: _Seen, others: Measured, around: tuple[Measured, Measured]) -> list[Row]:
    """Three rows. Others are held against the calm just before and just after, whose own difference is told as well."""
    arrived = Measured(1.0, seen.star_s, failures=seen.missing)
    beside = Measured(1.0, seen.ordinary_s)
    calm = Measured()
    for one in around:
        calm.add(one)
    moved = others.quantile_ms(0.99) / calm.quantile_ms(0.99)
    before_ms, after_ms = (one.quantile_ms(0.99) for one in around)
    told = f"p99 {moved:.2f} of the calm around it ({before_ms:.1f} ms before, {after_ms:.1f} after)"
    goal_s = GOALS_S.get(followers)
    none = Counter[str]()
    last = row(f"a post to {followers:,} followers, until the last active has it", arrived, none)
    meanwhile = row("… others' homes meanwhile, same rate", others, none, told)
    ordinary = row("… a post to 150 followers beside it, until seen", beside, none)
    return [
        replace(
            last,
            rate=None,
            goal=f"≤ {goal_s:.0f} s" if goal_s else "",
            met=not seen.missing and max(seen.star_s) <= goal_s if goal_s else None,
            notes=f"{last.notes}{len(seen.star_s)} posts",
        ),
        replace(meanwhile, goal=f"p99 ≤ {GOAL_OTHERS} ×", met=moved <= GOAL_OTHERS),
        replace(
            ordinary, rate=None, goal=f"≤ {GOAL_DELAY_MS:.0f} ms more", met=(beside.quantile_ms(1)) <= GOAL_DELAY_MS
        ),
    ]


def _last_active(bench: Bench, followers: int) -> list[int]:
    """Places of the last of a star's followers who were here lately."""
    readers = bench.network.plan.readers
    ends = min(readers + followers, bench.network.active_places.stop)
    return list(range(ends - WATCHERS, ends))


async def _read_once(bench: Bench, places: list[int]) -> None:
    connection = await Connection.open(bench.stack.port)
    for place in places:
        status, _ = await connection.ask(get(HOME, bench.network.token(place)))
        assert status == 200, "who follows a star may read"
    connection.close()


async def _post(bench: Bench, star: int, watchers: list[int], seen: _Seen) -> None:
    """Let the star post now and then, and an ordinary author right after; wait until those who watch have both."""
    connection = await Connection.open(bench.stack.port)
    valkey = Valkey.connect(bench.stack.engines.valkey_url)
    network = bench.network
    authors = [network.even_places[number % len(network.even_places)] for number in range(POSTS)]
    followers = [await _follower_of(bench, author) for author in authors]
    for number, (author, follower) in enumerate(zip(authors, followers, strict=True)):
        await asyncio.sleep(PAUSE_S)
        began = time.perf_counter()
        status_id = await _posted(connection, network.token(star), f"star {number}")
        ordinary_id = await _posted(connection, network.token(author), f"ordinary {number}")
        waiting = asyncio.create_task(until_in_home(valkey, follower, ordinary_id))
        took = await _until_all(bench, watchers, status_id, began)
        waited = await waiting
        if took is None or waited is None:
            seen.missing += 1
        else:
            seen.star_s.append(took)
            seen.ordinary_s.append(waited)
    connection.close()
    await valkey.close()


async def _posted(connection: Connection, token: str, text: str) -> int:
    status, body = await connection.ask(post_status(text, token))
    assert status == 200, body
    return int(body.split(b'"id":"', 1)[1].split(b'"', 1)[0])


async def _follower_of(bench: Bench, author: int) -> int:
    connection = await bench.connect()
    follower: int = await connection.fetchval(
        "select max(account_id) from follows where target_id = $1", bench.network.account_ids[author]
    )
    await connection.close()
    return follower


async def _until_all(bench: Bench, watchers: list[int], status_id: int, began: float) -> float | None:
    """Seconds since `began` until each watcher's home shows the status; None when one's does not for long."""
    connection = await Connection.open(bench.stack.port)
    wanted = b'"id":"%d"' % status_id
    try:
        for place in watchers:
            request = get(HOME, bench.network.token(place))
            while wanted not in (await connection.ask(request))[1]:
                if time.perf_counter() - began > GIVEN_UP_S:
                    return None
                await asyncio.sleep(POLL_S)
        return time.perf_counter() - began
    finally:
        connection.close()
