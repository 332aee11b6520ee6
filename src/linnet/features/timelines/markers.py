"""Markers: how far people have read, so that their next device begins there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.timelines import store
from linnet.platform.engines import Engines

TIMELINES: Final = ("home", "notifications")
"""What has a marker."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A position in a timeline; `version` counts how often it was moved."""

    last_read_id: int
    version: int
    updated_at: datetime


async def positions(engines: Engines, viewer: Viewer, timelines: Collection[str]) -> dict[str, Marker]:
    """The viewer's markers of these timelines; where nothing was marked yet, nothing is given."""
    wanted = [name for name in TIMELINES if name in timelines]
    found = await store.markers(engines.db, viewer.account_id, wanted) if wanted else []
    return {name: Marker(last_read_id, version, updated_at) for name, last_read_id, version, updated_at in found}


async def move(engines: Engines, viewer: Viewer, last_read_ids: Mapping[str, int]) -> dict[str, Marker]:
    """Set the viewer's markers, all or none; what they are now. Who comes last is right: it is one statement."""
    assert set(last_read_ids) <= set(TIMELINES)
    if last_read_ids:
        await store.move_markers(engines.db, viewer.account_id, last_read_ids, engines.clock.now())
    return await positions(engines, viewer, last_read_ids)
