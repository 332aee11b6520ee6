"""Remembering a costly answer for a while, for all processes together: in Valkey, or not at all when that is away."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import msgspec

from linnet.platform.errors import EngineDown
from linnet.platform.valkey import Valkey

T = TypeVar("T")


async def remembered(valkey: Valkey, key: str, kind: type[T], find: Callable[[], Awaitable[T]], *, kept_s: int) -> T:
    """What `find` gave at most `kept_s` seconds ago, or gives now. `kind` is a type that msgspec can write as JSON."""
    with suppress(EngineDown, msgspec.MsgspecError):
        kept = await valkey.get(key)
        if kept is not None:
            return msgspec.json.decode(kept, type=kind)
    found = await find()
    with suppress(EngineDown):
        await valkey.put(key, msgspec.json.encode(found), expires_s=kept_s)
    return found
