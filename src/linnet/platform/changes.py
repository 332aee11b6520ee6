"""What has changed since a process last looked: a short log in Valkey that keeps every process's caches true.

A verb writes to PostgreSQL, commits, and then appends what it changed to the log, before it answers. A read that is
about to use caches asks for what is new in the log and lets go of that first. So nobody reads what they, or anyone who
has had an answer, has changed before. When the log cannot be had, or has lost entries, nothing cached counts.

If a process dies between commit and append, its change is told again by a job that committed with it where that matters
(blocks, deletions, suspensions, edits, profiles), and no cache keeps anything longer than `KEPT_MAX_S`.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable
from enum import IntEnum
from struct import Struct
from typing import Final, LiteralString

import structlog

from linnet.platform.errors import EngineDown
from linnet.platform.valkey import Command, Script, Valkey

KEPT_MAX_S: Final = 300.0
"""The longest that anything is kept in a cache without being read anew."""

ACCESS_KEPT_S: Final = 60.0
"""The same for what a token gives."""

LOG_LENGTH: Final = 10_000
"""Entries of the log. A process that falls further behind forgets everything instead."""

KEEP_UP_EVERY_S: Final = 0.5

_CHUNK: Final = 1_000
"""Entries of one append; Lua's `unpack` takes some thousands."""

_CONNECTIONS_TRIED: Final = 3

_COUNTER: Final = "{changes}:at"
_LOG: Final = "{changes}:log"
_ASK: Final[Command] = ("GET", _COUNTER)
_ENTRY = Struct(">Bqqqq")


class Kind(IntEnum):
    """What a change is about; the numbers that come with it."""

    STATUS = 1
    """A status has other words, counters or readers, or is gone: its id."""
    ACCOUNT = 2
    """An account shows something else, or is gone: its id."""
    COUNTERS = 3
    """Counters of an account: its id, followers, following, statuses."""
    VIEWER = 4
    """Whom an account follows, blocks, mutes, is blocked by, or which threads it mutes: its id."""
    MARK = 5
    """What an account has done with one status: the ids of both."""
    ACCESS = 6
    """A session or token has ended, or all of an account have, or its role is another: the id of any of the three."""
    MERGED = 7
    """A status of an author whose statuses readers merge into their homes: the ids of author and status."""
    WRITER = 8
    """An account has written something that a replica of PostgreSQL may lack, and no other change says so: its id."""
    AUDIENCE = 9
    """A follower may have asked to hear of each post of an account: its id."""
    TAGGED = 10
    """A public status under a hashtag that somebody follows: the ids of hashtag and status."""
    FILTERS = 11
    """What an account filters is something else: its id."""
    MEDIA = 12
    """An upload has other files, is shown by nothing any more, or is gone: its id, or that of what showed it."""
    SEARCHES = 13
    """An account keeps other searches, has them on other lists, or those lists show something else: its id."""
    STANDING = 14
    """Something happened to an account that its reputation is made of: its id."""
    IP_BLOCKS = 15
    """Other networks are blocked."""
    CAMPAIGNS = 16
    """A campaign was recognised, has other texts, or is none: its id."""
    AUTHOR = 17
    """Whatever an account has posted looks another way, at the word of staff: its id."""

    POLICY = 18
    """Another policy of moderation holds: its version."""


_KINDS: Final = frozenset(Kind)
"""A process of a newer release may tell of others: this one cannot know what about, so it forgets everything."""

Change = tuple[Kind, int, int, int, int]
"""A kind and its numbers, the rest 0."""


def change(kind: Kind, *numbers: int) -> Change:
    """A change, to be announced."""
    first, second, third, fourth = (*numbers, 0, 0, 0, 0)[:4]
    return kind, first, second, third, fourth


_BEGIN: LiteralString = """
if server.call('EXISTS', KEYS[1]) == 0 then
    local now = server.call('TIME')
    server.call('SET', KEYS[1], now[1] .. string.format('%06d', now[2]))
    server.call('DEL', KEYS[2])
end
"""
"""The counter begins at the time, so that after a loss it is never again at a number it had before."""

_APPEND = Script(f"""{_BEGIN}
server.call('RPUSH', KEYS[2], unpack(ARGV))
server.call('LTRIM', KEYS[2], -{LOG_LENGTH}, -1)
return server.call('INCRBY', KEYS[1], #ARGV)
""")
"""Append entries; where the log is now."""

_SINCE = Script(f"""
local at = server.call('GET', KEYS[1])
if at == ARGV[1] then return nil end
{_BEGIN}
at = server.call('GET', KEYS[1])
local missed = tonumber(at) - tonumber(ARGV[1])
if missed < 0 or missed > server.call('LLEN', KEYS[2]) then return {{at}} end
return {{at, server.call("LRANGE", KEYS[2], -missed, -1)}}
""")
"""Nil when nothing is new; else where the log is, and what is new unless some of that is no longer there."""

log = structlog.get_logger()


