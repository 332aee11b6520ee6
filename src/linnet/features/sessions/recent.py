"""What tokens gave a moment ago, kept in this process, so that most requests need no query to know who asks."""

import time
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from typing import Final

from linnet.features.sessions.models import Access
from linnet.platform.changes import ACCESS_KEPT_S, Change, Changes, Kind

UNHEARD_S: Final = 0.9
"""Without the log of changes nothing tells of a revocation; it is to count within one second all the same."""

TOKENS_MAX: Final = 20_000


@dataclass(frozen=True, slots=True)
class _Recent:
    access: Access
    asked_at_s: float
    """Monotonic seconds when the database was asked."""
    expires_at_s: float
    """Unix seconds."""

    @property
    def ids(self) -> tuple[int, ...]:
        """Of everything whose end is the end of this: the session, the token, the account."""
        access = self.access
        account_id = access.viewer.account_id if access.viewer else None
        return tuple(one for one in (access.session_id, access.token_id, account_id) if one is not None)


class RecentAccess:
    """A bounded memory of tokens; one in each process that answers people, in `engines.configs`."""

    def __init__(self, changes: Changes, *, tokens_max: int = TOKENS_MAX) -> None:
        self._tokens_max = tokens_max
        self._by_token: OrderedDict[str, _Recent] = OrderedDict()
        self._tokens_of: defaultdict[int, set[str]] = defaultdict(set)
        self._ended = 0
        changes.hear(self._hear, self._forget)

    def find(self, token: str, at_s: float, *, heard: bool) -> Access | None:
        """What this token gave, unless it has expired (Unix seconds `at_s`) since, or was asked too long ago.

        `heard`: whether the log of changes was just read, which tells of every end.
        """
        found = self._by_token.get(token)
        if found is None or at_s >= found.expires_at_s:
            return None
        kept_s = ACCESS_KEPT_S if heard else UNHEARD_S
        return found.access if time.monotonic() < found.asked_at_s + kept_s else None

    def now(self) -> int:
        """The moment a reading begins."""
        return self._ended

    def keep(self, token: str, access: Access, *, began: int, asked_at_s: float, expires_at_s: float) -> None:
        """Remember what was read from the database since `began`, unless anything has ended meanwhile."""
        if began != self._ended:
            return
        self._drop(token)
        recent = self._by_token[token] = _Recent(access, asked_at_s, expires_at_s)
        for one in recent.ids:
            self._tokens_of[one].add(token)
        while len(self._by_token) > self._tokens_max:
            self._drop(next(iter(self._by_token)))

    def _hear(self, change: Change) -> None:
        if change[0] is Kind.ACCESS:
            self._ended += 1
            for token in tuple(self._tokens_of.get(change[1], ())):
                self._drop(token)

    def _drop(self, token: str) -> None:
        recent = self._by_token.pop(token, None)
        if recent is None:
            return
        for one in recent.ids:
            self._tokens_of[one].discard(token)
            if not self._tokens_of[one]:
                del self._tokens_of[one]

    def _forget(self) -> None:
        self._ended += 1
        self._by_token.clear()
        self._tokens_of.clear()
