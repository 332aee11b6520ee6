"""What people notice of an attack on passwords: `python -m bench.attack`.

Two attacks, each 200 wrong sign-ins a second for as long as asked: on one account from many addresses, and on many
accounts from one address. Meanwhile others read their homes as fast as they can, and the owner of the attacked account
signs in from a device that was known before. Rate limits by address are off, so that only what guards passwords does.
The whole server is on one core, load and attackers on another.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import uvloop

from bench import network
from bench.client import Connection, Measured, drive, get
from bench.measuring import HOME
from bench.network import Plan
from bench.stack import Stack, machine, running
from linnet.features.accounts.passwords import PasswordRules, hash_password

PASSWORD = "the owner's own pass phrase"
ATTACKERS = 64
"""Connections of the attack: more than can be held up by one another."""

OWNER_EVERY_S = 2.0
OWNER_GIVES_UP = 6
SHARE_MIN = 0.8
"""Home timelines keep at least this part of their throughput."""

CHECKS_MAX = 20
"""An attacker gets fewer real checks of a password per account and hour."""

TRIES_MAX = 2


@dataclass
class Attack:
    """What came of one attack."""

    name: str
    homes: Measured = field(default_factory=Measured)
    calm: Measured = field(default_factory=Measured)
    """Homes just before and just after it."""
    sent: int = 0
    answers: Counter[int] = field(default_factory=Counter[int])
    owner_tries: list[int] = field(default_factory=list[int])
    checks_most: int = 0
    """Real password checks of the account that had most."""


def main() -> None:
    """Parse how hard to attack, run it, print the table; exit 1 when a promise is broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rate", type=float, default=200.0, help="wrong sign-ins a second")
    parser.add_argument("--seconds", type=float, default=15.0, help="length of each measurement")
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--cost", type=int, default=12, help="bcrypt cost")
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
        plan = Plan(people=options.people + 1, readers=options.people, follows=100, posts=6000)
        people = await network.build(engines.database_url, plan, progress=lambda _: None)
        await _give_passwords(engines.database_url, options.cost)
        device = await _known_device(stack)
        chance = random.Random(7)
        names = [f"bench{number}" for number in range(options.people)]
        requests: dict[str, Callable[[], bytes]] = {
            "one account, many addresses": lambda: _login("bench0", "wrong", _address(chance)),
            "many accounts, one address": lambda: _login(chance.choice(names), "wrong", "192.0.2.66"),
        }
        attacks: list[Attack] = []
        await _homes(stack, people, options.seconds, chance)
        before = await _homes(stack, people, options.seconds, chance)
        for name, request in requests.items():
            attack = Attack(name)
            await _attack(stack, people, options, attack, request, device)
            after = await _homes(stack, people, options.seconds, chance)
            attack.calm.add(before)
            attack.calm.add(after)
            attacks.append(attack)
            before = after
    return _report(options, attacks, len(cores))


async def _give_passwords(database_url: str, cost: int) -> None:
    database = await asyncpg.connect(database_url)
    await database.execute(
        "update users set password_hash = $1", await hash_password(PasswordRules(cost=cost), PASSWORD)
    )
    await database.close()


async def _known_device(stack: Stack) -> str:
    """The owner signs in once before the attack; what their device keeps of it."""
    connection = await Connection.open(stack.port)
    status, body = await connection.ask(_login("bench0", PASSWORD, "198.51.100.9"))
    connection.close()
    assert status == 200, body
    return json.loads(body)["device_token"]


async def _homes(stack: Stack, people: network.Network, seconds: float, chance: random.Random) -> Measured:
    requests = [get(HOME, token) for token in people.tokens]
    await drive(stack.port, 16, 2.0, lambda: chance.choice(requests))
    return await drive(stack.port, 16, seconds, lambda: chance.choice(requests))


