"""A network for measurements, put straight into the tables: people, whom they follow, what they have posted."""

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncpg

WORDS = (  # noqa: SIM905 -- words are read as words
    "morning river copper sail quiet market lantern because winter always street music under window "
    "bread garden letter slowly harbour engine paper signal orange after people again together someone "
    "thinks maybe that this bird sings over old town while rain falls on roofs and trains leave late"
).split()


@dataclass(frozen=True)
class Network:
    """Ids and tokens of everybody, in the same order."""

    account_ids: Sequence[int]
    tokens: Sequence[str]


def text(chance: random.Random) -> str:
    """A post of 8 to 40 words."""
    return " ".join(chance.choices(WORDS, k=chance.randint(8, 40)))


async def build(
    url: str, *, people: int, follows_each: int, posts: int, seed: int, progress: Callable[[str], None]
) -> Network:
    """Fill an empty database: everybody follows `follows_each` others, so everybody has about as many followers."""
    chance = random.Random(seed)
    now = datetime.now(UTC)
    connection = await asyncpg.connect(url)
    progress(f"{people:,} people")
    first = int((now - timedelta(days=30)).timestamp() * 1000) << 16
    ids = [first + (n << 16) for n in range(people)]
    tokens = [f"bench-{n}-{seed}" for n in range(people)]
    await _people(connection, ids, tokens, now)
    progress(f"{people * follows_each:,} follows")
    edges = [(a, t, first + i) for i, (a, t) in enumerate(_edges(ids, follows_each, chance))]
    await connection.copy_records_to_table("follows", records=edges, columns=["account_id", "target_id", "id"])
    progress(f"{posts:,} posts")
    await _posts(connection, ids, posts, now, chance)
    counters = [(i, follows_each, follows_each, posts // people) for i in ids]
    await connection.copy_records_to_table(
        "account_counters", records=counters, columns=["account_id", "followers", "following", "statuses"]
    )
    await connection.execute("analyze")
    await connection.close()
    return Network(ids, tokens)


def _edges(ids: Sequence[int], follows_each: int, chance: random.Random) -> list[tuple[int, int]]:
    """Exactly `follows_each` others for each, nobody oneself."""
    others = len(ids) - 1
    return [
        (account, ids[place if place < at else place + 1])
        for at, account in enumerate(ids)
        for place in chance.sample(range(others), follows_each)
    ]


async def _people(
    connection: "asyncpg.Connection[asyncpg.Record]", ids: Sequence[int], tokens: Sequence[str], now: datetime
) -> None:
    await connection.copy_records_to_table(
        "accounts",
        records=[(i, f"bench{n}", f"Bench {n}", "I measure things.", now) for n, i in enumerate(ids)],
        columns=["id", "username", "display_name", "note", "created_at"],
    )
    await connection.copy_records_to_table(
        "users",
        records=[(i, f"bench{n}@example.org", "!", now, now) for n, i in enumerate(ids)],
        columns=["account_id", "email", "password_hash", "approved_at", "confirmed_at"],
    )
    await connection.copy_records_to_table(
        "oauth_tokens",
        records=[
            (hashlib.sha256(token.encode()).digest(), i, ["read", "write", "follow"], now)
            for i, token in zip(ids, tokens, strict=True)
        ],
        columns=["hash", "account_id", "scopes", "created_at"],
    )


async def _posts(
    connection: "asyncpg.Connection[asyncpg.Record]",
    ids: Sequence[int],
    posts: int,
    now: datetime,
    chance: random.Random,
) -> None:
    records: list[tuple[object, ...]] = []
    for n in range(posts):
        at = now - timedelta(seconds=(posts - n) * 20)
        status_id = (int(at.timestamp() * 1000) << 16) + n % 65536
        words = text(chance)
        records.append((status_id, chance.choice(ids), "public", words, f"<p>{words}</p>", "en", status_id, at))
    await connection.copy_records_to_table(
        "statuses",
        records=records,
        columns=["id", "account_id", "visibility", "text", "html", "language", "thread_id", "created_at"],
    )
