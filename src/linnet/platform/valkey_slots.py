"""Which of a cluster's 16,384 slots a command belongs to, and who has them.

Source: https://valkey.io/topics/cluster-spec/.
"""

from binascii import crc_hqx
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from linnet.platform.valkey_link import Argument

SLOTS: Final = 16_384

Address = tuple[str, int]
"""Host and port."""

ANYWHERE: Final = 0
EVERYWHERE: Final = -1

KEY_AT: Final[Mapping[object, int]] = {
    "EVALSHA": 3,
    "EVAL": 3,
    "FLUSHALL": EVERYWHERE,
    "SCRIPT": EVERYWHERE,
    **dict.fromkeys(("PING", "ECHO", "INFO", "TIME", "CLUSTER", "CONFIG", "CLIENT", "ACL", "PUBLISH"), ANYWHERE),
}
"""Where the first key of a command is, when not right behind its name; or that any server will do (what is published
reaches all of them), or that every master is meant."""

OTHERS_KEY_AT: Final = 1

_ANY: Final = "surrogateescape"
"""Keys need not be UTF-8: whatever bytes they are come back the same."""


def slot_of(key: Argument) -> int:
    """The slot of a key: CRC16 (XMODEM) of what stands between its first braces, if anything does, else of all of it.

    Takes half a microsecond for a text, too little to remember the slots of millions.
    """
    text = key if isinstance(key, str) else key.decode(errors=_ANY) if isinstance(key, bytes) else str(key)
    start = text.find("{")
    if start >= 0:
        end = text.find("}", start)
        if end > start + 1:
            text = text[start + 1 : end]
    return crc_hqx(text.encode(errors=_ANY), 0) % SLOTS


def slot_of_command(command: Sequence[Argument]) -> int:
    """The slot of a command that has a key; its other keys, if it has several, are of the same one."""
    return slot_of(command[KEY_AT.get(command[0], OTHERS_KEY_AT)])


def served_by(ranges: Sequence[Any], asked: Address) -> Iterator[tuple[int, int, list[Address]]]:
    """First slot, last slot, master and replicas, out of the reply to CLUSTER SLOTS.

    A server that does not know its own host leaves it out: it is `asked`'s then.
    """
    for first, last, *servers in ranges:
        yield first, last, [(host.decode() if host else asked[0], port) for host, port, *_ in servers]


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of the slots, and who has it."""

    slots: int
    masters: tuple[str, ...]
    """Those that are online, as host:port: one, or none."""
    replicas: tuple[str, ...]
    """Those that are online."""


def shards_in(told: Sequence[Any]) -> list[Shard]:
    """The shards that have slots, out of the reply to CLUSTER SHARDS."""
    found: list[Shard] = []
    for shard in map(_named, told):
        bounds: Sequence[int] = shard["slots"]
        number = sum(last - first + 1 for first, last in zip(bounds[::2], bounds[1::2], strict=True))
        online = [node for node in map(_named, shard["nodes"]) if node["health"] == b"online"]
        if number:
            found.append(Shard(number, _where(online, b"master"), _where(online, b"replica")))
    return found


def _where(nodes: Sequence[Mapping[str, Any]], role: bytes) -> tuple[str, ...]:
    of_role = (node for node in nodes if node["role"] == role)
    return tuple(f"{node['endpoint'].decode()}:{node.get('tls-port') or node['port']}" for node in of_role)


def _named(pairs: Sequence[Any]) -> dict[str, Any]:
    """A map, which this protocol sends as a list."""
    return {name.decode(): value for name, value in zip(pairs[::2], pairs[1::2], strict=True)}
