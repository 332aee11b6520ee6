"""What a process has at hand to begin a status with, so that most begin without a question to PostgreSQL.

That is what lately posting authors have chosen, kept true by the log of changes, and numbers for ids, of which a busy
process takes some in stock.
"""

import time
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from linnet.features.accounts.models import Preferences
from linnet.features.statuses.store.posts import Beginning, Blank
from linnet.platform.changes import Change, Changes, Kind
from linnet.platform.ids import snowflake
from linnet.platform.kept import Kept

AUTHORS_MAX: Final = 20_000
"""Authors of one process: 200 bytes each."""

STOCK_PER_STATUS: Final = 16
"""Numbers taken in stock for each of the statuses that begin together; for one that begins alone, none."""

STOCK_LIFE_S: Final = 1.0
"""How long a number may lie in stock.

An id is unique as long as fewer than 65,536 numbers are given out between two that fall into the same millisecond, and
a number that has waited has had that much less to go.
"""


class Blanks:
    """Authors and numbers at hand; one in each process that takes posts, in its `Press`."""

    def __init__(self, changes: Changes) -> None:
        self._authors: Kept[int, tuple[bool, Preferences]] = Kept(AUTHORS_MAX)
        self._stock: deque[int] = deque()
        self._stock_until_s = 0.0
        changes.hear(self._hear, self._authors.clear)

    def at_hand(self, account_id: int, at: datetime) -> Blank | None:
        """A blank status of the moment `at`, if both are here. Only after `catch_up`."""
        at_s = time.monotonic()
        if not self._stock or at_s > self._stock_until_s:
            return None
        known = self._authors.get(account_id, at_s)
        if known is None:
            return None
        return Blank(snowflake(at, self._stock.popleft()), None, *known)

    def now(self) -> int:
        """The moment a reading of authors begins, for `learn`."""
        return self._authors.now()

    def learn(self, beginnings: Sequence[Beginning], blanks: Sequence[Blank], began: int) -> None:
        """Keep what was read of authors since `began`."""
        for beginning, blank in zip(beginnings, blanks, strict=True):
            self._authors.put(beginning.account_id, (blank.announced, blank.defaults), began)

    def lay_in(self, numbers: Sequence[int]) -> None:
        """Take numbers of the sequence in stock, in place of what is left of others."""
        self._stock = deque(numbers)
        self._stock_until_s = time.monotonic() + STOCK_LIFE_S

    def _hear(self, change: Change) -> None:
        if change[0] is Kind.ACCOUNT or change[0] is Kind.AUDIENCE:
            self._authors.drop(change[1])
