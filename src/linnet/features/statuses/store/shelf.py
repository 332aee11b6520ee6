"""Statuses as everybody may share them, and what one viewer has done with them, loaded apart from one another."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from linnet.features.accounts.models import AccountVersion
from linnet.features.statuses.models import UNMARKED, Marks, Status
from linnet.features.statuses.polls.store import POLL, VOTE, vote_of
from linnet.features.statuses.store.loading import AUTHOR, COLUMNS, JOINS, WANTED, status_of
from linnet.features.statuses.visibility import OPEN
from linnet.platform.postgres import Queries


@dataclass(slots=True)
class Shared:
    """A status, whoever looks at it."""

    status: Status | None
    """None when it was deleted, which is worth to be known as well."""
    mentioned: tuple[int, ...]
    """Whom any of its wordings mentioned, of statuses that not everyone may see."""
    plain: bool = False
    """For everyone, and about nobody: it answers, reblogs and quotes nothing, so only its author's standing counts."""
    shown: object = field(default=None, compare=False, repr=False)
    """What a presenter has made of it, which so lasts as long as it does."""

    @classmethod
    def of(cls, status: Status, mentioned: Iterable[int]) -> "Shared":
        """A status that is not deleted; `mentioned` is looked at only where not everyone may see it."""
        is_open = status.visibility in OPEN
        leads_on = status.in_reply_to_account_id or status.reblog_of_id or status.quoted_id
        return cls(status, () if is_open else tuple(mentioned), is_open and not leads_on)


@dataclass(slots=True)
class Author:
    """Who wrote it."""

    version: AccountVersion
    gone: bool
    """Deleted or suspended."""
    shown: object = field(default=None, compare=False, repr=False)
    """As of a status."""


async def load(db: Queries, ids: Iterable[int]) -> tuple[dict[int, Shared], dict[int, Author]]:
    """Those of `ids` that are not deleted, with the reblogged and quoted ones they lead to; and their authors by id.

    Everything of `statuses.store.loading.load` that is the same for every viewer, by the same indexes and plan.
    """
    rows = await db.rows(
        WANTED.replace("$ids", "$1")
        + COLUMNS
        + """
            case when s.visibility in ('private', 'direct')
                then array(select m.account_id from mentions m where m.status_id = s.id) end,
            """
        + AUTHOR
        + """,
            author.deleted_at is not null or author.suspended_at is not null,
            """
        + POLL
        + """
        from wanted
        cross join lateral (select * from statuses where id = wanted.id limit 1) s
        """
        + JOINS
        + """
        where s.deleted_at is null
        """,
        list(ids),
    )
    return (
        {row[0]: Shared.of(status_of(row), row[24] or ()) for row in rows},
        {row[1]: Author(AccountVersion(*row[25:29]), row[29]) for row in rows},
    )


async def marks(db: Queries, viewer_id: int, ids: Collection[int]) -> dict[int, Marks]:
    """What the viewer has done with each of `ids`, mutes of threads left out. Uses the primary key of every mark."""
    rows = await db.rows(
        """
        select s.id,
            (select true from favourites where account_id = $1 and status_id = s.id limit 1) is not null,
            (select true from statuses where account_id = $1 and reblog_of_id = s.id and deleted_at is null
                limit 1) is not null,
            (select true from bookmarks where account_id = $1 and status_id = s.id limit 1) is not null,
            (select true from pins where account_id = $1 and status_id = s.id limit 1) is not null,
            """
        + VOTE
        + """
        from unnest($2::bigint[]) s (id)
        """,
        viewer_id,
        list(ids),
    )
    return {row[0]: Marks(*row[1:5], vote=vote_of(row[5])) if True in row[1:5] or row[5] else UNMARKED for row in rows}
