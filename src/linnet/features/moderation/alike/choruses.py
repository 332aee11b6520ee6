"""Posts that are alike, counted in Valkey: a string for each chorus that says who they are, and may be lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from linnet.features.moderation.alike.models import Chorus, Sighting
from linnet.platform.valkey import Script, Valkey

BUCKETS: Final = 16
"""Hash tags that the window's ring and its choruses are spread over."""

COUNTED_MAX: Final = 600
"""Posts of a chorus that are written down; what a chorus is was clear long before."""

_HEADER_BYTES: Final = 8

_JOIN: Final = Script("""
if server.call('GETRANGE', KEYS[1], 0, 7) ~= ARGV[1] then server.call('SET', KEYS[1], ARGV[1] .. ARGV[2]) end
local length = server.call('STRLEN', KEYS[1])
if length < tonumber(ARGV[4]) then length = server.call('APPEND', KEYS[1], ARGV[3]) end
server.call('EXPIRE', KEYS[1], ARGV[5])
return length
""")
"""Append a post to a chorus, which begins with the one it was found by if it is not there, or is another by now."""


@dataclass(frozen=True, slots=True)
class Join:
    """A post is like an earlier one."""

    chorus: Chorus
    earlier: Sighting
    new: Sighting


async def join(valkey: Valkey, joins: Sequence[Join], life_s: int) -> list[int]:
    """Write down who joins which chorus; how many posts each has then, counted up to `COUNTED_MAX`. One trip."""
    length_max = _HEADER_BYTES + COUNTED_MAX * Sighting.BYTES
    lengths: list[Any] = await valkey.run_many(
        _JOIN,
        [
            (
                [_key_of(one.chorus)],
                [_header_of(one.chorus), one.earlier.packed(), one.new.packed(), length_max, life_s],
            )
            for one in joins
        ],
    )
    return [(length - _HEADER_BYTES) // Sighting.BYTES for length in lengths]


async def read(valkey: Valkey, chorus: Chorus) -> list[Sighting]:
    """The posts of a chorus, in the order they came, each once; none of a chorus that was lost."""
    string = await valkey.get(_key_of(chorus))
    if string is None or string[:_HEADER_BYTES] != _header_of(chorus):
        return []
    starts = range(_HEADER_BYTES, len(string) - Sighting.BYTES + 1, Sighting.BYTES)
    return list({one.post_id: one for one in (Sighting.unpacked(string, start) for start in starts)}.values())


def _key_of(chorus: Chorus) -> str:
    """Of the place where its first post was: so there are never more choruses than places."""
    return f"alike:{{r{chorus.place % BUCKETS}}}:chorus:{chorus.place}"


def _header_of(chorus: Chorus) -> bytes:
    return chorus.id.to_bytes(_HEADER_BYTES)
