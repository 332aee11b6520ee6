"""Whether the time of a failed sign-in tells if a name exists: `python -m bench.login_timing`.

Each sign-in has a wrong password, a name of its own and an address of its own, known and unknown names in random order
over one connection. A cheap password hash (`--cost`) makes every other difference easier to see, so that the test is
harder than with the default cost. A p below 0.05 comes by chance once in twenty runs.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import asyncpg
import uvloop

from bench import network
from bench.client import Connection
from bench.network import Plan
from bench.ranks import p_value
from bench.stack import machine, running
from linnet.features.accounts.passwords import PasswordRules, hash_password

P_MIN = 0.05
WARM_UP = 100


def main() -> None:
    """Parse how much to measure, run it, print the table; exit 1 when the two can be told apart."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--logins", type=int, default=2000)
    parser.add_argument("--cost", type=int, default=6, help="bcrypt cost")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    sys.exit(uvloop.run(measure(parser.parse_args())))


async def measure(options: argparse.Namespace) -> int:
    """The whole bench; the exit code."""
    cores = sorted(os.sched_getaffinity(0))
    settings = {"LINNET_TRUSTED_PROXIES": "127.0.0.0/8", "LINNET_BCRYPT_COST": str(options.cost)}
    with (
        tempfile.TemporaryDirectory(prefix="linnet-bench-") as folder,
        running(Path(folder), cores[0], **settings) as stack,
    ):
        os.sched_setaffinity(0, {cores[-1]})
        await stack.until_ready()
        engines = stack.engines
        known = await _people(engines.database_url, options.logins // 2 + WARM_UP, options.cost)
        chance = random.Random(options.seed)
        unknown = [f"{name[:24]}x{chance.randrange(1000, 9999)}" for name in known]
        connection = await Connection.open(stack.port)
        for name in (*known[:WARM_UP], *unknown[:WARM_UP]):
            await connection.ask(_login(name, chance))
        order = [(name, True) for name in known[WARM_UP:]] + [(name, False) for name in unknown[WARM_UP:]]
        chance.shuffle(order)
        times_ms: dict[bool, list[float]] = {True: [], False: []}
        answers: dict[bool, set[tuple[int, bytes]]] = {True: set(), False: set()}
        for name, is_known in order:
            request = _login(name, chance)
            began = time.perf_counter()
            answer = await connection.ask(request)
            times_ms[is_known].append((time.perf_counter() - began) * 1000)
            answers[is_known].add(answer)
        connection.close()
    return _report(options, times_ms, answers, len(cores))


async def _people(database_url: str, number: int, cost: int) -> list[str]:
    """User names of people who have one password, which nobody here will guess."""
    plan = Plan(people=number, readers=1, follows_others=1, posts=0)
    await network.build(database_url, plan, progress=lambda _: None)
    database = await asyncpg.connect(database_url)
    hash_ = await hash_password(PasswordRules(cost=cost), "the right one, which nobody types")
    await database.execute("update users set password_hash = $1", hash_)
    rows = await database.fetch("select username from accounts order by id")
    await database.close()
    return [row["username"] for row in rows]


def _login(name: str, chance: random.Random) -> bytes:
    address = ".".join(str(chance.randrange(1, 255)) for _ in range(4))
    body = b'{"identifier":"%s","password":"wrong-password-%d"}' % (name.encode(), chance.randrange(10**6))
    head = (
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"X-Forwarded-For: {address}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _report(
    options: argparse.Namespace,
    times_ms: dict[bool, list[float]],
    answers: dict[bool, set[tuple[int, bytes]]],
    cores: int,
) -> int:
    p = p_value(times_ms[True], times_ms[False])
    same = answers[True] == answers[False]
    print(f"\n{machine(cores)}\n\n{options.logins:,} failed sign-ins, bcrypt cost {options.cost}\n")
    print("| name | median ms | p10 ms | p90 ms | answers |\n|---|--:|--:|--:|---|")
    for is_known, label in ((True, "known"), (False, "unknown")):
        ordered = sorted(times_ms[is_known])
        low, high = ordered[len(ordered) // 10], ordered[len(ordered) * 9 // 10]
        statuses = ", ".join(sorted({str(status) for status, _ in answers[is_known]}))
        print(f"| {label} | {median(ordered):.3f} | {low:.3f} | {high:.3f} | {statuses} |")
    print(f"\nrank test: p = {p:.3f} ({'cannot' if p > P_MIN else 'CAN'} be told apart)")
    print(f"answers: {'the same' if same else 'NOT the same'}")
    return 0 if same and p > P_MIN else 1


if __name__ == "__main__":
    main()
