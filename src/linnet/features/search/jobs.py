"""Later work of search: indexing what has changed, and what somebody's change of mind about being found means."""

import asyncio
from collections.abc import Sequence
from typing import Final

import asyncpg

from linnet.features.accounts.events import AccountDeleted, AccountRestricted, ProfileUpdated
from linnet.features.search import facets
from linnet.features.search.describing import Described, Said, describe
from linnet.features.search.store import documents, saved
from linnet.features.search.store.documents import Document
from linnet.features.search.words import quoted, vector
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job, Periodic
from linnet.platform.site import Site

INDEX_MAX: Final = 100
"""Posts indexed in one transaction: for as long as 500 were written to disk, others' posts waited."""

PAUSE_S: Final = 0.05
"""Between two transactions, for others: about a thousand posts a second are indexed so."""

INDEX_EVERY_S: Final = 1.0

SLICE: Final = 500


async def index_changes(engines: Engines) -> None:
    """Index every post in the inbox as it is now, and take those out of the index that are gone."""
    while taken := await index_some(engines, INDEX_MAX):
        await documents.merge(engines.db)
        if taken < INDEX_MAX:
            return
        await asyncio.sleep(PAUSE_S)


async def index_some(engines: Engines, limit: int) -> int:
    """Index up to `limit` posts out of the inbox in one transaction; how many there were."""
    async with engines.transaction() as tx:
        status_ids = await documents.take_changes(tx, limit)
        if not status_ids:
            return 0
        rows = await documents.texts(tx, status_ids)
        otherwise = "".join(engines.config(Site).languages[:1])
        found = await describe(tx, [_said(row) for row in rows], otherwise)
        await documents.write(tx, [_document(one, opened=row["opened"]) for row, one in zip(rows, found, strict=True)])
        gone = set(status_ids) - {row["id"] for row in rows}
        if gone:
            await documents.remove(tx, sorted(gone))
    return len(status_ids)


def _said(row: asyncpg.Record) -> Said:
    return Said(
        id=row["id"],
        account_id=row["account_id"],
        text=row["text"],
        spoiler_text=row["spoiler_text"],
        poll_options=tuple(row["poll_options"] or ()),
        language=row["language"],
        answered_id=row["in_reply_to_account_id"],
        states=frozenset(state for state in facets.STATES if row[f"is_{state}"]),
        media_kinds=tuple(row["media_kinds"] or ()),
        descriptions=tuple(one for one in row["descriptions"] or () if one),
        mention_ids=tuple(row["mention_ids"]),
        tags=tuple(row["tags"]),
        favourites=row["favourites"],
    )


def _document(one: Described, *, opened: bool) -> Document:
    others = [*one.stems, *one.facets, *([facets.OPEN] if opened else ())]
    return Document(one.said.id, opened, f"{vector(one.words)} {' '.join(quoted(lexeme) for lexeme in others)}")


async def _reopen(engines: Engines, works: Sequence[ProfileUpdated | AccountRestricted]) -> None:
    """Index the posts of authors anew who have changed their mind about being found, or staff theirs about them."""
    for account_id in {work.account_id for work in works}:
        after_id = 0
        while status_ids := await documents.misjudged(engines.db, account_id, after_id, SLICE):
            await documents.announce(engines.db, status_ids)
            after_id = status_ids[-1]


async def _erase(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    await saved.erase(engines.db, [work.account_id for work in works])


ERASE = Job("search.erase", AccountDeleted, _erase, queue="maintenance")
REOPEN = Job("search.reopen", ProfileUpdated, _reopen, queue="maintenance")
REOPEN_RESTRICTED = Job("search.reopen_restricted", AccountRestricted, _reopen, queue="maintenance")

PERIODICS = (Periodic("search.index_changes", INDEX_EVERY_S, index_changes),)
