"""One status as bytes with gaps: text, gap, text, …, text, the same for everybody who reads it.

Gaps are left for what one reader sees differently: how its authors look now, and what the reader has done with it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from operator import is_
from typing import Any, Final, cast

import msgspec

from linnet.features.accounts.models import Viewer
from linnet.features.statuses.models import UNMARKED, Hydrated, Marks, Status
from linnet.features.statuses.polls.models import Vote
from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.filter import FilterResult
from linnet.mastodon.entities.status import Status as StatusEntity
from linnet.mastodon.presenters.polls import choices_in
from linnet.mastodon.presenters.statuses import BLOCKED, MUTED, Presented, entity_of, quote_state

_GAP = re.compile(rb"\x00([amv])(\d+):(\d+)\x00")
"""An open place in an encoded status; JSON holds no NUL."""

AUTHOR: Final = 0
MARKS: Final = 1
VOTE: Final = 2
"""What belongs into a gap."""

_KINDS: Final = {b"a": AUTHOR, b"m": MARKS, b"v": VOTE}

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Shown:
    """An account, encoded."""

    encoded: bytes
    print: bytes
    """A digest of it."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A status that only shows its author, encoded without any marks: what stands before the author, and after."""

    before: bytes
    after: bytes
    print: bytes
    """A digest of both."""


@dataclass(slots=True)
class Part:
    """An encoded status: text, gap, text, …, text; for exactly the statuses it was made of."""

    made_of: tuple[Status | str | None, ...]
    texts: tuple[bytes, ...]
    gaps: tuple[tuple[int, int, int], ...]
    """What belongs there. An author: which. Marks: of which status, and whose pin if it is the reader's. A vote: on
    which status, and in which poll."""
    print: bytes
    """A digest of `texts`."""
    plain: Plain | None = None
    """In the place of `texts`, where it has one author and no pin."""


def linked(page: Hydrated, status: Status) -> Iterator[Status | str | None]:
    """A status and all that is shown in it, None for what the viewer may not see; before what it quotes, the state."""
    yield status
    if status.reblog_of_id is not None:
        yield from _below(page, status.reblog_of_id)
    if status.quoted_id is not None:
        yield quote_state(page.statuses, page.stances, status)
        yield from _below(page, status.quoted_id)


def _below(page: Hydrated, status_id: int) -> Iterator[Status | str | None]:
    below = page.statuses.get(status_id)
    if below is None:
        yield None
    else:
        yield from linked(page, below)


def is_made_of(part: Part, page: Hydrated, status: Status) -> bool:
    """Whether the part was made of the very statuses that the page has now."""
    now = tuple(linked(page, status))
    return len(now) == len(part.made_of) and all(map(is_, now, part.made_of))


def reader_of(viewer: Viewer | None, page: Hydrated, status: Status) -> int:
    """Which of its kinds of readers the viewer is; see `Encoded.parts`. Who silenced a quoted author is one alone."""
    if viewer is None:
        return 0
    me = viewer.account_id
    if status.account_id == me:
        return me
    if status.reblog_of_id is None and status.quoted_id is None:
        return 1
    for one in linked(page, status):
        if one is BLOCKED or one is MUTED or (isinstance(one, Status) and one.account_id == me):
            return me
    return 1


def part_of(presented: Presented, page: Hydrated, status: Status) -> Part:
    """Encode a status with its authors and the viewer's marks left open."""
    entity = entity_of(presented, status)
    _open(entity, status.id, presented.viewer)
    texts: list[bytes] = []
    gaps: list[tuple[int, int, int]] = []
    pieces = _GAP.split(_encode(entity))
    for at in range(0, len(pieces), 4):
        texts.append(pieces[at])
        if at + 1 < len(pieces):
            gaps.append((_KINDS[pieces[at + 1]], int(pieces[at + 2]), int(pieces[at + 3])))
    made_of = tuple(linked(page, status))
    part = Part(made_of, tuple(texts), tuple(gaps), _print(*texts))
    if len(made_of) == 1 and [(kind, pinned) for kind, _, pinned in gaps] == [(AUTHOR, 0), (MARKS, 0)]:
        part.plain = Plain(texts[0], texts[1] + NO_MARKS + texts[2], part.print)
        part.texts = ()
    return part


def texts_of(part: Part) -> tuple[bytes, ...]:
    """The texts of a part; of a plain one with its marks left open again, which are the last thing in it."""
    if part.plain is None:
        return part.texts
    after = part.plain.after
    at = after.rindex(NO_MARKS)
    return part.plain.before, after[:at], after[at + len(NO_MARKS) :]


def shown_of(entity: Account) -> Shown:
    """An account, encoded."""
    encoded = _encode(entity)
    return Shown(encoded, _print(encoded))


def _print(*texts: bytes) -> bytes:
    return blake2b(b"\0".join(texts), digest_size=9).digest()


def _open(entity: StatusEntity, marked_id: int, viewer: Viewer | None) -> None:
    """Put gaps where authors, marks and votes would be; a reblog carries its original's marks, and its own pin."""
    is_own = viewer is not None and entity.account.id == str(viewer.account_id)
    entity.account = cast("Any", msgspec.Raw(b"\0a%b:0\0" % entity.account.id.encode()))
    if entity.reblog is not None:
        marked_id = int(entity.reblog.id)
        _open(entity.reblog, marked_id, viewer)
    quoted = entity.quote.quoted_status if entity.quote is not None else None
    if quoted:
        _open(quoted, int(quoted.id), viewer)
    if viewer is not None and entity.poll is not None and not is_own:
        entity.poll.voted = cast("Any", msgspec.Raw(b"\0v%b:%b\0" % (entity.id.encode(), entity.poll.id.encode())))
        entity.poll.own_votes = msgspec.UNSET
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
    filtered: list[FilterResult]


@lru_cache(maxsize=256)
def marks_text(marks: Marks, pinned: bool | None) -> bytes:  # noqa: FBT001 -- a value, not a switch
    """The marks as they stand after `"favourited":`."""
    pin = msgspec.UNSET if pinned is None else pinned
    fields = _Marked(marks.favourited, marks.reblogged, marks.bookmarked, marks.muted, pin, [])
    return _encode(fields).removeprefix(b'{"favourited":').removesuffix(b"}")


NO_MARKS: Final = marks_text(UNMARKED, None)
NOTHING_FILTERED: Final = b"[]"
"""How the marks end where no filter matches."""


class _Voted(msgspec.Struct):
    """The fields of a poll that tell what its reader has done, in the order of the entity."""

    voted: bool
    own_votes: tuple[int, ...]


@lru_cache(maxsize=256)
def _choices_text(choices: tuple[int, ...]) -> bytes:
    return _encode(_Voted(bool(choices), choices)).removeprefix(b'{"voted":').removesuffix(b"}")


def vote_text(poll_id: int, vote: Vote | None) -> bytes:
    """What somebody who did not ask it chose in a poll, as it stands after `"voted":`."""
    return _choices_text(choices_in(poll_id, vote))