class Changes:
    """The log as a process or, from `once`, a request sees it."""

    def __init__(self, valkey: Valkey) -> None:
        self._place = _Place(valkey)

    def once(self) -> "Changes":
        """For one request, which is answered as of its beginning: its first catching up is for all of it."""
        return _Once(self._place)

    def hear(self, one: Callable[[Change], None], everything: Callable[[], None]) -> None:
        """From now on call `one` with each change, and `everything` when any number may have been missed."""
        self._place.hearers.append((one, everything))

    async def tell(self, changes: Iterable[Change]) -> None:
        """Append to the log. When Valkey is away they are owed, and told before anything else is, or any cache used."""
        await self._place.tell(changes)

    async def catch_up(self) -> bool:
        """Hear what is new; False when that cannot be had, and nothing cached may be used."""
        return await self._place.catch_up()

    @property
    def command(self) -> Command:
        """What to ask Valkey, along with something else, to hear whether anything is new: see `is_at`."""
        return _ASK

    def is_at(self, reply: bytes | None) -> bool:
        """Whether the reply to `command` says that all has been heard; else catch up."""
        return self._place.is_at(reply)

    async def keep_up(self) -> None:
        """Hear what is new now and then, until cancelled, so that a process that nobody asks falls not far behind."""
        while True:
            await asyncio.sleep(KEEP_UP_EVERY_S)
            await self._place.catch_up()


class _Once(Changes):
    """The log as one request sees it."""

    def __init__(self, place: "_Place") -> None:  # pyright: ignore[reportMissingSuperCall] -- shares its process's place
        self._place = place
        self._caught_up: bool | None = None

    async def tell(self, changes: Iterable[Change]) -> None:
        self._caught_up = None
        await super().tell(changes)

    async def catch_up(self) -> bool:
        if self._caught_up is None:
            self._caught_up = await super().catch_up()
        return self._caught_up


class _Place:
    """This process's place in the log, and the caches it keeps true."""

    def __init__(self, valkey: Valkey) -> None:
        self._valkey = valkey
        self._at = b"0"
        self._link: object = None
        """The connection over which `_at` was heard: over another one the log may be another, or shorter."""
        self._owed: dict[Change, None] = {}
        self._asking: asyncio.Task[bool] | None = None
        """What begins at the end of this turn of the loop."""
        self.hearers: list[tuple[Callable[[Change], None], Callable[[], None]]] = []

    async def tell(self, changes: Iterable[Change]) -> None:
        self._owed.update(dict.fromkeys(changes))
        if not self._owed:
            return
        telling, self._owed = self._owed, {}
        try:
            await self._append(telling)
        except BaseException as error:
            self._owed.update(telling)
            if not isinstance(error, EngineDown):
                raise
            log.warning("changes owed", number=len(self._owed))

    async def _append(self, telling: Collection[Change]) -> None:
        """To the log of the master that others, too, take for it: one that was replaced would forget it."""
        for _ in range(_CONNECTIONS_TRIED):
            link = self._valkey.link_to(_COUNTER)
            try:
                if len(telling) > LOG_LENGTH:
                    await self._valkey.forget([_COUNTER], copied=True)  # everybody forgets everything
                    return
                entries = [_ENTRY.pack(*one) for one in telling]
                chunks = [entries[start : start + _CHUNK] for start in range(0, len(entries), _CHUNK)]
                await self._valkey.run_many(_APPEND, [([_COUNTER, _LOG], chunk) for chunk in chunks], copied=True)
            except EngineDown:
                if await self._valkey.is_sure_of(_COUNTER) and self._valkey.link_to(_COUNTER) is link:
                    raise
            else:
                return
        raise EngineDown("valkey")

    def is_at(self, reply: bytes | None) -> bool:
        if self._owed or reply is None or self._valkey.link_to(_COUNTER) is not self._link:
            return False
        return reply == self._at or int(reply) <= int(self._at)

    async def catch_up(self) -> bool:
        """Whoever comes in the same turn of the loop is answered together: what is asked leaves only after it."""
        if self._asking is None:
            self._asking = asyncio.get_running_loop().create_task(self._catch_up())
        return await asyncio.shield(self._asking)

    async def _catch_up(self) -> bool:
        self._asking = None  # who comes from here on may know of changes that this answer lacks
        try:
            if self._owed:
                await self.tell(())
            new = await self._ask()
        except EngineDown:
            return False
        if self._owed:
            return False
        if new is not None:
            self._hear(new[0], new[1] if len(new) > 1 else None)
        return True

    async def _ask(self) -> tuple[bytes] | tuple[bytes, list[bytes]] | None:
        """What `_SINCE` says, asked from the beginning of a connection on: a successor may lack what was told last."""
        for _ in range(_CONNECTIONS_TRIED):
            link = self._valkey.link_to(_COUNTER)
            at = self._at if link is self._link else b"0"
            new = await self._valkey.run(_SINCE, [_COUNTER, _LOG], [at])
            if link is not self._link and not await self._valkey.is_sure_of(_COUNTER):
                continue
            if self._valkey.link_to(_COUNTER) is link:
                self._link = link
                return new
        raise EngineDown("valkey")

    def _hear(self, at: bytes, entries: list[bytes] | None) -> None:
        """Take note of an answer; of several on their way at once any order will do, for hearing twice does no harm."""
        if entries is None or any(entry[0] not in _KINDS for entry in entries):
            for _, everything in self.hearers:
                everything()
            self._at = at
            return
        for entry in entries:
            kind, *numbers = _ENTRY.unpack(entry)
            heard = change(Kind(kind), *numbers)
            for one, _ in self.hearers:
                one(heard)
        if int(at) > int(self._at):
            self._at = at
