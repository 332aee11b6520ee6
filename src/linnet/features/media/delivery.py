"""What may be fetched of uploads, kept in each process: to read what never changes costs no statement."""

import time
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from linnet.features.media.filing import PIECES
from linnet.features.media.models import Variant, folder_name
from linnet.features.media.store import delivery as store
from linnet.platform.blobs import Blobs, is_name
from linnet.platform.changes import KEPT_MAX_S, Change, Changes, Kind
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound

UPLOADS_MAX: Final = 20_000
"""Uploads kept; each has about 2 KB with all of its variants."""

PIECES_MAX: Final = 50_000


@dataclass(frozen=True, slots=True)
class Shown:
    """An upload whose files are there."""

    media_id: int
    account_id: int
    status_id: int | None
    is_used: bool
    """Whether anything shows it; else only its owner may see it."""
    variants: tuple[Variant, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        """Of everything whose change may be one of this."""
        ids = (self.media_id, self.account_id)
        return ids if self.status_id is None else (*ids, self.status_id)


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be fetched."""

    name: str
    """In the store."""
    content_type: str
    bytes: int


class Deliveries:
    """A bounded memory of uploads that something shows; one in each process that answers people."""

    def __init__(self, changes: Changes, *, uploads_max: int = UPLOADS_MAX) -> None:
        self._uploads_max = uploads_max
        self._kept: OrderedDict[int, tuple[float, Shown]] = OrderedDict()
        self._kept_of: defaultdict[int, set[int]] = defaultdict(set)
        """Ids of uploads by the ids of what they depend on."""
        self._heard = 0
        self._pieces: OrderedDict[str, int] = OrderedDict()
        changes.hear(self._hear, self._forget)

    async def find(self, engines: Engines, media_id: int) -> Shown:
        """An upload whose files are there; `NotFound` for any other, and for those of suspended accounts.

        No statement for one that was found lately and that something shows.
        """
        is_true = await engines.changes.catch_up()
        kept = self._kept.get(media_id) if is_true else None
        if kept is not None and time.monotonic() < kept[0]:
            return kept[1]
        began = self._heard
        found = await store.find(engines.db, media_id)
        if found is None:
            raise NotFound
        shown = Shown(media_id, *found)
        if is_true and shown.is_used and began == self._heard:
            self._keep(shown)
        return shown

    async def file(self, blobs: Blobs, shown: Shown, path: str) -> File:
        """One of an upload's files by its path below the upload's folder; `NotFound` if it is none of them."""
        name = folder_name(shown.media_id) + path
        for variant in shown.variants:
            if variant.file == path and "/" not in path:
                return File(name, variant.content_type, variant.bytes)
        content_type = PIECES.get(PurePosixPath(path).suffix)
        trees = [variant.file.partition("/")[0] + "/" for variant in shown.variants if "/" in variant.file]
        if content_type is None or not path.startswith(tuple(trees)) or not is_name(path):
            raise NotFound
        return File(name, content_type, await self._size(blobs, name))

    async def _size(self, blobs: Blobs, name: str) -> int:
        """Bytes of what lies beside a playlist; it never has others, for its name holds a digest."""
        size = self._pieces.get(name)
        if size is None:
            size = self._pieces[name] = await blobs.size(name)
            if len(self._pieces) > PIECES_MAX:
                self._pieces.popitem(last=False)
        return size

    def _keep(self, shown: Shown) -> None:
        self._drop(shown.media_id)
        self._kept[shown.media_id] = (time.monotonic() + KEPT_MAX_S, shown)
        for one in shown.ids:
            self._kept_of[one].add(shown.media_id)
        while len(self._kept) > self._uploads_max:
            self._drop(next(iter(self._kept)))

    def _hear(self, change: Change) -> None:
        kind, subject = change[:2]
        if kind is Kind.MEDIA or kind is Kind.STATUS or kind is Kind.ACCOUNT:
            self._heard += 1
            for media_id in tuple(self._kept_of.get(subject, ())):
                self._drop(media_id)

    def _drop(self, media_id: int) -> None:
        kept = self._kept.pop(media_id, None)
        if kept is None:
            return
        for one in kept[1].ids:
            self._kept_of[one].discard(media_id)
            if not self._kept_of[one]:
                del self._kept_of[one]

    def _forget(self) -> None:
        self._heard += 1
        self._kept.clear()
        self._kept_of.clear()
