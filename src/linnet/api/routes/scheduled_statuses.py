"""`/api/v1/scheduled_statuses`: one's posts for later, which `POST /api/v1/statuses` makes."""

from datetime import datetime

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page, PageForm
from linnet.features.statuses.scheduled import actions, reads
from linnet.features.statuses.scheduled.models import Scheduled
from linnet.mastodon.entities.scheduled_status import ScheduledStatus
from linnet.mastodon.presenters.scheduled import present_scheduled


class ScheduleForm(Form):
    """Another time."""

    scheduled_at: datetime | None = None


@endpoint("GET", "/api/v1/scheduled_statuses", scope="read:statuses")
async def list_scheduled_statuses(call: Call, form: PageForm) -> Page[ScheduledStatus]:
    """One's posts for later, the latest written first; those that could not be published with the reason."""
    found = await reads.page(call.engines, call.me, form.window)
    presented = await present_scheduled(call.engines, call.me, found)
    return Page[ScheduledStatus].of(presented, [one.id for one in found], form.window)


@endpoint("GET", "/api/v1/scheduled_statuses/{scheduled_id}", scope="read:statuses")
async def show_scheduled_status(call: Call, scheduled_id: int) -> ScheduledStatus:
    """One post for later."""
    return await _one(call, await reads.show(call.engines, call.me, scheduled_id))


@endpoint("PUT", "/api/v1/scheduled_statuses/{scheduled_id}", scope="write:statuses")
async def reschedule_status(call: Call, scheduled_id: int, form: ScheduleForm) -> ScheduledStatus:
    """Give a post for later another time; without one it stays as it is."""
    if form.scheduled_at is None:
        return await _one(call, await reads.show(call.engines, call.me, scheduled_id))
    moved = await actions.reschedule(call.engines, call.me, scheduled_id, form.scheduled_at)
    return await _one(call, moved)


@endpoint("DELETE", "/api/v1/scheduled_statuses/{scheduled_id}", scope="write:statuses")
async def call_off_scheduled_status(call: Call, scheduled_id: int) -> dict[str, str]:
    """Delete a post for later."""
    await actions.call_off(call.engines, call.me, scheduled_id)
    return {}


async def _one(call: Call, scheduled: Scheduled) -> ScheduledStatus:
    return (await present_scheduled(call.engines, call.me, [scheduled]))[0]
