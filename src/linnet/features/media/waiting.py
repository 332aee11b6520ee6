"""Waiting for a job to be done with an upload, for those who want to show it in the answer to the request."""

import asyncio
from typing import Final

from linnet.features.media.store import processing
from linnet.platform.engines import Engines

_LOOK_FIRST_S: Final = 0.03
_LOOK_LAST_S: Final = 0.5


async def settled(engines: Engines, media_id: int, within_s: float) -> bool:
    """Whether an upload is ready, has failed or is gone within so many seconds, as is a picture to stand for it."""
    clock = asyncio.get_running_loop().time
    ends_s = clock() + within_s
    pause_s = _LOOK_FIRST_S
    while not await processing.is_settled(engines.db, media_id):
        left_s = ends_s - clock()
        if left_s <= 0:
            return False
        await engines.db.let_go()
        await asyncio.sleep(min(pause_s, left_s))
        pause_s = min(pause_s * 1.3, _LOOK_LAST_S)
    return True
