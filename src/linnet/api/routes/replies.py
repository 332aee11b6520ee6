"""`/api/v1/statuses/…/hide_reply` and its like: answers that are taken out of their thread. Our own addition."""

from linnet.api.endpoint import Call, endpoint
from linnet.api.paging import Page, PageForm
from linnet.features.filters.models import Context
from linnet.features.filters.reads import without_hidden
from linnet.features.statuses import replies
from linnet.mastodon.entities.status import Status
from linnet.mastodon.presenters.statuses import present_status, present_statuses


@endpoint("POST", "/api/v1/statuses/{status_id}/hide_reply", scope="write:statuses")
async def hide_reply(call: Call, status_id: int) -> Status:
    """Take an answer out of a thread that one began, or to what one wrote: it is found among the hidden replies."""
    return await present_status(call.engines, call.me, await replies.hide(call.engines, call.me, status_id))


@endpoint("POST", "/api/v1/statuses/{status_id}/unhide_reply", scope="write:statuses")
async def unhide_reply(call: Call, status_id: int) -> Status:
    """Put a hidden answer back into its thread."""
    return await present_status(call.engines, call.me, await replies.unhide(call.engines, call.me, status_id))


@endpoint("GET", "/api/v1/statuses/{status_id}/hidden_replies", scope="read:statuses", viewer="optional")
async def list_hidden_replies(call: Call, status_id: int, form: PageForm) -> Page[Status]:
    """The hidden answers in the thread that a status belongs to, the latest first."""
    page = await replies.hidden(call.engines, call.viewer, status_id, form.window)
    shown = await without_hidden(call.engines, call.viewer, page, Context.THREAD)
    presented = await present_statuses(call.engines, call.viewer, shown)
    return Page[Status].of(presented, page.row_ids, form.window)
