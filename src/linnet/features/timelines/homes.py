"""Home timelines in Valkey: their keys, their scripts, and nothing else. All of it can be lost and is then refilled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from linnet.features.timelines import packed
from linnet.platform.valkey import Call, Script, Valkey

BUCKETS = 16
"""Hash tags that homes are spread over: all keys of a bucket live in one cluster slot, so that one call can write many.

`delivery` has a script that makes these keys out of ids by itself.

Changing it forgets every home; they are refilled as people come."""

HOME_KEPT = 800
"""Entries of a home kept in Valkey. Further down it goes on from PostgreSQL."""

HOME_LENGTH_MAX = 1200
"""Entries after which a home is cut back to `HOME_KEPT`: cutting back costs, so it is done for 400 at once."""

BYTES_MAX = (1 + HOME_LENGTH_MAX) * packed.ENTRY_BYTES
"""Of a home that is not too long yet."""

_CUT = HOME_LENGTH_MAX + 1 - HOME_KEPT
"""Entries that a home loses which has just become too long."""

HOME_LIFE_S = 14 * 86_400
"""A home nobody reads for two weeks is forgotten, and fan-out passes it by."""

FILLING_S = 30
"""How long one attempt at filling a home may take before another may begin."""

_TOKEN_BYTE = 128
"""The first byte of a home is less, unless it has a token."""

_READ = Script("""
local home = server.call('GET', KEYS[1])
if home and string.byte(home) < 128 then server.call('EXPIRE', KEYS[1], ARGV[1]) end
return home
""")
"""A home, kept on; but not under a token (top bit set): if who fills it died, others may begin when that runs out."""

_REPLACE = Script("""
local header = server.call('GETRANGE', KEYS[1], 0, 7)
if header ~= ARGV[1] or server.call('STRLEN', KEYS[1]) < tonumber(ARGV[2]) then return 0 end
local tail = server.call('GETRANGE', KEYS[1], ARGV[3], -1)
if ARGV[5] then server.call('SET', KEYS[1], ARGV[4] .. tail, 'EX', ARGV[5])
else server.call('SET', KEYS[1], ARGV[4] .. tail, 'KEEPTTL') end
return 1
""")
"""Of a home whose header is still what it was, and which is so long at least, replace what is before a place by other
bytes; what was appended meanwhile stays. It lives on for as long as is said, or as it would have: only readers prolong
its life."""


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest entries of a home."""

    floor: int
    ids: tuple[int, ...]
    """Newest first, none below the floor."""
    more: bool
    """Whether the home has older ones above its floor."""


def key_of(account_id: int) -> str:
    """The Valkey key of an account's home."""
    return f"home:{{{account_id % BUCKETS}}}:{account_id}"


NEWEST_MAX = 100
"""Entries of a home, the newest, that a process keeps in order, for readers who come back soon."""

_ORDERED_MAX = 20_000
_ordered: dict[int, tuple[int, int, Newest]] = {}
"""By account: length and hash of the string, and what was in it. One that differs from it is ordered anew."""


def newest_of(account_id: int, string: bytes) -> Newest | None:
    """The newest entries of a home as `GET key_of(account_id)` gave it; None when it is still being filled."""
    number, known = hash(string), _ordered.get(account_id)
    if known is not None and known[1] == number and known[0] == len(string):
        return known[2]
    if len(string) < packed.ENTRY_BYTES:
        return None
    header, ids = packed.unpack(string)
    if packed.is_token(header):
        return None
    ordered = [one for one in packed.newest_first(ids) if one >= header]
    newest = Newest(header, tuple(ordered[:NEWEST_MAX]), len(ordered) > NEWEST_MAX)
    if len(_ordered) >= _ORDERED_MAX:
        _ordered.clear()
    _ordered[account_id] = len(string), number, newest
    return newest


async def string_of(valkey: Valkey, account_id: int) -> bytes | None:
    """A home as it is kept, which is then kept on; None when it is not there or still being filled."""
    string: bytes | None = await valkey.run(_READ, [key_of(account_id)], [HOME_LIFE_S])
    if string is None or len(string) < packed.ENTRY_BYTES or string[0] >= _TOKEN_BYTE:
        return None
    return string


async def read(valkey: Valkey, account_id: int) -> tuple[int, list[int]] | None:
    """Floor and ids (newest first) of a home, or None when it is not there or still being filled."""
    string = await string_of(valkey, account_id)
    if string is None:
        return None
    floor, ids = packed.unpack(string)
    return floor, packed.newest_first(ids)


async def begin_filling(valkey: Valkey, account_id: int) -> int | None:
    """Announce that a home is being filled, so that fan-out appends to it from now on; None when another does it."""
    token = packed.new_token()
    begun = await valkey.put_if_absent(key_of(account_id), packed.pack([token]), expires_s=FILLING_S)
    return token if begun else None


async def put_under(valkey: Valkey, account_id: int, token: int, string: bytes) -> None:
    """Put what PostgreSQL gave, floor and ids (oldest first) packed, under what fan-out has appended meanwhile.

    Nothing happens when the home was forgotten or begun anew in between: this filling is then out of date.
    """
    args = packed.pack([token]), packed.ENTRY_BYTES, packed.ENTRY_BYTES, string
    await valkey.run(_REPLACE, [key_of(account_id)], [*args, HOME_LIFE_S])


async def cut_back(valkey: Valkey, account_ids: Sequence[int]) -> None:
    """Keep the newest entries of homes that have grown too long. In two trips, when statuses came nearly in order.

    Only the bytes that are dropped are looked at, and what comes after them: if that is newer than all of them, the new
    floor is right above them. What is below it and came later stays there unseen, and is read from PostgreSQL.
    """
    if not account_ids:
        return
    keys = [key_of(account_id) for account_id in account_ids]
    kept_from = (1 + _CUT) * packed.ENTRY_BYTES
    heads: list[bytes] = await valkey.ask(*(("GETRANGE", key, 0, kept_from + packed.ENTRY_BYTES - 1) for key in keys))
    cuts: list[Call] = []
    for key, head in zip(keys, heads, strict=True):
        if len(head) < kept_from + packed.ENTRY_BYTES:  # forgotten meanwhile
            continue
        floor, entries = packed.unpack(head)
        first_kept = entries.pop()
        if packed.is_token(floor):
            continue
        above = max(floor, *entries)
        if above < first_kept:
            least = BYTES_MAX + packed.ENTRY_BYTES
            header = head[: packed.ENTRY_BYTES]
            cuts.append(([key], [header, least, kept_from, packed.pack([above + 1])]))
        else:
            await _put_in_order(valkey, key)
    await valkey.run_many(_REPLACE, cuts)


async def _put_in_order(valkey: Valkey, key: str) -> None:
    """Cut a home back whose statuses came out of order: all of it is read and written anew."""
    string = await valkey.get(key)
    if string is None or len(string) <= BYTES_MAX:
        return
    floor, ids = packed.unpack(string)
    if not packed.is_token(floor):
        cut = packed.compacted(floor, ids, HOME_KEPT)
        await valkey.run(_REPLACE, [key], [string[: packed.ENTRY_BYTES], len(string), len(string), cut])


async def forget(valkey: Valkey, account_ids: Iterable[int]) -> None:
    """Drop homes whose make-up has changed; the next read fills them anew."""
    await valkey.forget([key_of(account_id) for account_id in account_ids], copied=True)
