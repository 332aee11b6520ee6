"""When a reader has a post: by looking at the packed home in Valkey, which costs the server next to nothing."""

import asyncio
import time

from linnet.features.timelines import homes, packed
from linnet.platform.valkey import Valkey

POLL_S = 0.002
GIVEN_UP_S = 30.0
_LAST_BYTES = 200 * packed.ENTRY_BYTES


async def until_in_home(valkey: Valkey, account_id: int, status_id: int) -> float | None:
    """Seconds from now until the home of `account_id` has `status_id`; None when it takes longer than `GIVEN_UP_S`.

    Looks every 2 ms at the last 200 entries: the home of somebody who gets more than that meanwhile is no home.
    """
    began, entry, key = time.perf_counter(), packed.pack([status_id]), homes.key_of(account_id)
    while (waited := time.perf_counter() - began) < GIVEN_UP_S:
        last: bytes = await valkey.wire.call("GETRANGE", key, -_LAST_BYTES, -1)
        if entry in last:
            return waited
        await asyncio.sleep(POLL_S)
    return None
