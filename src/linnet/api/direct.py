"""Messages as Mastodon's clients know them: direct statuses. What the routes of statuses do with the id of one.

A message is no status, so the routes look for a status first, and `or_message` sends those whose id is none here.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from linnet.api.endpoint import Call
from linnet.api.paging import AccountsPageForm, Page, PageForm
from linnet.api.status_forms import EditForm, captions_of, media_ids_of
from linnet.features.conversations import actions, members, reads, sending
from linnet.features.conversations.models import Draft, Revision
from linnet.features.media.attachments.models import loosened
from linnet.features.statuses import reads as statuses
from linnet.features.statuses.models import Draft as StatusDraft
from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.card import PreviewCard
from linnet.mastodon.entities.status import Context, Status, StatusEdit, StatusSource
from linnet.mastodon.presenters.accounts import present_in_order
from linnet.mastodon.presenters.media import present_all
from linnet.mastodon.presenters.messages import present_as_statuses, present_versions
from linnet.mastodon.presenters.statuses import present_statuses
from linnet.platform.errors import Invalid, NotFound
from linnet.platform.site import Site

P = ParamSpec("P")
T = TypeVar("T")
Route = Callable[Concatenate[Call, int, P], Awaitable[T]]


def or_message(of_message: Route[P, T]) -> Callable[[Route[P, T]], Route[P, T]]:
    """Have a route of statuses answer for messages as well: `of_message` is tried where there is no such status."""

    def wrap(of_status: Route[P, T]) -> Route[P, T]:
        @wraps(of_status)
        async def answer(call: Call, status_id: int, *args: P.args, **named: P.kwargs) -> T:
            try:
                return await of_status(call, status_id, *args, **named)
            except NotFound:
                if call.viewer is None:
                    raise
            return await of_message(call, status_id, *args, **named)

        return cast("Any", answer)

    return wrap


async def post(call: Call, draft: StatusDraft, scheduled_at: datetime | None) -> Status:
    """Send a message to those whom its words name; `Invalid` for what messages do not carry."""
    if scheduled_at is not None:
        raise Invalid("Validation failed: A direct message cannot be scheduled")
    if draft.poll is not None:
        raise Invalid("Validation failed: A direct message cannot have a poll")
    if draft.quoted_id is not None:
        raise Invalid("Validation failed: A direct message cannot quote a post")
    said = Draft(
        text=draft.text,
        spoiler_text=draft.spoiler_text,
        sensitive=draft.sensitive,
        language=draft.language,
        in_reply_to_id=draft.in_reply_to_id,
        application=draft.application,
        idempotency_key=draft.idempotency_key,
        media_ids=draft.media_ids,
    )
    return await show(call, await sending.post(call.engines, call.me, said))


async def with_messages(call: Call, ids: Sequence[int], presented: list[Status]) -> list[Status]:
    """Statuses that were asked for by these ids, and the messages among what is no status, in the order of the ids."""
    found = {one.id: one for one in presented}
    others = [one for one in dict.fromkeys(ids) if str(one) not in found]
    messages = await present_as_statuses(
        call.engines, call.viewer, await reads.hydrate(call.engines, call.viewer, others)
    )
    found |= {one.id: one for one in messages}
    return [found[str(one)] for one in dict.fromkeys(ids) if str(one) in found]


async def show(call: Call, message_id: int) -> Status:
    """One message."""
    presented = await present_as_statuses(
        call.engines, call.viewer, await reads.hydrate(call.engines, call.viewer, [message_id])
    )
    if not presented:
        raise NotFound
    return presented[0]


async def edit(call: Call, message_id: int, form: EditForm) -> Status:
    """Give one's own message a new wording."""
    if form.poll is not None:
        raise Invalid("Validation failed: A direct message cannot have a poll")
    revision = Revision(
        form.status,
        form.spoiler_text,
        form.sensitive,
        form.language,
        media_ids_of(form.media_ids),
        captions_of(form.media_attributes),
    )
    await actions.edit(call.engines, call.me, message_id, revision)
    return await show(call, message_id)


async def delete(call: Call, message_id: int) -> Status:
    """Take one's own message back for everybody; the answer has its text and media."""
    message = await reads.message(call.engines.db, call.me, message_id)
    presented = await show(call, message_id)
    await actions.retract(call.engines, call.me, message_id)
    presented.text = message.text
    presented.media_attachments = present_all(call.engines.config(Site), loosened(message.media))
    return presented


