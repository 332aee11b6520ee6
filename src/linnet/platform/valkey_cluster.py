"""A wire to a Valkey Cluster: each command goes to the master of its key's slot, wherever that is by now.

What a server refused because the slot is elsewhere was not done, and is asked again there. A command that was sent and
whose answer did not come is not: it may have been done, and who asked knows what to do then (a home comes from
PostgreSQL, a job runs again). So nothing waits for a master that has died; the map is learned anew until there is
another in its place.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import structlog
from valkey.exceptions import ResponseError

from linnet.platform import valkey_slots as slots
from linnet.platform.valkey_link import Argument, Link, Lost, encoded
from linnet.platform.valkey_map import LEARN_TIMEOUT_S, SlotMap, is_away
from linnet.platform.valkey_slots import slot_of, slot_of_command
from linnet.platform.valkey_wire import Wire, raised_of

PAUSES_S: Final = (0.0, 0.0, 0.005, 0.02)
"""Before a command is asked again where it belongs. In a slot that is being moved several keys may need a moment."""

COPY_TIMEOUT_MS: Final = 100
COPY_REST_S: Final = 5.0
"""After no replica took note in time, what is written to that master is not waited for, for so long."""

_ASKING: Final = encoded(("ASKING",))
_WAIT: Final = encoded(("WAIT", 1, COPY_TIMEOUT_MS))

Command = tuple[Argument, ...]
Server = tuple[Wire | None, bool]
"""Who is asked, and whether only this once, as a slot is being moved there (ASKING)."""

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class Undone(Lost):
    """Nothing was sent, or nothing done: it can be asked elsewhere without a doubt."""

    def __init__(self, why: str, tried: Wire | None) -> None:
        super().__init__(why)
        self.tried = tried


class ClusterWire:
    """The servers of a cluster, with one connection to each that is needed."""

    def __init__(self, slot_map: SlotMap) -> None:
        self._map = slot_map
        self._copying_from_s: dict[Wire, float] = {}
        """For masters without a replica that keeps up: when they are next asked whether they have one."""

    async def call(self, *command: Argument) -> Any:  # noqa: ANN401 -- a reply may be anything
        """The reply to one command. Those that are for every master give the last one's."""
        at = slots.KEY_AT.get(command[0], slots.OTHERS_KEY_AT)
        if at <= slots.ANYWHERE or at >= len(command):
            return await self._call_without_a_key(at, command)
        wire = self._map.by_slot[slot_of(command[at])]
        if wire is None or (link := wire.link) is None or link.lost:
            return raised_of(await self.replies(command))[0]
        try:
            return await link.ask(encoded(command))
        except Lost:
            self._map.learn_soon()
            raise
        except ResponseError as refusal:
            answer = _undone(refusal, wire)
            if not _leads_on(answer):
                raise
        return raised_of(await self._led([command], [answer], copied=False))[0]

    async def calls(self, *commands: Command) -> list[Any]:
        """The replies to several commands with a key each: one write and one future for each server."""
        return raised_of(await self.replies(*commands))

    async def replies(self, *commands: Command, copied: bool = False) -> list[Any]:
        """The same with errors in their places: what one server does not answer, others may have."""
        whole, answers = (False, None) if copied else await self._ask_at_once(commands)
        if answers is None:
            by_slot = self._map.by_slot
            servers = [(by_slot[slot_of_command(command)], False) for command in commands]
            answers = await self._ask(commands, servers, copied=copied)
        return answers if whole else await self._led(commands, answers, copied=copied)

    def replies_soon(self, *commands: Command) -> "asyncio.Future[list[Any]]":
        """The same as a future."""
        return asyncio.ensure_future(self.replies(*commands))

    def link_to(self, key: str) -> object:
        """The connection with the master of the key's slot."""
        wire = self._map.by_slot[slot_of(key)]
        return None if wire is None else wire.link

    async def is_sure_of(self, key: str) -> bool:
        """Whether another server, too, says that the key is where we look for it."""
        slot = slot_of(key)
        wire = self._map.by_slot[slot]
        if wire is not None:
            await self._map.learn_from_others(wire)
        return wire is not None and self._map.by_slot[slot] is wire

    async def whereabouts(self) -> Mapping[str, Any]:
        """Those of any server that answers a PING; each time another one's."""
        for wire in self._map.shuffled():
            with suppress(Lost, ResponseError, TimeoutError):
                async with asyncio.timeout(LEARN_TIMEOUT_S):
                    await wire.call("PING")
                return wire.where
        raise Lost("no server of the cluster answers")

    async def close(self) -> None:
        """Hang up on all of them."""
        await self._map.close()

    async def _call_without_a_key(self, at: int, command: Command) -> Any:  # noqa: ANN401 -- a reply may be anything
        if at == slots.EVERYWHERE:
            return [await wire.call(*command) for wire in self._map.masters()].pop()
        for wire in self._map.shuffled():
            with suppress(Lost):  # to publish twice, or to ask how it goes, does no harm
                return await wire.call(*command)
        raise Lost("no server of the cluster answers")

    async def _led(self, commands: Sequence[Command], answers: list[Any], *, copied: bool) -> list[Any]:
        """The answers, after each command that belongs elsewhere has been asked there."""
        for pause_s in PAUSES_S:
            again = [at for at, answer in enumerate(answers) if _leads_on(answer)]
            if not again:
                break
            if pause_s:
                await asyncio.sleep(pause_s)
            if any(isinstance(answers[at], Undone) for at in again):
                await self._map.learn()
            servers = [self._led_to(answers[at], commands[at]) for at in again]
            asked = await self._ask([commands[at] for at in again], servers, copied=copied)
            for at, answer, (wire, _) in zip(again, asked, servers, strict=True):
                answers[at] = answer if wire is not None else Lost(str(answers[at]))
        return answers

    def _led_to(self, answer: Exception, command: Command) -> Server:
        """Who is to be asked after such an answer; nobody, if there is nobody else."""
        wire = self._map.by_slot[slot_of_command(command)]
        if isinstance(answer, Undone):
            return (None if wire is answer.tried else wire), False
        kind, *told = str(answer).split()
        if kind == "TRYAGAIN":
            return wire, False
        host, _, port = told[1].rpartition(":")
        return self._map.led_to((host, int(port)), int(told[0]), moved=kind == "MOVED"), kind == "ASK"

    async def _ask_at_once(self, commands: Sequence[Command]) -> tuple[bool, list[Any] | None]:
        """For little, what `_ask` says when every server is at hand, else None; and whether no error is among it."""
        by_slot, groups = self._map.by_slot, dict[Wire, tuple[list[int], list[bytes]]]()
        for at, command in enumerate(commands):
            wire = by_slot[slot_of_command(command)]
            if wire is None or is_away(wire):
                return False, None
            places, parts = groups.get(wire) or groups.setdefault(wire, ([], []))
            places.append(at)
            parts.append(encoded(command))
        whole, answers = True, list[Any](commands)
        waiting = [(wire, places, _link_of(wire).ask_all(parts)) for wire, (places, parts) in groups.items()]
        for wire, places, future in waiting:
            replies: list[Any]
            try:
                replies = await future
            except Lost as error:
                self._map.learn_soon()
                replies = [error] * len(places)
            for at, reply in zip(places, replies, strict=True):
                answers[at] = reply
                if isinstance(reply, Exception):
                    whole, answers[at] = False, _undone(reply, wire)
        return whole, answers

    async def _ask(self, commands: Sequence[Command], servers: Sequence[Server], *, copied: bool) -> list[Any]:
        """What each server says to its commands, errors in their places. Those at hand do not wait for the others."""
        answers: list[Any] = [Undone("no server has this slot", None)] * len(commands)
        groups: defaultdict[Wire, list[int]] = defaultdict(list)
        for at, (wire, _) in enumerate(servers):
            if wire is not None:
                groups[wire].append(at)
        waiting: list[tuple[Wire, list[int], asyncio.Future[list[Any]]]] = []
        for wire in sorted(groups, key=is_away):
            places = groups[wire]
            try:
                link = await wire.connected() if is_away(wire) else _link_of(wire)
            except Lost as error:
                _put(answers, places, [Undone(str(error), wire)] * len(places))
                continue
            parts = [part for at in places for part in _parts(commands[at], asking=servers[at][1])]
            if copied and self._is_copied(wire):
                parts.append(_WAIT)
            waiting.append((wire, places, link.ask_all(parts)))
        for wire, places, future in waiting:
            try:
                replies = await future
            except Lost as error:
                self._map.learn_soon()
                _put(answers, places, [error] * len(places))
                continue
            found, is_copied = _heard(wire, iter(replies), [servers[at][1] for at in places])
            if not is_copied:
                found = await self._uncopied(wire, found)
            _put(answers, places, found)
        return answers

    async def _uncopied(self, wire: Wire, answers: list[Any]) -> list[Any]:
        """What such answers are worth: nothing if, as others say, another is the master now and these are forgotten."""
        if await self._map.learn_from_others(wire):
            return [Lost("the server is no master any more")] * len(answers)
        self._copying_from_s[wire] = asyncio.get_running_loop().time() + COPY_REST_S
        log.warning("valkey has no replica in time", port=wire.where.get("port"))
        return answers

    def _is_copied(self, wire: Wire) -> bool:
        """Whether it may have a replica that keeps up."""
        from_s = self._copying_from_s.get(wire)
        if from_s is None or from_s > asyncio.get_running_loop().time():
            return from_s is None
        del self._copying_from_s[wire]
        return True