async def _attack(
    stack: Stack,
    people: network.Network,
    options: argparse.Namespace,
    attack: Attack,
    request: Callable[[], bytes],
    device: str,
) -> None:
    """Attack for the length of the measurement, while homes are read and the owner comes back every few seconds."""
    before = await _checks(stack)
    ends = time.perf_counter() + options.seconds + 2
    attackers = [asyncio.create_task(_attacker(stack, options.rate, ends, attack, request)) for _ in range(ATTACKERS)]
    owner = asyncio.create_task(_owner(stack, ends, attack, device))
    attack.homes = await _homes(stack, people, options.seconds, random.Random(8))
    await asyncio.gather(*attackers, owner)
    spent = await _checks(stack)
    attack.checks_most = max((spent[name] - before[name] for name in spent), default=0)


async def _attacker(stack: Stack, rate: float, ends: float, attack: Attack, request: Callable[[], bytes]) -> None:
    """One of `ATTACKERS` connections, which together send `rate` requests a second if the server answers them."""
    connection = await Connection.open(stack.port)
    due = time.perf_counter() + random.random() * ATTACKERS / rate
    while due < ends:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        attack.sent += 1
        status, _ = await connection.ask(request())
        attack.answers[status] += 1
        due += ATTACKERS / rate
    connection.close()


async def _owner(stack: Stack, ends: float, attack: Attack, device: str) -> None:
    """The owner signs in from a known device, from wherever they are, until it works; again and again."""
    while time.perf_counter() < ends:
        await asyncio.sleep(OWNER_EVERY_S)
        tries, status = 0, 0
        while status != 200 and tries < OWNER_GIVES_UP:
            connection = await Connection.open(stack.port)
            status, _ = await connection.ask(_login("bench0", PASSWORD, "203.0.113.5", device))
            connection.close()
            tries += 1
        attack.owner_tries.append(tries)


async def _checks(stack: Stack) -> Counter[str]:
    """Wrong passwords that were really checked so far, by account: the sign-ins recorded as failed."""
    database = await asyncpg.connect(stack.engines.database_url)
    rows = await database.fetch(
        "select account_id::text as name, count(*) as checks from failed_sign_ins where outcome = 'wrong' group by 1"
    )
    await database.close()
    return Counter({row["name"] or "unknown": row["checks"] for row in rows})


def _login(name: str, password: str, address: str, device: str | None = None) -> bytes:
    fields: dict[str, Any] = {"identifier": name, "password": password}
    if device is not None:
        fields["device_token"] = device
    body = json.dumps(fields).encode()
    head = (
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"X-Forwarded-For: {address}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _address(chance: random.Random) -> str:
    return ".".join(str(chance.randrange(1, 255)) for _ in range(4))


def _report(options: argparse.Namespace, attacks: list[Attack], cores: int) -> int:
    print(f"\n{machine(cores)}\n\n{options.rate:.0f} wrong sign-ins a second, bcrypt cost {options.cost}\n")
    print(
        "| attack | sent /s | answers | homes /s | calm | share | p99 ms | calm | checks, most of one | owner's tries |"
    )
    print("|---|--:|---|--:|--:|--:|--:|--:|--:|--:|")
    kept = True
    for attack in attacks:
        share = attack.homes.rate / attack.calm.rate
        answers = ", ".join(f"{status}: {number}" for status, number in sorted(attack.answers.items()))
        tries = max(attack.owner_tries)
        print(
            f"| {attack.name} | {attack.sent / (options.seconds + 2):.0f} | {answers} | {attack.homes.rate:,.0f} "
            f"| {attack.calm.rate:,.0f} | {share:.0%} | {attack.homes.quantile_ms(0.99):.0f} "
            f"| {attack.calm.quantile_ms(0.99):.0f} | {attack.checks_most} | {tries} |"
        )
        kept &= share >= SHARE_MIN and attack.checks_most < CHECKS_MAX and tries <= TRIES_MAX
    print(f"\npromises: {'kept' if kept else 'BROKEN'}")
    return 0 if kept else 1


if __name__ == "__main__":
    main()
