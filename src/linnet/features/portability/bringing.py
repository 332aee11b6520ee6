"""What is done for each row that is brought along; a row that cannot be is told why, and the others go on."""

import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from linnet.features.accounts import reads as accounts
from linnet.features.accounts.models import Viewer
from linnet.features.moderation.rates import TooOften
from linnet.features.portability import store
from linnet.features.portability.models import TAKEN_BACK, ImportKind, Row
from linnet.features.relationships import actions as relationships
from linnet.features.relationships.models import FollowOptions
from linnet.features.statuses import actions as statuses
from linnet.features.statuses import backfill
from linnet.features.statuses.backfill import OldPost
from linnet.features.statuses.models import Visibility
from linnet.features.timelines.lists import actions as lists
from linnet.features.timelines.lists import reads as lists_reads
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import EngineDown, Invalid, NotFound, ProductError
from linnet.platform.ids import parse_id
from linnet.platform.site import Site

_STATUS_PATH: Final = re.compile(r"^/@[^/]+/(\d+)/?$")
_FUTURE_MAX: Final = timedelta(hours=1)

Bring = Callable[[Engines, Viewer, Row], Awaitable[None]]


async def bring(engines: Engines, viewer: Viewer, kind: ImportKind, row: Row) -> str:
    """Do what a row asks for: nothing, or why it cannot be done. May be done twice.

    Raises `TooOften` when it has to wait until its owner may do more of that.
    """
    try:
        await _BRING[kind](engines, viewer, row)
    except (EngineDown, TooOften):
        raise
    except ProductError as error:
        return error.message
    return ""


async def bring_posts(engines: Engines, tx: Transaction, author_id: int, rows: Sequence[Row]) -> list[str]:
    """Write old posts that are not here yet, oldest first: for each nothing, or why it cannot be."""
    latest = engines.clock.now() + _FUTURE_MAX
    posts = [_post_of(row) for row in rows]
    wanted = {post.source for post in posts} | {post.answers for post in posts if post.answers}
    brought = await store.statuses_of(tx, author_id, sorted(wanted))
    here = {**_own_of(engines, wanted), **brought}
    threads = await backfill.threads_of(tx, author_id, list(here.values()))
    known = {source: (status_id, threads[status_id]) for source, status_id in here.items() if status_id in threads}
    # What was brought before and deleted since stays deleted.
    new = [post for post in posts if post.source not in known and post.source not in brought and post.at <= latest]
    if new:
        ids = await backfill.write(engines, tx, author_id, new, known)
        await store.note_statuses(tx, author_id, [post.source for post in new], ids)
    return ["" if post.at <= latest else "It is dated in the future." for post in posts]


def _own_of(engines: Engines, sources: Collection[str]) -> dict[str, int]:
    """What may be statuses of this very server: an archive made here can be brought here again."""
    found = {source: _status_id(engines, source) for source in sources}
    return {source: status_id for source, status_id in found.items() if status_id is not None}


def _status_id(engines: Engines, url: str) -> int | None:
    public_url = engines.config(Site).public_url
    found = _STATUS_PATH.match(url.removeprefix(public_url)) if url.startswith(public_url) else None
    return parse_id(found[1]) if found else None


def _post_of(row: Row) -> OldPost:
    return OldPost(
        source=row["source"],
        at=datetime.fromisoformat(row["at"]),
        text=row["text"],
        spoiler_text=row["spoiler_text"],
        sensitive=row["sensitive"],
        language=row["language"],
        visibility=Visibility(row["visibility"]),
        answers=row["answers"],
    )


async def _follow(engines: Engines, viewer: Viewer, row: Row) -> None:
    if row.get(TAKEN_BACK):
        await relationships.unfollow(engines, viewer, row["id"])
        return
    options = FollowOptions(row["reblogs"], row["notify"], tuple(row["languages"]) or None)
    await relationships.follow(engines, viewer, await _account_id(engines, row["address"]), options)


async def _block(engines: Engines, viewer: Viewer, row: Row) -> None:
    if row.get(TAKEN_BACK):
        await relationships.unblock(engines, viewer, row["id"])
        return
    await relationships.block(engines, viewer, await _account_id(engines, row["address"]))


async def _mute(engines: Engines, viewer: Viewer, row: Row) -> None:
    if row.get(TAKEN_BACK):
        await relationships.unmute(engines, viewer, row["id"])
        return
    account_id = await _account_id(engines, row["address"])
    await relationships.mute(engines, viewer, account_id, notifications=row["notifications"])


async def _list(engines: Engines, viewer: Viewer, row: Row) -> None:
    """Put somebody on the list of that name, which is made when there is none."""
    account_id = await _account_id(engines, row["address"])
    own = {one.title: one.id for one in await lists_reads.all_of(engines.db, viewer)}
    list_id = own.get(row["list"])
    if list_id is None:
        list_id = (await lists.make(engines, viewer, row["list"])).id
    try:
        await lists.put_accounts(engines, viewer, list_id, [account_id])
    except NotFound as error:
        raise Invalid("Only people you follow can be on a list: bring those you follow first.") from error


async def _bookmark(engines: Engines, viewer: Viewer, row: Row) -> None:
    status_id = _status_id(engines, row["url"])
    if status_id is None:
        raise Invalid("This post is on another server, to which this one does not talk.")
    await statuses.bookmark(engines, viewer, status_id)


async def _account_id(engines: Engines, address: str) -> int:
    name, _, domain = address.strip().removeprefix("@").partition("@")
    if domain and domain.lower() != engines.config(Site).domain:
        raise Invalid("This account is on another server, to which this one does not talk.")
    found = await accounts.ids_by_usernames(engines.db, [name]) if name else {}
    if not found:
        raise NotFound("There is nobody of this name here.")
    return next(iter(found.values()))


_BRING: Final[dict[ImportKind, Bring]] = {
    ImportKind.FOLLOWING: _follow,
    ImportKind.BLOCKING: _block,
    ImportKind.MUTING: _mute,
    ImportKind.LISTS: _list,
    ImportKind.BOOKMARKS: _bookmark,
}