def _link_of(wire: Wire) -> Link:
    assert wire.link is not None, "it is not away"
    return wire.link


def _put(answers: list[Any], places: Sequence[int], found: Sequence[Any]) -> None:
    for at, answer in zip(places, found, strict=True):
        answers[at] = answer


def _heard(wire: Wire, replies: Iterator[Any], asking: Sequence[bool]) -> tuple[list[Any], bool]:
    """One server's answers to its commands, out of what it replied to those, to ASKING and to WAIT; whether copied."""
    answers: list[Any] = []
    for only_once in asking:
        if only_once:
            next(replies)
        answers.append(_undone(next(replies), wire))
    copies = next(replies, 1)  # or an error: it has just become a replica of another
    return answers, not isinstance(copies, ResponseError) and copies > 0


def _parts(command: Command, *, asking: bool) -> Iterator[bytes]:
    if asking:
        yield _ASKING
    yield encoded(command)


def _undone(answer: object, wire: Wire) -> object:
    """The answer; a server that has lost touch with the others has done nothing, and another may be in its place."""
    if isinstance(answer, ResponseError) and str(answer).startswith("CLUSTERDOWN"):
        return Undone(str(answer), wire)
    return answer


def _leads_on(answer: object) -> bool:
    return isinstance(answer, Undone) or (
        isinstance(answer, ResponseError) and str(answer).startswith(("MOVED ", "ASK ", "TRYAGAIN"))
    )
