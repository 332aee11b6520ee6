"""What tokens gave a moment ago, kept in this process, so that most requests need no query to know who asks."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from linnet.features.sessions.models import Access
from linnet.platform.engines import Engines

REVOKED_CHANNEL: Final = "sessions:revoked"
"""Messages `session:<id>`, `token:<id>`, `account:<id>`: whoever holds on to an `Access` lets go of it."""

FRESH_S: Final = 0.9
"""A lost message must not matter: a revoked session stops working within one second on every process."""

TOKENS_MAX: Final = 20_000


class RecentAccess:
    """A bounded memory of tokens; one in each process that answers people, in `engines.configs`."""

    def __init__(self, *, fresh_s: float = FRESH_S, tokens_max: int = TOKENS_MAX) -> None:
        self._fresh_s = fresh_s
        self._tokens_max = tokens_max
        self._by_token: OrderedDict[str, tuple[float, float, Access]] = OrderedDict()

    def find(self, token: str, at_s: float) -> Access | None:
        """What this token gave less than `FRESH_S` ago, unless it has expired (Unix seconds `at_s`) since."""
        found = self._by_token.get(token)
        if found is None:
            return None
        forget_at_s, expires_at_s, access = found
        return access if time.monotonic() < forget_at_s and at_s < expires_at_s else None

    def keep(self, token: str, access: Access, *, asked_at_s: float, expires_at_s: float) -> None:
        """Remember what was read from the database at `asked_at_s` (monotonic seconds)."""
        self._by_token[token] = (asked_at_s + self._fresh_s, expires_at_s, access)
        self._by_token.move_to_end(token)
        while len(self._by_token) > self._tokens_max:
            self._by_token.popitem(last=False)

    async def hear(self, message: bytes) -> None:
        """Handler of the bus for `REVOKED_CHANNEL`."""
        kind, _, number = message.decode(errors="replace").partition(":")
        self._drop(_MATCHERS[kind](int(number)))

    def _drop(self, matches: Callable[[Access], bool]) -> None:
        for token in [token for token, (_, _, access) in self._by_token.items() if matches(access)]:
            del self._by_token[token]


async def announce_revoked(engines: Engines, kind: str, number: int) -> None:
    """Tell this process and every other to let go of a `session`, a `token` or everything of an `account`."""
    message = f"{kind}:{number}".encode()
    if RecentAccess in engines.configs:
        await engines.config(RecentAccess).hear(message)
    await engines.bus.publish(REVOKED_CHANNEL, message)


_MATCHERS: Final[dict[str, Callable[[int], Callable[[Access], bool]]]] = {
    "session": lambda number: lambda access: access.session_id == number,
    "token": lambda number: lambda access: access.token_id == number,
    "account": lambda number: lambda access: access.viewer is not None and access.viewer.account_id == number,
}
