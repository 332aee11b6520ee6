"""Statuses as bytes: each is encoded once in a process, and then put together for every reader.

What one reader sees differently is left open: how its authors look now, and what the reader has done with it. So a page
costs a look-up and a few joints for each status: a third of what making and encoding its entities does.
"""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import chain
from typing import Final, cast

import msgspec

from linnet.features.accounts.models import AccountVersion, Viewer
from linnet.features.accounts.reads import usernames
from linnet.features.filters.matching import Matches, matches_on
from linnet.features.filters.reads import matches_of
from linnet.features.statuses.models import UNMARKED, Hydrated, Status
from linnet.features.statuses.shelf import Author, Shared
from linnet.features.timelines.warm import Warm
from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.status import Status as StatusEntity
from linnet.mastodon.presenters.accounts import present_authors
from linnet.mastodon.presenters.filters import encoded_matches
from linnet.mastodon.presenters.parts import (
    AUTHOR,
    NO_MARKS,
    NOTHING_FILTERED,
    VOTE,
    Part,
    Plain,
    Shown,
    is_made_of,
    marks_text,
    part_of,
    reader_of,
    shown_of,
    texts_of,
    vote_text,
)
from linnet.mastodon.presenters.statuses import Presented
from linnet.platform.engines import Engines
from linnet.platform.site import Site

PARTS_MAX: Final = 50_000
"""Statuses of one process, about 1 KB each; a full memory is emptied, and what is wanted comes back."""

AUTHORS_MAX: Final = 50_000


@dataclass(slots=True)
class _Author:
    """An account as it was encoded, for one version of it."""

    version: AccountVersion
    entity: Account
    shown: Shown


class Encoded:
    """A memory of parts and authors; one in each process, in `engines.configs`."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.authors: dict[int, _Author] = {}
        self.parts: dict[tuple[int, int], Part] = {}
        """By status and reader: 0 for the public, 1 for most, else who wrote some of it, or silenced whom it quotes."""

    def pieces(
        self,
        viewer: Viewer | None,
        page: Hydrated,
        status: Status,
        prints: list[bytes],
        matches: Mapping[int, Matches],
    ) -> list[bytes] | None:
        """The status for this viewer, to be joined; None when something of it is not in memory.

        What tells it from any other, and from itself with other counts or marks, is added to `prints`.
        """
        part = self.parts.get((status.id, reader_of(viewer, page, status)))
        if part is None:
            return None
        if part.made_of[0] is not status or (len(part.made_of) > 1 and not is_made_of(part, page, status)):
            return None
        texts = texts_of(part)
        found = [texts[0]]
        prints.append(part.print)
        marks = page.marks
        for (kind, number, pinned), text in zip(part.gaps, texts[1:], strict=True):
            if kind == AUTHOR:
                author = self.authors.get(number)
                version = page.authors.get(number)
                if author is None or version is None:
                    return None
                if author.version is not version and not _revise(author, version):
                    return None
                found.append(author.shown.encoded)
                prints.append(author.shown.print)
            elif kind == VOTE:
                told = vote_text(pinned, marks.get(number, UNMARKED).vote)
                found.append(told)
                prints.append(told)
            else:
                mine, filtered = marks.get(number), matches.get(number)
                if (mine is None or mine is UNMARKED) and not pinned and not filtered:
                    found.append(NO_MARKS)
                else:
                    told = marks_text(mine or UNMARKED, marks.get(pinned, UNMARKED).pinned if pinned else None)
                    if filtered:
                        told = told.removesuffix(NOTHING_FILTERED) + encoded_matches(filtered)
                    found.append(told)
                    prints.append(told)
            found.append(text)
        return found

    def attach(self, shared: Shared, author: Author) -> None:
        """Put what is in memory of a plain status, and of its author, to them: so it is found without looking."""
        if shared.status is None:
            return
        part, known = self.parts.get((shared.status.id, 1)), self.authors.get(shared.status.account_id)
        if part is not None and part.made_of[0] is shared.status:
            shared.shown = part.plain
        if known is not None and known.version is author.version:
            author.shown = known.shown


def encoded_page(engines: Engines, viewer: Viewer, warm: Warm) -> tuple[bytes, bytes] | None:
    """The page as a JSON array, out of memory, and its entity tag; None when something of it is not there."""
    if not isinstance(warm.encoded, _Joined):
        warm.encoded = _joined(engines, viewer, warm)
    return None if warm.encoded is None else (b"".join(warm.encoded.joints), warm.encoded.tag)


@dataclass(frozen=True, slots=True)
class _Joined:
    """A page whose bytes are all at hand."""

    joints: tuple[bytes, ...]
    tag: bytes


def _joined(engines: Engines, viewer: Viewer, warm: Warm) -> _Joined | None:
    memory = engines.config(Encoded)
    joints = [b"["]
    prints: list[bytes] = []
    matches, me = _matches(viewer, warm), viewer.account_id
    special = {**warm.page.marks, **matches} if matches else warm.page.marks
    for shared, author in warm.rows:
        status = shared.status
        if status is None:
            continue
        if author is not None and author.shown is not None and status.id not in special and status.account_id != me:
            part = shared.shown
            if isinstance(part, Plain) and isinstance(author.shown, Shown):
                joints += (part.before, author.shown.encoded, part.after, b",")
                prints += (part.print, author.shown.print)
                continue
        pieces = memory.pieces(viewer, _page_of(warm, status, author), status, prints, matches)
        if pieces is None:
            return None
        joints += pieces
        joints.append(b",")
        if author is not None:
            memory.attach(shared, author)
    joints[-1:] = [b"]"] if warm.rows else [b"[]"]
    return _Joined(tuple(joints), b'"%b"' % blake2b(b"".join(prints), digest_size=12).hexdigest().encode())


def _matches(viewer: Viewer, warm: Warm) -> Mapping[int, Matches]:
    """What the viewer's filters match on the page."""
    if not warm.lens:
        return {}
    rows = {shared.status.id: shared.status for shared, _ in warm.rows if shared.status is not None}
    return matches_on(warm.lens, viewer.account_id, {**warm.page.statuses, **rows})


