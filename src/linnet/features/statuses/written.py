"""What statuses say as their authors wrote them, for those who judge texts; who asks has made sure that they may."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from linnet.features.statuses.store import written as store
from linnet.platform.postgres import Queries


@dataclass(frozen=True, slots=True)
class Written:
    """The words of a status."""

    account_id: int
    spoiler_text: str
    text: str
    written_at: datetime
    """When it was posted, or last edited."""


async def written(db: Queries, status_ids: Collection[int]) -> dict[int, Written]:
    """The words of statuses that are not deleted, by id; whoever may see them. One statement, none for no ids."""
    if not status_ids:
        return {}
    rows = await store.written(db, status_ids)
    return {row["id"]: Written(*list(row.values())[1:]) for row in rows}
