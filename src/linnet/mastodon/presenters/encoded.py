"""Statuses as bytes: each is encoded once in a process, and then put together for every reader.

What one reader sees differently is left open: how its authors look now, and what the reader has done with it. So a page
costs a look-up and a few joints for each status, where encoding it costs twenty times as much.
"""

import re
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from operator import is_
from typing import Any, Final, cast

import msgspec

from linnet.features.accounts.models import AccountVersion, Viewer
from linnet.features.accounts.reads import usernames
from linnet.features.statuses.models import UNMARKED, Hydrated, Marks, Status
from linnet.features.statuses.shelf import Author, Shared
from linnet.features.timelines.warm import Warm
from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.status import Status as StatusEntity
from linnet.mastodon.presenters.accounts import present_authors
from linnet.mastodon.presenters.statuses import Presented, entity_of
from linnet.platform.engines import Engines
from linnet.platform.site import Site

PARTS_MAX: Final = 50_000
"""Statuses of one process, about 1.5 KB each; a full memory is emptied, and what is wanted comes back."""

AUTHORS_MAX: Final = 50_000

_GAP = re.compile(rb"\x00([am])(\d+):(\d+)\x00")
"""An open place in an encoded status; JSON holds no NUL."""

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class _Shown:
    """An account, encoded."""

    encoded: bytes
    print: bytes
    """A digest of it."""


@dataclass(frozen=True, slots=True)
class _Plain:
    """A status that only shows its author, encoded without any marks: what stands before the author, and after."""

    before: bytes
    after: bytes
    print: bytes
    """A digest of both."""


@dataclass(slots=True)
class _Author:
    """An account as it was encoded, for one version of it."""

    version: AccountVersion
    entity: Account
    shown: _Shown


@dataclass(slots=True)
class _Part:
    """An encoded status: text, gap, text, …, text; for exactly the statuses it was made of."""

    made_of: tuple[Status | None, ...]
    texts: tuple[bytes, ...]
    gaps: tuple[tuple[bool, int, int], ...]
    """Whether an author belongs there, and which; or the marks of which status, and whose pin if it is the reader's."""
    print: bytes
    """A digest of `texts`."""
    plain: _Plain | None = None
    """In the place of `texts`, where it has one author and no pin."""


class Encoded:
    """A memory of parts and authors; one in each process, in `engines.configs`."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.authors: dict[int, _Author] = {}
        self.parts: dict[tuple[int, int], _Part] = {}
        """By status and reader: 0 for the public, 1 for whoever wrote none of it, else who wrote some of it."""

    def pieces(self, viewer: Viewer | None, page: Hydrated, status: Status, prints: list[bytes]) -> list[bytes] | None:
        """The status for this viewer, to be joined; None when something of it is not in memory.

        What tells it from any other, and from itself with other counts or marks, is added to `prints`.
        """
        part = self.parts.get((status.id, _reader(viewer, page, status)))
        if part is None:
            return None
        if part.made_of[0] is not status or (len(part.made_of) > 1 and not _is_same(part, page, status)):
            return None
        texts = part.texts or _opened(part)
        found = [texts[0]]
        prints.append(part.print)
        marks = page.marks
        for (is_author, number, pinned), text in zip(part.gaps, texts[1:], strict=True):
            if is_author:
                author = self.authors.get(number)
                version = page.authors.get(number)
                if author is None or version is None:
                    return None
                if author.version is not version and not _revise(author, version):
                    return None
                found.append(author.shown.encoded)
                prints.append(author.shown.print)
            else:
                mine = marks.get(number)
                if (mine is None or mine is UNMARKED) and not pinned:
                    found.append(_PLAIN)
                else:
                    told = _marks(mine or UNMARKED, marks.get(pinned, UNMARKED).pinned if pinned else None)
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
    memory = engines.config(Encoded)
    joints = [b"["]
    prints: list[bytes] = []
    marks, me = warm.page.marks, viewer.account_id
    for shared, author in warm.rows:
        status = shared.status
        if status is None:
            continue
        if author is not None and author.shown is not None and status.id not in marks and status.account_id != me:
            part = shared.shown
            if isinstance(part, _Plain) and isinstance(author.shown, _Shown):
                joints += (part.before, author.shown.encoded, part.after, b",")
                prints += (part.print, author.shown.print)
                continue
        pieces = memory.pieces(viewer, _page_of(warm, status, author), status, prints)
        if pieces is None:
            return None
        joints += pieces
        joints.append(b",")
        if author is not None:
            memory.attach(shared, author)
    joints[-1:] = [b"]"] if warm.rows else [b"[]"]
    return b"".join(joints), b'"%b"' % blake2b(b"".join(prints), digest_size=12).hexdigest().encode()


def _page_of(warm: Warm, status: Status, author: Author | None) -> Hydrated:
    """What is known of the page for this row."""
    if author is None:
        return warm.page
    return replace(warm.page, statuses={status.id: status}, authors={status.account_id: author.version})


async def encoded_statuses(engines: Engines, viewer: Viewer | None, page: Hydrated) -> list[StatusEntity]:
    """What `present_statuses` gives, already encoded: `msgspec.Raw` stands for each entity."""
    if not page.ids:
        return []
    memory = engines.config(Encoded)
    page = await _with_authors(engines, memory, page)
    missing = [status for status in page if memory.pieces(viewer, page, status, []) is None]
    if missing:
        mentioned = chain.from_iterable(one.mention_ids for one in page.statuses.values())
        names = await usernames(engines.db, mentioned)
        accounts = {i: memory.authors[i].entity for i in page.authors}
        presented = Presented(memory.site, viewer, page.statuses, accounts, {}, names)
        if len(memory.parts) + len(missing) > PARTS_MAX:
            memory.parts.clear()
        for status in missing:
            memory.parts[status.id, _reader(viewer, page, status)] = _part(presented, page, status)
    raws: list[object] = []
    for status in page:
        pieces = memory.pieces(viewer, page, status, [])
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
        memory.authors[account_id] = _Author(wanted[account_id], entity, _shown(entity))
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
        author.shown = _shown(entity)
    author.version = version
    return True


def _linked(page: Hydrated, status: Status) -> Iterator[Status | None]:
    """A status and all that is shown in it, None for what the viewer may not see."""
    yield status
    for link in (status.reblog_of_id, status.quoted_id):
        if link is not None:
            below = page.statuses.get(link)
            if below is None:
                yield None
            else:
                yield from _linked(page, below)


def _is_same(part: _Part, page: Hydrated, status: Status) -> bool:
    now = tuple(_linked(page, status))
    return len(now) == len(part.made_of) and all(map(is_, now, part.made_of))


def _reader(viewer: Viewer | None, page: Hydrated, status: Status) -> int:
    """Which of its kinds of readers the viewer is; see `Encoded.parts`."""
    if viewer is None:
        return 0
    me = viewer.account_id
    if status.account_id == me:
        return me
    if status.reblog_of_id is None and status.quoted_id is None:
        return 1
    return me if any(one is not None and one.account_id == me for one in _linked(page, status)) else 1


def _part(presented: Presented, page: Hydrated, status: Status) -> _Part:
    """Encode a status with its authors and the viewer's marks left open."""
    entity = entity_of(presented, status)
    _open(entity, status.id, presented.viewer)
    texts: list[bytes] = []
    gaps: list[tuple[bool, int, int]] = []
    pieces = _GAP.split(_encode(entity))
    for at in range(0, len(pieces), 4):
        texts.append(pieces[at])
        if at + 1 < len(pieces):
            gaps.append((pieces[at + 1] == b"a", int(pieces[at + 2]), int(pieces[at + 3])))
    made_of = tuple(_linked(page, status))
    part = _Part(made_of, tuple(texts), tuple(gaps), _print(*texts))
    if len(made_of) == 1 and [(is_author, pinned) for is_author, _, pinned in gaps] == [(True, 0), (False, 0)]:
        part.plain = _Plain(texts[0], texts[1] + _PLAIN + texts[2], part.print)
        part.texts = ()
    return part


