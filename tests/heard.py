"""The same engines, where every event that a verb records is put on a list instead of causing jobs."""

from typing import Any

from linnet.platform.engines import Engines
from linnet.platform.jobs import Event


def recording(engines: Engines, heard: list[Event]) -> Engines:
    """Engines that put every recorded event on `heard`."""

    class Heard(Engines):
        def jobs_after(self, event: Event) -> list[Any]:
            heard.append(event)
            return []

    return Heard(
        engines.db, engines.valkey, engines.bus, engines.changes, engines.clock, engines.reactions, engines.configs
    )
