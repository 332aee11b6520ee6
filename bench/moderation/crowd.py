"""People for a bench of moderation, put straight into the tables: some have been here for years, some since today."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg

OLD_DAYS: Final = (30.0, 2_000.0)
NEW_DAYS: Final = (0.01, 6.0)


@dataclass(frozen=True, slots=True)
class Someone:
    """An account, and the token of its app."""

    id: int
    token: str


async def build(url: str, newcomers: Sequence[bool], seed: int) -> list[Someone]:
    """An account for each, made in the last days or long before; none follows another."""
    chance, now = random.Random(seed), datetime.now(UTC)
    people: list[Someone] = []
    made: list[datetime] = []
    for number, is_new in enumerate(newcomers):
        at = now - timedelta(days=chance.uniform(*(NEW_DAYS if is_new else OLD_DAYS)))
        people.append(Someone((int(at.timestamp() * 1000) << 16) + number % 65_536, f"crowd-{number}-{seed}"))
        made.append(at)
    connection = await asyncpg.connect(url)
    try:
        await connection.copy_records_to_table(
            "accounts",
            records=[
                (one.id, f"crowd{number}", "", "", at)
                for number, (one, at) in enumerate(zip(people, made, strict=True))
            ],
            columns=["id", "username", "display_name", "note", "created_at"],
        )
        await connection.copy_records_to_table(
            "users",
            records=[
                (one.id, f"crowd{number}@example.org", "!", at, at)
                for number, (one, at) in enumerate(zip(people, made, strict=True))
            ],
            columns=["account_id", "email", "password_hash", "approved_at", "confirmed_at"],
        )
        await connection.copy_records_to_table(
            "oauth_tokens",
            records=[
                (hashlib.sha256(one.token.encode()).digest(), one.id, ["read", "write", "follow"], at)
                for one, at in zip(people, made, strict=True)
            ],
            columns=["hash", "account_id", "scopes", "created_at"],
        )
    finally:
        await connection.close()
    return people
