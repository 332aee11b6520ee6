"""Who is streamed to, whom they follow, block and mute, and what they filter: known of all who are here, and true.

A timeline asks for one viewer what they may see; a stream asks of one status who may see it. So besides the circle of
each reader there is an index the other way round: by author, who of those here follows them.
"""

import asyncio
import time
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.filters import lenses
from linnet.features.filters.matching import NO_FILTERS
from linnet.features.relationships import circles
from linnet.features.relationships.models import Circle
from linnet.features.statuses.tags import reads as followed_tags
from linnet.platform.changes import KEPT_MAX_S, Change, Kind
from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown

READ_TOGETHER_MAX: Final = 50
"""Circles of one statement."""

LOOK_EVERY_S: Final = 5.0
"""How often circles are looked through for those to be read anew."""

READ_EVERY_S: Final = 0.25
"""How soon what is not known is read, though nothing has happened yet that it is asked for."""

SWEPT_AT_ONCE: Final = 2_000
"""Authors of the index that are gone through in one step, so that nobody waits."""

_ABOUT_READERS: Final = frozenset({Kind.VIEWER, Kind.FILTERS})

SWEPT_FROM: Final = 1_000
"""Readers who have left, from which on the index is swept."""


class Reader:
    """An account that is here, with one connection or several."""

    __slots__ = ("changes", "circle", "lens", "read_at_s", "slot", "tags", "viewer")

    def __init__(self, viewer: Viewer, slot: int) -> None:
        self.viewer = viewer
        self.slot = slot
        self.circle: Circle | None = None
        self.lens = NO_FILTERS
        """What they filter, some of which may have run out."""
        self.tags: Mapping[str, int] = {}
        """Ids of the hashtags they follow, by their normalised names."""
        self.read_at_s = 0.0
        self.changes = 0
        """How often we heard that the circle or the lens is another."""

    @property
    def is_known(self) -> bool:
        """Whether all of the circle is there; else it is too large, and each status has to be asked about in SQL."""
        return self.circle is not None and self.circle.largest <= circles.EDGES_MAX


