"""What people do with collections. Each verb is one transaction under the lock of the owner's collections.

All raise `NotFound` for a collection that is not there, and `Forbidden` for one that is another's.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from linnet.features.accounts.languages import is_language
from linnet.features.accounts.models import Viewer
from linnet.features.relationships.collections import reads
from linnet.features.relationships.collections.models import (
    COLLECTIONS_MAX,
    DESCRIPTION_LENGTH_MAX,
    ITEMS_MAX,
    NAME_LENGTH_MAX,
    Item,
    Recommended,
    Wording,
)
from linnet.features.relationships.collections.store import rows as store
from linnet.features.relationships.titles import wrong_words
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Forbidden, Invalid, NotFound, Problem


async def make(engines: Engines, viewer: Viewer, wording: Wording, account_ids: Sequence[int]) -> Recommended:
    """A new collection of these accounts. Raises `Invalid` for words that break a rule and for too many of anything.

    `Forbidden` when one of them may not be put there.
    """
    _check(wording)
    wanted = list(dict.fromkeys(account_ids))
    async with engines.transaction() as tx:
        await store.lock(tx, viewer.account_id)
        made = await store.make(tx, viewer.account_id, wording, engines.clock.now(), COLLECTIONS_MAX)
        if made is None:
            raise Invalid("Validation failed: You have reached the maximum number of collections")
        await _put(engines, tx, viewer, made, wanted)
        return await reads.show(tx, viewer, made)


def _check(wording: Wording) -> None:
    details = wrong_words(wording.name, wording.description, NAME_LENGTH_MAX, DESCRIPTION_LENGTH_MAX)
    if wording.language is not None and not is_language(wording.language):
        details["language"] = [Problem("ERR_INVALID", "is invalid")]
    if details:
        raise Invalid.of(details)


async def _put(
    engines: Engines, tx: Transaction, viewer: Viewer, collection_id: int, account_ids: Sequence[int]
) -> None:
    if await store.refusing(tx, viewer.account_id, collection_id, account_ids[: ITEMS_MAX + 1]):
        raise Forbidden("This account cannot be put into a collection of yours")
    await store.put(tx, collection_id, account_ids[: ITEMS_MAX + 1], engines.clock.now())
    if await store.count(tx, collection_id) > ITEMS_MAX:
        raise Invalid(f"Validation failed: A collection has room for {ITEMS_MAX} accounts")


async def reword(engines: Engines, viewer: Viewer, collection_id: int, wording: Wording) -> Recommended:
    """Say something else about a collection. Raises `Invalid` for words that break a rule."""
    _check(wording)
    async with _own(engines, viewer, collection_id) as (tx, _):
        await store.reword(tx, collection_id, wording, engines.clock.now())
        return await reads.show(tx, viewer, collection_id)


async def drop(engines: Engines, viewer: Viewer, collection_id: int) -> None:
    """Delete a collection."""
    async with _own(engines, viewer, collection_id) as (tx, _):
        await store.drop(tx, collection_id)


async def put(engines: Engines, viewer: Viewer, collection_id: int, account_id: int) -> Item:
    """Put an account into a collection. `Forbidden` when it may not be there, `Invalid` when there is no room."""
    async with _own(engines, viewer, collection_id) as (tx, _):
        await _put(engines, tx, viewer, collection_id, [account_id])
        found = await reads.show(tx, viewer, collection_id)
    return next(item for item in found.items if item.account_id == account_id)


async def take(engines: Engines, viewer: Viewer, collection_id: int, item_id: int) -> None:
    """Take an account out of a collection; `NotFound` when it is not in there."""
    async with _own(engines, viewer, collection_id) as (tx, _):
        if not await store.take(tx, collection_id, item_id, engines.clock.now()):
            raise NotFound


async def leave(engines: Engines, viewer: Viewer, collection_id: int, item_id: int) -> None:
    """Leave somebody's collection for good; `Forbidden` for another's place in it, `NotFound` when nobody has it."""
    async with engines.transaction() as tx:
        found = await reads.show(tx, viewer, collection_id)
        if await store.leave(tx, collection_id, item_id, viewer.account_id, engines.clock.now()):
            return
    raise Forbidden if any(item.id == item_id for item in found.items) else NotFound


@asynccontextmanager
async def _own(engines: Engines, viewer: Viewer, collection_id: int) -> AsyncGenerator[tuple[Transaction, Recommended]]:
    """A transaction that holds the lock of the viewer's collections, and one of them."""
    async with engines.transaction() as tx:
        await store.lock(tx, viewer.account_id)
        found = await reads.show(tx, viewer, collection_id)
        if found.owner_id != viewer.account_id:
            raise Forbidden
        yield tx, found
