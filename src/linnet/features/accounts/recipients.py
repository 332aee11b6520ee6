"""Whom letters are written to: the private half of an account that its mailbox may be told of."""

from dataclasses import dataclass

import asyncpg

from linnet.features.accounts.store import recipients as store
from linnet.platform.postgres import Queries


@dataclass(frozen=True, slots=True)
class Recipient:
    """An account that is not deleted, and where its person reads mail."""

    account_id: int
    username: str
    email: str
    new_email: str | None
    """The address they want to have instead, not yet confirmed."""
    is_confirmed: bool


async def recipient(db: Queries, account_id: int) -> Recipient | None:
    """The person behind an account; None when it was deleted, or has nobody behind it."""
    return _recipient(await store.recipient(db, account_id))


async def recipient_named(db: Queries, identifier: str) -> Recipient | None:
    """The person with this user name or e-mail address, in any case; None when there is none."""
    name = identifier.strip().removeprefix("@")
    return None if not name or "\0" in name else _recipient(await store.recipient_named(db, name))


def _recipient(row: asyncpg.Record | None) -> Recipient | None:
    return Recipient(*row) if row else None
