"""`/api/v1/markers`: how far one has read."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.features.timelines import markers
from linnet.mastodon import dates
from linnet.mastodon.entities.marker import Marker
from linnet.platform.errors import Invalid
from linnet.platform.ids import parse_id

TimelineName = Literal["home", "notifications"]


class MarkersForm(Form):
    """Whose markers: `timeline[]=home&timeline[]=notifications`. Other names have none."""

    timeline: tuple[str, ...] = ()


class Position(msgspec.Struct):
    """The newest id that was read."""

    last_read_id: str = ""


class MoveForm(Form):
    """Where one has read to, in each timeline."""

    home: Position | None = None
    notifications: Position | None = None


@endpoint("GET", "/api/v1/markers", scope="read:statuses")
async def show_markers(call: Call, form: MarkersForm) -> dict[TimelineName, Marker]:
    """Show how far one has read these timelines."""
    return _present(await markers.positions(call.engines, call.me, form.timeline))


@endpoint("POST", "/api/v1/markers", scope="write:statuses")
async def move_markers(call: Call, form: MoveForm) -> dict[TimelineName, Marker]:
    """Say how far one has read."""
    asked: dict[str, Position | None] = {"home": form.home, "notifications": form.notifications}
    moved = {name: _read(position) for name, position in asked.items() if position is not None}
    return _present(await markers.move(call.engines, call.me, moved))


def _read(position: Position) -> int:
    last_read_id = parse_id(position.last_read_id)
    if last_read_id is None:
        raise Invalid("Validation failed: Last read must be an id")
    return last_read_id


def _present(found: Mapping[str, markers.Marker]) -> dict[TimelineName, Marker]:
    presented: dict[TimelineName, Marker] = {}
    for name in ("home", "notifications"):
        marker = found.get(name)
        if marker is not None:
            presented[name] = Marker(str(marker.last_read_id), marker.version, dates.moment(marker.updated_at))
    return presented
