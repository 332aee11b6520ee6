"""The window of everyone's last posts in Valkey: fixed tables, three trips for many posts, any of it may be lost.

A *table* for each key of a signature remembers whose place it was last: one BITFIELD for many posts says who that was
and puts them there. The *ring* has a record at each place: a sketch, who and when, and the chorus it belongs to. Posts
that are like another join its chorus (`choruses`), which alone is a key of its own. Tables and ring are as large as the
window's number says, and go when nobody has posted for its hours; nothing is ever searched or swept.

Keys carry a hash tag each, so that a cluster spreads them: 8 of tables, 16 of the ring and of choruses.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from struct import Struct
from typing import Final

from linnet.features.moderation.alike import choruses
from linnet.features.moderation.alike.models import AlikeRules, Chorus, Joined, Seen, Sighting
from linnet.features.moderation.detectors.duplicates import HASHES, likeness
from linnet.features.moderation.models import Signature
from linnet.platform.ids import first_id_at
from linnet.platform.valkey import Command, Valkey

TABLES: Final = 8
"""Keys of a signature that are looked up. Eight of the twelve find as much of a real stream (F1 0.967 with either)."""

JOINS: Final = 0.5
"""Likeness from which on a post joins another's chorus. Of a real stream, one in ten that do so are near no duplicate
(one in thirty at 0.6): enough to count by, for nothing follows from being alike alone."""

LEASE: Final = 256
"""Places of the ring that a process takes at a time."""

CHUNK: Final = 1_024
"""Places of one key of the ring."""

PROLONGED_EVERY_S: Final = 60.0

WRITING_S: Final = 0.02
"""After so long another process has found out which chorus a post belongs to that is being looked for just now."""

_PLACES: Final = "alike:{places}"
_CHORUS: Final = Struct(">Iq")
_RECORD_BYTES: Final = HASHES + Sighting.BYTES + _CHORUS.size
_CHORUS_AT: Final = HASHES + Sighting.BYTES
_MIX: Final = 0x9E3779B1
_WORD: Final = 0xFFFFFFFF
_JUST_NOW_IDS: Final = 1_000 << 16
"""How far apart the ids are of posts that are a second apart."""


@dataclass(slots=True)
class _Record:
    """What is kept at a place."""

    place: int
    sketch: bytes
    sighting: Sighting
    chorus: Chorus | None = None

    def packed(self) -> bytes:
        return self.sketch + self.sighting.packed() + _packed_chorus(self.chorus)


class Window:
    """The window as one process uses it: one look at a time, so that what comes together is looked for together."""

    def __init__(self, valkey: Valkey, rules: AlikeRules) -> None:
        self._valkey = valkey
        self._life_s = rules.life_s
        self._bits = rules.places_log2
        self._places = 1 << self._bits
        self._next = self._lease_end = 0
        self._prolonged_until_s = 0.0

    async def look(self, posts: Sequence[Seen], now: datetime) -> list[Joined | None]:
        """For each post, in order, the chorus of posts of the last hours that it joins; None where nothing is alike.

        All of them are remembered. Raises `EngineDown`.
        """
        records = [_Record(await self._place(), post.signature.sketch, post.sighting) for post in posts]
        own = {record.place: record for record in records}
        found = await self._take_places(posts, records)
        since_id = first_id_at(now) - (self._life_s * 1_000 << 16)
        others = await self._read({place for places in found for place in places} - own.keys(), records)
        joins: list[choruses.Join] = []
        for record, places in zip(records, found, strict=True):
            near = [own.get(place) or others.get(place) for place in places if place != record.place]
            join = _join(record, [one for one in near if one is not None and one.sighting.post_id >= since_id])
            if join is not None:
                joins.append(join)
        if not joins:
            return [None] * len(records)
        return await self._note(records, joins)

    async def _place(self) -> int:
        if self._next >= self._lease_end:
            end: int = (await self._valkey.ask(("INCRBY", _PLACES, LEASE), ("EXPIRE", _PLACES, self._life_s)))[0]
            self._next, self._lease_end = end - LEASE, end
            self._prolonged_until_s = 0.0
        place = self._next % self._places
        self._next += 1
        return place

    async def _take_places(self, posts: Sequence[Seen], records: Sequence[_Record]) -> list[set[int]]:
        """Put records in their places, and into the tables; for each the places that its keys had before."""
        commands: list[Command] = []
        for record in records:
            start = record.place % CHUNK * _RECORD_BYTES
            commands.append(("SETRANGE", _ring_of(record.place), start, record.packed()))
        slots = [self._slots(post.signature, record.place) for post, record in zip(posts, records, strict=True)]
        for table in range(TABLES):
            sets = [part for slot in slots for part in (b"SET", b"u32", *slot[table])]
            commands.append(("BITFIELD", _table(table), *sets))
        at = len(records)
        commands += self._prolonging(records)
        answers = (await self._valkey.ask(*commands))[at : at + TABLES]
        checks = [[int(value) >> self._bits for _, value in slot] for slot in slots]
        found: list[set[int]] = [set() for _ in records]
        for table, answer in enumerate(answers):
            for at, before in enumerate(answer):
                if before and before >> self._bits == checks[at][table]:
                    found[at].add(before & (self._places - 1))
        return found

    def _prolonging(self, records: Sequence[_Record]) -> list[Command]:
        """What keeps tables and ring for the window's hours; now and then, for the hours are no exact ones."""
        now_s = time.monotonic()
        if now_s < self._prolonged_until_s:
            return []
        self._prolonged_until_s = now_s + PROLONGED_EVERY_S
        keys = [_table(table) for table in range(TABLES)]
        keys += {_ring_of(record.place) for record in records}
        return [("EXPIRE", key, self._life_s) for key in keys]

    def _slots(self, signature: Signature, place: int) -> list[tuple[bytes, bytes]]:
        """For each table where a key stands in it, and what is to stand there: the place, and the rest of the key."""
        below = 32 - self._bits
        mask = (1 << below) - 1
        keys = [band * _MIX & _WORD for band in signature.bands[:TABLES]]
        return [(b"#%d" % (key >> below), b"%d" % ((key & mask) << self._bits | place)) for key in keys]

    async def _read(self, places: set[int], records: Sequence[_Record]) -> dict[int, _Record]:
        """What stands at these places; twice, where it is so new that its own process may not be done with it."""
        others = await self._read_once(places)
        newest = records[-1].sighting.post_id
        young = {
            place
            for place, one in others.items()
            if one.chorus is None and one.sighting.post_id > newest - _JUST_NOW_IDS
        }
        if young:
            await asyncio.sleep(WRITING_S)
            others |= await self._read_once(young)
        return others

    async def _read_once(self, places: set[int]) -> dict[int, _Record]:
        asked = sorted(places)
        starts = [place % CHUNK * _RECORD_BYTES for place in asked]
        strings = await self._valkey.ask(
            *(
                ("GETRANGE", _ring_of(place), start, start + _RECORD_BYTES - 1)
                for place, start in zip(asked, starts, strict=True)
            )
        )
        return {
            place: _unpacked(place, string)
            for place, string in zip(asked, strings, strict=True)
            if len(string) == _RECORD_BYTES
        }

    async def _note(self, records: Sequence[_Record], joins: Sequence[choruses.Join]) -> list[Joined | None]:
        """Write down who has joined which chorus."""
        numbers = await choruses.join(self._valkey, joins, self._life_s)
        by_post = {
            join.new.post_id: Joined(join.chorus, number, join.new.likeness / 255)
            for join, number in zip(joins, numbers, strict=True)
        }
        joined = [by_post.get(record.sighting.post_id) for record in records]
        await self._valkey.ask(
            *(
                (
                    "SETRANGE",
                    _ring_of(record.place),
                    record.place % CHUNK * _RECORD_BYTES + _CHORUS_AT,
                    _packed_chorus(record.chorus),
                )
                for record in records
                if record.chorus is not None
            )
        )
        return joined


