"""`/api/v1/drafts`: drafts that wait on the server, for every device of their author. Our own, not Mastodon's."""

from linnet.api.endpoint import Call, endpoint
from linnet.api.paging import Page, PageForm
from linnet.api.status_forms import DraftForm, draft_of
from linnet.features.statuses.saved import actions, reads
from linnet.features.statuses.saved.models import Saved
from linnet.mastodon.entities.scheduled_status import Draft
from linnet.mastodon.presenters.scheduled import present_drafts


@endpoint("GET", "/api/v1/drafts", scope="read:statuses")
async def list_drafts(call: Call, form: PageForm) -> Page[Draft]:
    """One's drafts, the latest begun first."""
    found = await reads.page(call.engines, call.me, form.window)
    presented = await present_drafts(call.engines, call.me, found)
    return Page[Draft].of(presented, [one.id for one in found], form.window)


@endpoint("POST", "/api/v1/drafts", scope="write:statuses")
async def save_draft(call: Call, form: DraftForm) -> Draft:
    """Keep a draft. It takes what a status takes, none of which need be there or right yet."""
    return await _one(call, await actions.save(call.engines, call.me, draft_of(call, form)))


@endpoint("GET", "/api/v1/drafts/{draft_id}", scope="read:statuses")
async def show_draft(call: Call, draft_id: int) -> Draft:
    """One draft."""
    return await _one(call, await reads.show(call.engines, call.me, draft_id))


@endpoint("PUT", "/api/v1/drafts/{draft_id}", scope="write:statuses")
async def save_draft_again(call: Call, draft_id: int, form: DraftForm) -> Draft:
    """Replace the contents of a draft."""
    return await _one(call, await actions.save_again(call.engines, call.me, draft_id, draft_of(call, form)))


@endpoint("DELETE", "/api/v1/drafts/{draft_id}", scope="write:statuses")
async def throw_draft_away(call: Call, draft_id: int) -> dict[str, str]:
    """Delete a draft."""
    await actions.throw_away(call.engines, call.me, draft_id)
    return {}


async def _one(call: Call, saved: Saved) -> Draft:
    return (await present_drafts(call.engines, call.me, [saved]))[0]