def _page_of(warm: Warm, status: Status, author: Author | None) -> Hydrated:
    """What is known of the page for this row."""
    if author is None:
        return warm.page
    return replace(warm.page, statuses={status.id: status}, authors={status.account_id: author.version})


async def encoded_statuses(
    engines: Engines, viewer: Viewer | None, page: Hydrated, matches: Mapping[int, Matches] | None = None
) -> list[StatusEntity]:
    """What `present_statuses` gives, already encoded: `msgspec.Raw` stands for each entity.

    `matches` is what the viewer's filters match on the page, where that is known already.
    """
    if not page.ids:
        return []
    memory = engines.config(Encoded)
    page = await _with_authors(engines, memory, page)
    if matches is None:
        matches = await matches_of(engines, viewer, page)
    missing = [status for status in page if memory.pieces(viewer, page, status, [], matches) is None]
    if missing:
        mentioned = chain.from_iterable(one.mention_ids for one in page.statuses.values())
        names = await usernames(engines.db, mentioned)
        accounts = {i: memory.authors[i].entity for i in page.authors}
        presented = Presented(memory.site, viewer, page.statuses, accounts, {}, names, stances=page.stances)
        if len(memory.parts) + len(missing) > PARTS_MAX:
            memory.parts.clear()
        for status in missing:
            memory.parts[status.id, reader_of(viewer, page, status)] = part_of(presented, page, status)
    raws: list[object] = []
    for status in page:
        pieces = memory.pieces(viewer, page, status, [], matches)
        assert pieces is not None, "all that was missing has just been made"
        raws.append(msgspec.Raw(b"".join(pieces)))
    return cast("list[StatusEntity]", raws)


async def _with_authors(engines: Engines, memory: Encoded, page: Hydrated) -> Hydrated:
    """The page without whom is deleted just now, everybody else of it in memory."""
    wanted: dict[int, AccountVersion] = {}
    for account_id, version in page.authors.items():
        author = memory.authors.get(account_id)
        if author is None or (author.version is not version and not _revise(author, version)):
            wanted[account_id] = version
    if not wanted:
        return page
    entities = await present_authors(engines, wanted)
    if len(memory.authors) + len(entities) > AUTHORS_MAX:
        memory.authors.clear()
        return await _with_authors(engines, memory, page)
    for account_id, entity in entities.items():
        memory.authors[account_id] = _Author(wanted[account_id], entity, shown_of(entity))
    if entities.keys() == wanted.keys():
        return page
    here = {i: one for i, one in page.statuses.items() if one.account_id in memory.authors}
    shown = [i for i in page.ids if i in here and (here[i].reblog_of_id is None or here[i].reblog_of_id in here)]
    return replace(page, ids=tuple(shown), statuses=here, authors={i: page.authors[i] for i in _authors(here)})


def _authors(statuses: dict[int, Status]) -> Iterable[int]:
    return {one.account_id for one in statuses.values()}


def _revise(author: _Author, version: AccountVersion) -> bool:
    """Take over a version in which nothing but counters differs; False for any other."""
    known = author.version
    if known.version != version.version:
        return False
    if known != version:
        entity = author.entity = copy(author.entity)
        entity.followers_count = max(version.followers, 0)
        entity.following_count = max(version.following, 0)
        entity.statuses_count = max(version.statuses, 0)
        author.shown = shown_of(entity)
    author.version = version
    return True
