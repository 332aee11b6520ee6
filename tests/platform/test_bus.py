"""Messages to every process, over Valkey: who listens can also stop."""

import asyncio

from linnet.platform.bus import Bus
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.valkey import Valkey

TURNS_MAX = 100
"""Of the event loop; by then a listener has connected, said who it is, and subscribed."""


async def test_a_listener_told_to_stop_while_it_connects_stops_at_once(servers: EmbeddedEngines) -> None:
    async def hear(_: bytes) -> None:
        pass

    stubborn: list[int] = []
    for turns in range(TURNS_MAX):
        valkey = Valkey.connect(servers.valkey_url)
        listening = asyncio.create_task(Bus(valkey).listen({"trial": hear}))
        for _ in range(turns):
            await asyncio.sleep(0)
        listening.cancel()
        if (await asyncio.wait({listening}, timeout=0.5))[1]:
            stubborn.append(turns)
            listening.cancel()
            await asyncio.wait({listening})
        await valkey.close()
    assert stubborn == []
