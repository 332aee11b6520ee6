"""Writing to homes: a status is appended to the homes of many by few calls. What fan-out spends its time on."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from linnet.features.timelines import packed
from linnet.features.timelines.homes import BUCKETS, BYTES_MAX, cut_back, key_of
from linnet.platform.valkey import Argument, Call, Scattered, Script, Valkey

CALL_MAX = 500
"""Homes written to by one call: nobody else is served meanwhile, for some 2 ms."""

ID_DIGITS = 18
"""Of the ids of all accounts made between 2018 and 2453, which go to a server as one text."""

_FIRST_ID, _LAST_ID = 10 ** (ID_DIGITS - 1), 10**ID_DIGITS - 1

_APPEND_ALL = Script(
    """
local tags, limit, told = {}, tonumber(ARGV[1]), {0}
for bucket = 0, 15 do tags[bucket] = 'home:{' .. bucket .. '}:' end
for i = 2, #ARGV, 2 do
    local entry, ids, keys, n = ARGV[i], ARGV[i + 1], {}, 0
    for at = 1, #ids, 18 do
        local a, b, c, d = string.byte(ids, at + 14, at + 17)
        n = n + 1
        keys[n] = tags[(a * 8 + b * 4 + c * 10 + d) % 16] .. string.sub(ids, at, at + 17)
    end
    local there = server.call('EXISTS', unpack(keys))
    told[1] = told[1] + there
    for k = 1, there > 0 and n or 0 do
        local lives = there == n or server.call('EXISTS', keys[k]) == 1
        if lives and server.call('APPEND', keys[k], entry) > limit then
            told[#told + 1] = string.sub(ids, 18 * k - 17, 18 * k)
        end
    end
end
return told
""",
    makes_keys=True,
)
"""Append entries to the homes that exist, each to the accounts in the text after it: how many, and those now too long.

Makes the keys itself, as `homes.key_of` does: to make and send them costs a client more than the server to write.
The bucket is the id modulo 16, which its last four digits give: of '0' itself 8 + 4 + 10 + 1 times 48 leaves 0.
"""

_APPEND = Script("""
local there, limit = server.call('EXISTS', unpack(KEYS)), tonumber(ARGV[1])
local told = {there}
for i, key in ipairs(there > 0 and KEYS or {}) do
    if (there == #KEYS or server.call('EXISTS', key) == 1) and server.call('APPEND', key, ARGV[i + 1]) > limit then
        told[#told + 1] = i
    end
end
return told
""")
"""Append to each home that exists, its own string to each: how many, and the places (from 1) of those now too long.

For a cluster, which must be told all keys: of one bucket, so of one slot.
"""


async def append(valkey: Valkey, status_id: int, account_ids: Sequence[int], *, lasting: bool = False) -> int:
    """Add a status to the homes that exist among `account_ids`, and cut back those too long; how many exist.

    `lasting`: so that it outlives the death of a master of a cluster; who is not told so does it again later.
    """
    return await append_each(valkey, [(status_id, account_ids)], lasting=lasting)


async def append_each(valkey: Valkey, deliveries: Sequence[tuple[int, Sequence[int]]], *, lasting: bool = False) -> int:
    """The same for several statuses, each with its readers. Others are served between two calls."""
    whole = all(min(ids) >= _FIRST_ID and max(ids) <= _LAST_ID for _, ids in deliveries if ids)
    if not (whole and valkey.is_single):
        return await _append_by_bucket(valkey, deliveries, lasting=lasting)
    written = 0
    for call in _calls(deliveries):
        [(there, *long)] = await valkey.run_many(_APPEND_ALL, [call])
        written += there
        await cut_back(valkey, [int(account_id) for account_id in long])
    return written


def _calls(deliveries: Iterable[tuple[int, Sequence[int]]]) -> Iterator[Call]:
    """Calls of `_APPEND_ALL` with up to `CALL_MAX` homes each."""
    args: list[Argument] = [BYTES_MAX]
    room = CALL_MAX
    for status_id, account_ids in deliveries:
        entry, at = packed.pack([status_id]), 0
        while at < len(account_ids):
            taken = account_ids[at : at + room]
            args += (entry, "".join(map(str, taken)))
            at += len(taken)
            room -= len(taken)
            if not room:
                yield (), args
                args = [BYTES_MAX]
                room = CALL_MAX
    if len(args) > 1:
        yield (), args


async def _append_by_bucket(valkey: Valkey, deliveries: Iterable[tuple[int, Sequence[int]]], *, lasting: bool) -> int:
    """The same with one call for each bucket."""
    entries: defaultdict[int, list[bytes]] = defaultdict(list)
    for status_id, account_ids in deliveries:
        entry = packed.pack([status_id])
        for account_id in account_ids:
            entries[account_id].append(entry)
    buckets: defaultdict[int, list[int]] = defaultdict(list)
    for account_id in entries:
        buckets[account_id % BUCKETS].append(account_id)
    groups = [bucket[at : at + CALL_MAX] for bucket in buckets.values() for at in range(0, len(bucket), CALL_MAX)]
    try:
        answers = await _append(valkey, entries, groups, lasting=lasting)
    except Scattered:  # a bucket is on its way to another server, but each home is either here or there
        groups = [[account_id] for account_id in entries]
        answers = await _append(valkey, entries, groups, lasting=lasting)
    for group, (_, *places) in zip(groups, answers, strict=True):
        await cut_back(valkey, [group[place - 1] for place in places])
    return sum(there for there, *_ in answers)


async def _append(
    valkey: Valkey, entries: Mapping[int, list[bytes]], groups: Sequence[list[int]], *, lasting: bool
) -> list[list[int]]:
    """For each group, which is one call: how many homes exist, and the places of those that have grown too long."""
    calls: list[Call] = [
        ([key_of(i) for i in group], [BYTES_MAX, *(b"".join(entries[i]) for i in group)]) for group in groups
    ]
    return await valkey.run_many(_APPEND, calls, copied=lasting)
