"""A bounded dictionary of things read from PostgreSQL, that does not keep what was outdated while it was being read."""

import time
from collections.abc import Callable, Hashable, Iterable
from itertools import islice
from operator import is_
from typing import Any, Final, Generic, TypeVar

from linnet.platform.changes import KEPT_MAX_S

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

DROPPED_MAX: Final = 10_000
"""Keys dropped lately that are remembered, for readers that are still on their way."""


class Kept(Generic[K, V]):
    """Values by key. To fill it: `began = kept.now()`, read, then `put` each; what was dropped in between is not kept.

    When it is full the tenth that came first goes: what is still wanted comes back as new.
    """

    def __init__(self, entries_max: int, *, kept_s: float = KEPT_MAX_S) -> None:
        self._entries_max = entries_max
        self._kept_s = kept_s
        self._entries: dict[K, tuple[float, V]] = {}
        self._serial = 0
        self._dropped: dict[K, int] = {}
        self._cleared = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K, at_s: float) -> V | None:
        """The value, unless it is too old at the moment `at_s` (monotonic seconds)."""
        found = self._entries.get(key)
        return found[1] if found is not None and at_s < found[0] else None

    def get_all(self, keys: Iterable[K], at_s: float) -> list[V] | None:
        """The values in the order of the keys, or None when any is not there, or too old."""
        entries, values = self._entries, list[V]()
        for key in keys:
            found = entries.get(key)
            if found is None or at_s >= found[0]:
                return None
            values.append(found[1])
        return values

    def standing(self, keys: Iterable[K]) -> "Standing[K]":
        """What stands under these keys now, to be asked later whether it still does."""
        return Standing(self._entries, tuple(keys))

    def now(self) -> int:
        """The moment a reading begins."""
        return self._serial

    def steady(self, key: K, began: int) -> bool:
        """Whether what was read about `key` since `began` still holds."""
        return self._cleared <= began and self._dropped.get(key, 0) <= began

    def put(self, key: K, value: V, began: int) -> None:
        """Keep a value read since `began`, if it still holds."""
        if not self.steady(key, began):
            return
        if len(self._entries) >= self._entries_max:
            for old in list(islice(self._entries, max(1, self._entries_max // 10))):
                del self._entries[old]
        self._entries.pop(key, None)
        self._entries[key] = (time.monotonic() + self._kept_s, value)

    def revise(self, key: K, change: Callable[[V], V]) -> None:
        """Change a value that is there, as its row was changed."""
        self._note(key)
        found = self._entries.get(key)
        if found is not None:
            self._entries[key] = (found[0], change(found[1]))

    def drop(self, key: K) -> None:
        """Let go of a value, and of any that is being read now."""
        self._note(key)
        self._entries.pop(key, None)

    def drop_those(self, outdated: Callable[[V], bool]) -> None:
        """Let go of the values that a rule picks, and of all that is being read now. It looks at every value."""
        self._serial += 1
        self._cleared = self._serial
        for key in [key for key, (_, value) in self._entries.items() if outdated(value)]:
            del self._entries[key]

    def clear(self) -> None:
        """Let go of everything."""
        self._serial += 1
        self._cleared = self._serial
        self._dropped.clear()
        self._entries.clear()

    def _note(self, key: K) -> None:
        self._serial += 1
        if len(self._dropped) >= DROPPED_MAX:
            self._cleared = self._serial
            self._dropped.clear()
        self._dropped[key] = self._serial


class Standing(Generic[K]):
    """Some entries as they were: whatever was made of them is true for as long as they are the very same."""

    __slots__ = ("_entries", "_find", "_keys", "_until_s")

    def __init__(self, entries: dict[K, tuple[float, Any]], keys: tuple[K, ...]) -> None:
        self._find = entries.get
        self._keys = keys
        self._entries = tuple(map(entries.get, keys))
        self._until_s = min((0.0 if one is None else one[0] for one in self._entries), default=float("inf"))

    def holds(self, at_s: float) -> bool:
        """Whether all of them are there at that moment (monotonic seconds), and none was read anew or changed."""
        return at_s < self._until_s and all(map(is_, map(self._find, self._keys), self._entries))