def _join(record: _Record, near: Sequence[_Record]) -> choruses.Join | None:
    """Of those that share a key with a post the likest, if it is like enough, and the chorus that both are in then."""
    own = Signature(record.sketch, ())
    best, alike = None, JOINS
    for one in near:
        if (likely := likeness(own, Signature(one.sketch, ()))) >= alike:
            best, alike = one, likely
    if best is None:
        return None
    record.chorus = best.chorus or Chorus(best.place, best.sighting.post_id)
    new = record.sighting
    record.sighting = Sighting(
        new.post_id, new.account_id, new.site, new.link, new.letters, min(255, round(alike * 255))
    )
    return choruses.Join(record.chorus, best.sighting, record.sighting)


def _unpacked(place: int, string: bytes) -> _Record:
    chorus_place, chorus_id = _CHORUS.unpack_from(string, _CHORUS_AT)
    chorus = Chorus(chorus_place, chorus_id) if chorus_id else None
    return _Record(place, string[:HASHES], Sighting.unpacked(string, HASHES), chorus)


def _packed_chorus(chorus: Chorus | None) -> bytes:
    return _CHORUS.pack(chorus.place, chorus.id) if chorus is not None else bytes(_CHORUS.size)


def _table(number: int) -> str:
    return f"alike:{{{number}}}:table"


def _ring_of(place: int) -> str:
    chunk = place // CHUNK
    return f"alike:{{r{chunk % choruses.BUCKETS}}}:ring:{chunk}"