class Readers:
    """All of them, in one process."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._here: dict[int, Reader] = {}
        self._slots: list[Reader | None] = []
        self._free: list[int] = []
        self._left: set[int] = set()
        """Slots of those who have left, which the index may still name."""
        self._followed: dict[int, array[int]] = {}
        """By author the slots of who follows them; some may have stopped to, or be there twice: the rules decide."""
        self._under: dict[str, set[int]] = {}
        """By hashtag the accounts here that follow it."""
        self._stale: dict[int, Reader] = {}
        self._reading = asyncio.Lock()
        engines.changes.hear(self._hear, self._forget)

    def __len__(self) -> int:
        return len(self._here)

    def get(self, account_id: int) -> Reader | None:
        """The reader of this account, if it is here."""
        return self._here.get(account_id)

    def enter(self, viewer: Viewer) -> Reader:
        """Somebody comes, or comes once more; of somebody new nothing is known before `refresh`."""
        reader = self._here.get(viewer.account_id)
        if reader is None:
            slot = self._free.pop() if self._free else len(self._slots)
            reader = Reader(viewer, slot)
            if slot == len(self._slots):
                self._slots.append(reader)
            else:
                self._slots[slot] = reader
            self._here[viewer.account_id] = self._stale[viewer.account_id] = reader
        return reader

    def leave(self, account_id: int) -> None:
        """Their last connection is gone."""
        reader = self._here.pop(account_id, None)
        if reader is not None:
            self._note_tags(reader, {})
            self._stale.pop(account_id, None)
            self._slots[reader.slot] = None
            self._left.add(reader.slot)

    def following(self, author_id: int) -> Iterator[Reader]:
        """Everybody here who follows an author, and perhaps some who did; after `refresh`."""
        slots = self._slots
        for slot in set(self._followed.get(author_id, ())):
            reader = slots[slot]
            if reader is not None:
                yield reader

    def following_any(self, tags: Iterable[str]) -> Iterator[Reader]:
        """Everybody here who follows one of these hashtags; some may come more than once. After `refresh`."""
        for tag in tags:
            for account_id in self._under.get(tag, ()):
                yield self._here[account_id]

    async def refresh(self) -> None:
        """Read what is not known of those who are here now; after it, all of them are."""
        async with self._reading:
            stale = list(self._stale.values())
            for at in range(0, len(stale), READ_TOGETHER_MAX):
                await self._read(stale[at : at + READ_TOGETHER_MAX])

    async def _read(self, readers: Sequence[Reader]) -> None:
        began = [reader.changes for reader in readers]
        at_s = time.monotonic()
        account_ids = [reader.viewer.account_id for reader in readers]
        found = await circles.load(self._engines.db, account_ids)
        filters = await lenses.load(self._engines, account_ids)
        tags = await followed_tags.followed_by_each(self._engines.db, account_ids)
        for reader, changes in zip(readers, began, strict=True):
            account_id = reader.viewer.account_id
            if self._here.get(account_id) is not reader:
                continue
            self._index(reader, found[account_id])
            self._note_tags(reader, tags.get(account_id, {}))
            reader.circle, reader.lens, reader.read_at_s = found[account_id], filters[account_id], at_s
            if reader.changes == changes:
                self._stale.pop(account_id, None)

    def _index(self, reader: Reader, circle: Circle) -> None:
        known = set[int]() if reader.circle is None else set(reader.circle.follows)
        for author_id in circle.follows:
            if author_id not in known:
                slots = self._followed.get(author_id)
                if slots is None:
                    slots = self._followed[author_id] = array("I")
                slots.append(reader.slot)

    def _note_tags(self, reader: Reader, tags: Mapping[str, int]) -> None:
        for tag in reader.tags.keys() - tags.keys():
            self._under[tag].discard(reader.viewer.account_id)
            if not self._under[tag]:
                del self._under[tag]
        for tag in tags:
            self._under.setdefault(tag, set()).add(reader.viewer.account_id)
        reader.tags = tags

    def _hear(self, change: Change) -> None:
        if change[0] in _ABOUT_READERS:
            reader = self._here.get(change[1])
            if reader is not None:
                reader.changes += 1
                self._stale[change[1]] = reader

    def _forget(self) -> None:
        for account_id, reader in self._here.items():
            reader.changes += 1
            self._stale[account_id] = reader

    async def keep_true(self) -> None:
        """Until cancelled: read what is not known, or was read long ago, and let go of what has left."""
        looked_at_s = 0.0
        while True:
            await asyncio.sleep(READ_EVERY_S)
            with suppress(EngineDown):
                await self.refresh()
            if time.monotonic() - looked_at_s < LOOK_EVERY_S:
                continue
            looked_at_s = time.monotonic()
            oldest_s = time.monotonic() - KEPT_MAX_S + 2 * LOOK_EVERY_S
            for account_id, reader in self._here.items():
                if reader.read_at_s < oldest_s:
                    self._stale[account_id] = reader
            if len(self._left) >= SWEPT_FROM:
                await self._sweep()

    async def _sweep(self) -> None:
        """Take those who have left, or follow no more, out of the index; then their slots are for others."""
        left = frozenset(self._left)
        authors = iter(tuple(self._followed))
        while group := tuple(islice(authors, SWEPT_AT_ONCE)):
            for author_id in group:
                slots = array("I", self._living(author_id))
                if slots:
                    self._followed[author_id] = slots
                else:
                    del self._followed[author_id]
            await asyncio.sleep(0)
        self._left -= left
        self._free += left

    def _living(self, author_id: int) -> Iterable[int]:
        for slot in set(self._followed[author_id]):
            reader = self._slots[slot]
            if reader is not None and reader.circle is not None and reader.circle.is_following(author_id):
                yield slot
