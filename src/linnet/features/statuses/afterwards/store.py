"""Statuses as those who look afterwards read them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import LiteralString

from linnet.features.moderation.measures import Part, joined
from linnet.features.moderation.models import Surface
from linnet.platform.postgres import Queries


@dataclass(frozen=True, slots=True)
class Published:
    """A status that is there, and what was decided about it."""

    id: int
    account_id: int
    spoiler_text: str
    text: str
    language: str | None
    answers_other: bool
    """It answers somebody else."""
    mentions: bool
    decided: bool
    """Something other than to let it be was decided about it before."""

    @property
    def words(self) -> str:
        """The text that is judged."""
        return joined(Part.of_status(self.spoiler_text, self.text))

    @property
    def surface(self) -> Surface:
        """Where it stands, as far as it says itself."""
        return Surface.REPLY_TO_STRANGER if self.answers_other else Surface.POST


_COLUMNS: LiteralString = """
    s.id, s.account_id, s.spoiler_text, s.text, s.language,
    coalesce(s.in_reply_to_account_id <> s.account_id, false), cardinality(s.mention_ids) > 0,
    s.withheld_at is not null or exists (
        select from decisions d where d.subject_id = s.id and d.about = 'status' and d.measure <> 'allow')
"""


async def published(db: Queries, status_ids: Collection[int]) -> list[Published]:
    """Those of some statuses that are there, by id. Uses statuses_pkey and decisions_subject."""
    rows = await db.rows(
        "select "
        + _COLUMNS
        + """ from statuses s
        where s.id = any($1) and s.deleted_at is null and s.reblog_of_id is null order by s.id
        """,
        sorted(status_ids),
    )
    return [Published(*row) for row in rows]


async def latest(db: Queries, above_id: int, limit: int) -> list[Published]:
    """The latest statuses, newest first. Uses statuses_pkey and decisions_subject."""
    rows = await db.rows(
        "select "
        + _COLUMNS
        + """ from statuses s
        where s.id > $1 and s.deleted_at is null and s.reblog_of_id is null order by s.id desc limit $2
        """,
        above_id,
        limit,
    )
    return [Published(*row) for row in rows]
