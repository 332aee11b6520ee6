"""Later work of search: indexing what has changed, and what somebody's change of mind about being found means."""

import asyncio
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

import asyncpg

from linnet.features.accounts.events import AccountDeleted, ProfileUpdated
from linnet.features.search import facets, stems
from linnet.features.search.models import Token
from linnet.features.search.store import documents, saved
from linnet.features.search.store.documents import Document
from linnet.features.search.words import folded, quoted, tokens, vector
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job, Periodic
from linnet.platform.postgres import Queries
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
        said = [tokens(facets.readable(_words(row))) for row in rows]
        found = await _stems(engines, tx, rows, said)
        await documents.write(tx, [_document(*one) for one in zip(rows, said, found, strict=True)])
        gone = set(status_ids) - {row["id"] for row in rows}
        if gone:
            await documents.remove(tx, sorted(gone))
    return len(status_ids)


def _words(row: asyncpg.Record) -> str:
    """All that a reader reads in a post."""
    descriptions = [one for one in row["descriptions"] or () if one]
    return "\n".join((row["spoiler_text"], row["text"], *(row["poll_options"] or ()), *descriptions))


async def _stems(
    engines: Engines, db: Queries, rows: Sequence[asyncpg.Record], said: Sequence[Sequence[Token]]
) -> list[list[str]]:
    """The stems of each post; of one in no language known by the server's main one."""
    otherwise = "".join(engines.config(Site).languages[:1])
    asked = [
        [(dictionary, word.plain) for word in words if word.plain is not None]
        for dictionary, words in zip(
            (stems.dictionary_of(row["language"] or otherwise) for row in rows), said, strict=True
        )
    ]
    known = await stems.find(db, chain.from_iterable(asked))
    return [[stem for pair in pairs for stem in known[pair]] for pairs in asked]


def _document(row: asyncpg.Record, words: Sequence[Token], stems: Iterable[str]) -> Document:
    known = {word.lexeme for word in words}
    others = [*dict.fromkeys(stem for one in stems if (stem := folded(one)) not in known), *_facets(row)]
    return Document(row["id"], row["opened"], f"{vector(words)} {' '.join(quoted(one) for one in others)}")


def _facets(row: asyncpg.Record) -> Iterable[str]:
    """What the post is and has."""
    day = facets.day_of(row["id"])
    yield facets.day(day)
    yield facets.epoch(day // facets.EPOCH_DAYS)
    yield facets.author(row["account_id"])
    if row["opened"]:
        yield facets.OPEN
    if row["in_reply_to_account_id"] is not None:
        yield facets.answering(row["in_reply_to_account_id"])
    for state in facets.STATES:
        if row[f"is_{state}"]:
            yield facets.being(state)
    if row["language"]:
        yield facets.language(row["language"].partition("-")[0].lower())
    if facets.has_link(row["text"]):
        yield facets.having("link")
    if row["poll_options"]:
        yield facets.having("poll")
    if row["media_kinds"]:
        yield facets.having("media")
    yield from {facets.having(shown) for kind in row["media_kinds"] or () for shown in facets.SHOWN.get(kind, ())}
    yield from facets.favoured(row["favourites"])
    yield from (facets.mentioning(account_id) for account_id in row["mention_ids"])
    yield from (facets.tagged(name) for name in row["tags"])


async def _reopen(engines: Engines, works: Sequence[ProfileUpdated]) -> None:
    """Index the posts of authors anew who have changed their mind about being found."""
    for account_id in {work.account_id for work in works}:
        after_id = 0
        while status_ids := await documents.misjudged(engines.db, account_id, after_id, SLICE):
            await documents.announce(engines.db, status_ids)
            after_id = status_ids[-1]


async def _erase(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    await saved.erase(engines.db, [work.account_id for work in works])


ERASE = Job("search.erase", AccountDeleted, _erase, queue="maintenance")
REOPEN = Job("search.reopen", ProfileUpdated, _reopen, queue="maintenance")

PERIODICS = (Periodic("search.index_changes", INDEX_EVERY_S, index_changes),)
