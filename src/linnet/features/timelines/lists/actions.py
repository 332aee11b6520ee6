"""What people do with their lists. Each verb is one transaction under the lock of the owner's lists.

Nothing follows from them but that homes are read another way when a list is exclusive, which every process is told of.
All raise `NotFound` for a list that is not the viewer's.
"""

from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from linnet.features.accounts.models import Viewer
from linnet.features.relationships.actions import keep_from_home
from linnet.features.statuses import hashtags
from linnet.features.timelines.lists.models import (
    ACCOUNTS_MAX,
    LISTS_MAX,
    TAGS_MAX,
    TITLE_LENGTH_MAX,
    RepliesPolicy,
    UserList,
)
from linnet.features.timelines.lists.store import rows as store
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Invalid, NotFound


async def make(
    engines: Engines,
    viewer: Viewer,
    title: str,
    policy: RepliesPolicy = RepliesPolicy.LIST,
    *,
    exclusive: bool = False,
) -> UserList:
    """A new list. Raises `Invalid` for a title that is empty or too long, and for more than `LISTS_MAX`."""
    title = _checked(title)
    async with engines.transaction() as tx:
        await store.lock(tx, viewer.account_id)
        made = await store.make(
            tx, viewer.account_id, title, policy, exclusive=exclusive, at=engines.clock.now(), lists_max=LISTS_MAX
        )
        if made is None:
            raise Invalid(f"Validation failed: You have reached the maximum number of lists ({LISTS_MAX})")
    return made


def _checked(title: str) -> str:
    title = title.strip()
    if not title:
        raise Invalid("Validation failed: Title can't be blank")
    if len(title) > TITLE_LENGTH_MAX:
        raise Invalid(f"Validation failed: Title is too long (at most {TITLE_LENGTH_MAX} characters)")
    return title


async def change(
    engines: Engines,
    viewer: Viewer,
    list_id: int,
    *,
    title: str | None = None,
    policy: RepliesPolicy | None = None,
    exclusive: bool | None = None,
) -> UserList:
    """Change what is not None; the list as it is now. Raises `Invalid` for a title that is empty or too long."""
    checked = None if title is None else _checked(title)
    async with one(engines, viewer, list_id) as (tx, before):
        after = replace(
            before,
            title=before.title if checked is None else checked,
            replies_policy=policy or before.replies_policy,
            exclusive=before.exclusive if exclusive is None else exclusive,
        )
        await store.change(tx, after)
        tx.changed(Kind.SEARCHES, viewer.account_id)
        if after.exclusive != before.exclusive:
            await _settle_home(tx, viewer, await store.member_ids(tx, list_id))
    return after


async def drop(engines: Engines, viewer: Viewer, list_id: int) -> None:
    """Delete a list; whom only it kept out of the viewer's home is there again."""
    async with one(engines, viewer, list_id) as (tx, dropped):
        members = await store.member_ids(tx, list_id) if dropped.exclusive else ()
        await store.drop(tx, [list_id])
        tx.changed(Kind.SEARCHES, viewer.account_id)
        await _settle_home(tx, viewer, members)


async def put_accounts(engines: Engines, viewer: Viewer, list_id: int, account_ids: Sequence[int]) -> None:
    """Put accounts on a list, all or none; who is there already stays.

    What somebody posts is there once the viewer follows them, which they may have only asked to so far. Raises
    `NotFound` when they do neither (and it is not their own account), `Invalid` for more than `ACCOUNTS_MAX`.
    """
    wanted = list(dict.fromkeys(account_ids))
    if len(wanted) > ACCOUNTS_MAX:
        raise _full()
    async with one(engines, viewer, list_id) as (tx, owned):
        if await store.put(tx, owned, wanted, engines.clock.now()) < len(wanted):
            raise NotFound
        if await store.count_accounts(tx, list_id, ACCOUNTS_MAX + 1) > ACCOUNTS_MAX:
            raise _full()
        if owned.exclusive:
            await _settle_home(tx, viewer, wanted)


def _full() -> Invalid:
    return Invalid(f"Validation failed: A list has room for {ACCOUNTS_MAX} accounts")


async def take_accounts(engines: Engines, viewer: Viewer, list_id: int, account_ids: Sequence[int]) -> None:
    """Take accounts off a list; who is not on it does not matter."""
    async with one(engines, viewer, list_id) as (tx, owned):
        await store.take(tx, list_id, account_ids[:ACCOUNTS_MAX])
        if owned.exclusive:
            await _settle_home(tx, viewer, account_ids[:ACCOUNTS_MAX])


async def put_tags(engines: Engines, viewer: Viewer, list_id: int, texts: Sequence[str]) -> None:
    """Put hashtags, in any spelling, on a list: it then shows every public post under them.

    Raises `Invalid` for what is no hashtag, and for more than `TAGS_MAX`.
    """
    async with one(engines, viewer, list_id) as (tx, _):
        tag_ids = await hashtags.known_as(tx, texts[: TAGS_MAX + 1])
        if await store.put_tags(tx, list_id, tag_ids, engines.clock.now()) > TAGS_MAX:
            raise Invalid(f"Validation failed: A list has room for {TAGS_MAX} hashtags")


async def take_tags(engines: Engines, viewer: Viewer, list_id: int, texts: Sequence[str]) -> None:
    """Take hashtags, in any spelling, off a list; what is not on it does not matter."""
    async with one(engines, viewer, list_id) as (tx, _):
        await store.take_tags(tx, list_id, hashtags.names_of(texts[:TAGS_MAX]))


@asynccontextmanager
async def one(engines: Engines, viewer: Viewer, list_id: int) -> AsyncGenerator[tuple[Transaction, UserList]]:
    """A transaction that holds the lock of the viewer's lists, and one of them: also for features above."""
    async with engines.transaction() as tx:
        await store.lock(tx, viewer.account_id)
        owned = await store.find(tx, viewer.account_id, list_id)
        if owned is None:
            raise NotFound
        yield tx, owned


async def _settle_home(tx: Transaction, viewer: Viewer, account_ids: Collection[int]) -> None:
    """Have each of the accounts at home, or not, as the viewer's exclusive lists now say."""
    if account_ids:
        away = await store.kept_away(tx, viewer.account_id, account_ids)
        await keep_from_home(tx, viewer, away, of=account_ids)
