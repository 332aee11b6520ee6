"""Lists of what one has favourited or bookmarked: statuses and messages in one, by when they were marked."""

from linnet.api.endpoint import Call
from linnet.api.paging import Page, PageForm
from linnet.features.conversations import reads as conversations
from linnet.features.statuses.models import Hydrated
from linnet.mastodon.entities.status import Status
from linnet.mastodon.presenters.encoded import encoded_statuses
from linnet.mastodon.presenters.messages import present_as_statuses
from linnet.mastodon.presenters.statuses import present_statuses

Keyed = list[tuple[int, int]]
"""(id of the mark, by which pages are cut, id of what is marked), the latest first."""


async def marked_page(
    call: Call, form: PageForm, of_statuses: Keyed, statuses: Hydrated, of_messages: Keyed
) -> Page[Status]:
    """A page of marks out of a page of each kind; most have no messages, and cost no more than if there were none."""
    if not of_messages:
        presented = await encoded_statuses(call.engines, call.me, statuses)
        return Page[Status].of(presented, [mark_id for mark_id, _ in of_statuses], form.window)
    rows = sorted([*of_statuses, *of_messages], reverse=True)
    rows = rows[-form.window.limit :] if form.window.forward else rows[: form.window.limit]
    messages = await conversations.hydrate(call.engines, call.me, [message_id for _, message_id in of_messages])
    shown = {one.id: one for one in await present_statuses(call.engines, call.me, statuses)}
    shown |= {one.id: one for one in await present_as_statuses(call.engines, call.me, messages)}
    items = [shown[str(marked_id)] for _, marked_id in rows if str(marked_id) in shown]
    return Page[Status].of(items, [mark_id for mark_id, _ in rows], form.window)