def _opened(part: _Part) -> tuple[bytes, ...]:
    """The texts of a plain part, its marks left open again: they end where the entity's last two fields do."""
    assert part.plain is not None
    after = part.plain.after
    at = after.rindex(_PLAIN)
    return part.plain.before, after[:at], after[at + len(_PLAIN) :]


def _shown(entity: Account) -> _Shown:
    encoded = _encode(entity)
    return _Shown(encoded, _print(encoded))


def _print(*texts: bytes) -> bytes:
    return blake2b(b"\0".join(texts), digest_size=9).digest()


def _open(entity: StatusEntity, marked_id: int, viewer: Viewer | None) -> None:
    """Put gaps where authors and marks would be; a reblog carries the marks of its original, and its own pin."""
    is_own = viewer is not None and entity.account.id == str(viewer.account_id)
    entity.account = cast("Any", msgspec.Raw(b"\0a%b:0\0" % entity.account.id.encode()))
    if entity.reblog is not None:
        marked_id = int(entity.reblog.id)
        _open(entity.reblog, marked_id, viewer)
    quoted = entity.quote.quoted_status if entity.quote is not None else None
    if quoted:
        _open(quoted, int(quoted.id), viewer)
    if viewer is not None:
        gap = b"\0m%d:%d\0" % (marked_id, int(entity.id) if is_own else 0)
        entity.favourited = cast("Any", msgspec.Raw(gap))
        entity.reblogged = entity.bookmarked = entity.muted = entity.pinned = entity.filtered = msgspec.UNSET


class _Marked(msgspec.Struct):
    """The fields of a status that tell what its reader has done, in the order of the entity."""

    favourited: bool
    reblogged: bool
    bookmarked: bool
    muted: bool
    pinned: bool | msgspec.UnsetType
    filtered: list[str]


@lru_cache(maxsize=256)
def _marks(marks: Marks, pinned: bool | None) -> bytes:  # noqa: FBT001 -- a value, not a switch
    """The marks as they stand after `"favourited":`."""
    pin = msgspec.UNSET if pinned is None else pinned
    fields = _Marked(marks.favourited, marks.reblogged, marks.bookmarked, marks.muted, pin, [])
    return _encode(fields).removeprefix(b'{"favourited":').removesuffix(b"}")


_PLAIN: Final = _marks(UNMARKED, None)