async def context(call: Call, message_id: int) -> Context:
    """What was said before and after a message in its conversation, and the thread of the status it answers."""
    message, earlier, later = await reads.around(call.engines, call.me, message_id)
    both = {
        one.id: one
        for one in await present_as_statuses(call.engines, call.me, earlier.only([*earlier.ids, *later.ids]))
    }
    said = {str(one) for one in earlier.ids}
    above: list[Status] = []
    if message.in_reply_to_id is not None:
        above = await _thread_of(call, message.in_reply_to_id)
    return Context(
        ancestors=[*above, *(one for one in both.values() if one.id in said)],
        descendants=[one for one in both.values() if one.id not in said],
    )


async def _thread_of(call: Call, status_id: int) -> list[Status]:
    """A status with what it answers, the oldest first; nothing where the viewer may not see it, or it is none."""
    try:
        above, _ = await statuses.context(call.engines, call.viewer, status_id)
    except NotFound:
        return []
    page = await statuses.hydrate(call.engines, call.viewer, [*above.ids, status_id])
    return await present_statuses(call.engines, call.viewer, page)


async def history(call: Call, message_id: int) -> list[StatusEdit]:
    """Every wording of a message, oldest first."""
    message, versions = await reads.history(call.engines, call.me, message_id)
    return await present_versions(call.engines, message, versions)


async def source(call: Call, message_id: int) -> StatusSource:
    """A message as it was typed."""
    message = await reads.message(call.engines.db, call.me, message_id)
    return StatusSource(id=str(message.id), text=message.text, spoiler_text=message.spoiler_text)


async def card(call: Call, message_id: int) -> PreviewCard | dict[str, str]:
    """No card is made of what is said in private: to make one would tell somebody else of it."""
    await reads.message(call.engines.db, call.me, message_id)
    return {}


async def favouriters(call: Call, message_id: int, form: AccountsPageForm) -> Page[Account]:
    """Who favourited a message, the latest first."""
    found = await reads.favouriters(call.engines, call.me, message_id, form.window)
    accounts = await present_in_order(call.engines, [account_id for _, account_id in found])
    return Page[Account].of(accounts, [row_id for row_id, _ in found], form.window)


async def rebloggers(call: Call, message_id: int, form: AccountsPageForm) -> Page[Account]:
    """Nobody can pass a message on."""
    await reads.message(call.engines.db, call.me, message_id)
    return Page[Account].of([], [], form.window)


async def quotes(call: Call, message_id: int, form: PageForm) -> Page[Status]:
    """Nobody can quote a message."""
    await reads.message(call.engines.db, call.me, message_id)
    return Page[Status].of([], [], form.window)


async def favourite(call: Call, message_id: int) -> Status:
    """Favourite a message."""
    await actions.favourite(call.engines, call.me, message_id)
    return await show(call, message_id)


async def unfavourite(call: Call, message_id: int) -> Status:
    """Take a favourite back."""
    await actions.unfavourite(call.engines, call.me, message_id)
    return await show(call, message_id)


async def bookmark(call: Call, message_id: int) -> Status:
    """Keep a message for later."""
    await actions.bookmark(call.engines, call.me, message_id)
    return await show(call, message_id)


async def unbookmark(call: Call, message_id: int) -> Status:
    """Drop a bookmark."""
    await actions.unbookmark(call.engines, call.me, message_id)
    return await show(call, message_id)


async def pin(call: Call, message_id: int) -> Status:
    """A profile shows nothing private."""
    await reads.message(call.engines.db, call.me, message_id)
    raise Invalid("Validation failed: Posts that are only visible to mentioned users cannot be pinned")


async def mute(call: Call, message_id: int) -> Status:
    """Be notified no more of the conversation a message is in."""
    return await _mute(call, message_id, muted=True)


async def unmute(call: Call, message_id: int) -> Status:
    """Be notified of the conversation again."""
    return await _mute(call, message_id, muted=False)


async def _mute(call: Call, message_id: int, *, muted: bool) -> Status:
    message = await reads.message(call.engines.db, call.me, message_id)
    await members.mute(call.engines, call.me, message.conversation_id, muted=muted)
    return await show(call, message_id)
