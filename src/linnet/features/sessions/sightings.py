"""Where and when a session began, for the letter about it; and when somebody was last here."""

from dataclasses import dataclass
from datetime import datetime

from linnet.features.sessions.store import sightings as store
from linnet.platform.postgres import Queries


@dataclass(frozen=True, slots=True)
class Sighting:
    """A sign-in as its server saw it."""

    agent: str
    address: str
    at: datetime


async def sighting(db: Queries, session_id: int) -> Sighting | None:
    """How a session began; None once it is forgotten."""
    row = await store.sighting(db, session_id)
    return Sighting(*row) if row else None


async def last_seen(db: Queries, account_id: int) -> datetime | None:
    """When an account's person or one of their apps was last here, some minutes inexact; None if never."""
    return await store.last_seen(db, account_id)
