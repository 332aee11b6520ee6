"""`/api/v1/statuses`: posting, reading, editing, deleting, and what people do with statuses."""

from linnet.api import direct
from linnet.api.direct import or_message
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import AccountsPageForm, Page
from linnet.api.posting import idempotency_key_of
from linnet.api.status_forms import EditForm, StatusForm, VisibilityName, draft_of, revision_of
from linnet.features.filters.models import Context as FilterContext
from linnet.features.filters.reads import without_hidden
from linnet.features.media.attachments.models import loosened
from linnet.features.statuses import actions, editing, reads, shelf
from linnet.features.statuses.models import BULK_MAX, Visibility
from linnet.features.statuses.scheduled import actions as scheduled
from linnet.features.timelines import actions as timelines
from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.card import PreviewCard
from linnet.mastodon.entities.scheduled_status import ScheduledStatus
from linnet.mastodon.entities.status import Context, Status, StatusEdit, StatusSource
from linnet.mastodon.presenters.accounts import present_accounts
from linnet.mastodon.presenters.cards import present_card
from linnet.mastodon.presenters.media import present_all
from linnet.mastodon.presenters.scheduled import present_scheduled
from linnet.mastodon.presenters.statuses import present_history, present_status, present_statuses
from linnet.platform.errors import NotFound
from linnet.platform.ids import parse_id
from linnet.platform.site import Site


class BulkForm(Form):
    """Several statuses by id."""

    id: list[str] = []


class ReblogForm(Form):
    """Who may see the reblog."""

    visibility: VisibilityName | None = None


@endpoint("POST", "/api/v1/statuses", scope="write:statuses")
async def post_status(call: Call, form: StatusForm) -> Status | ScheduledStatus:
    """Publish a status, or keep it to be published at `scheduled_at`; a direct one is sent to those whom it names.

    With an `Idempotency-Key` header a repeat within the hour answers with what was made the first time.
    """
    draft = draft_of(call, form, idempotency_key_of(call))
    if draft.visibility is Visibility.DIRECT:
        return await direct.post(call, draft, form.scheduled_at)
    if form.scheduled_at is not None:
        one = await scheduled.schedule(call.engines, call.me, draft, form.scheduled_at)
        return (await present_scheduled(call.engines, call.me, [one]))[0]
    status_id, status = await actions.post(call.engines, call.me, draft)
    await timelines.show_own(call.engines, call.me, status_id)
    page = await shelf.fresh(call.engines, status) if status is not None else None
    if page is None:
        return await present_status(call.engines, call.me, status_id)
    return (await present_statuses(call.engines, call.me, page))[0]


@endpoint("GET", "/api/v1/statuses", scope="read:statuses", viewer="optional")
async def list_statuses(call: Call, form: BulkForm) -> list[Status]:
    """Several statuses at once, those the viewer may see, in the order asked for."""
    ids = [found for text in form.id[:BULK_MAX] if (found := parse_id(text)) is not None]
    page = await reads.hydrate(call.engines, call.viewer, ids)
    presented = await present_statuses(call.engines, call.viewer, page)
    return await direct.with_messages(call, ids, presented)


@endpoint("GET", "/api/v1/statuses/{status_id}", scope="read:statuses", viewer="optional")
@or_message(direct.show)
async def show_status(call: Call, status_id: int) -> Status:
    """One status."""
    return await present_status(call.engines, call.viewer, status_id)


@endpoint("PUT", "/api/v1/statuses/{status_id}", scope="write:statuses")
@or_message(direct.edit)
async def edit_status(call: Call, status_id: int, form: EditForm) -> Status:
    """Give one's own status a new wording."""
    await editing.edit(call.engines, call.me, status_id, revision_of(form))
    return await present_status(call.engines, call.me, status_id)


@endpoint("DELETE", "/api/v1/statuses/{status_id}", scope="write:statuses")
@or_message(direct.delete)
async def delete_status(call: Call, status_id: int) -> Status:
    """Delete one's own status; the answer has its text and media, so that it can be written anew.

    A reblog of what one may not see any more is deleted as well, only that there is nothing to show.
    """
    page = await reads.hydrate(call.engines, call.me, [status_id], if_known=True)
    presented = await present_statuses(call.engines, call.me, page)
    await actions.retract(call.engines, call.me, status_id)
    if not presented:
        raise NotFound
    gone = page.statuses[status_id]
    presented[0].text = gone.text
    presented[0].media_attachments = present_all(call.engines.config(Site), loosened(gone.media))
    return presented[0]


@endpoint("GET", "/api/v1/statuses/{status_id}/context", scope="read:statuses", viewer="optional")
@or_message(direct.context)
async def show_context(call: Call, status_id: int) -> Context:
    """The thread around a status."""
    above, below = await reads.context(call.engines, call.viewer, status_id)
    together = above.only([*above.ids, *below.ids])
    together = await without_hidden(call.engines, call.viewer, together, FilterContext.THREAD)
    presented = await present_statuses(call.engines, call.viewer, together)
    ancestors = set(above.ids)
    return Context(
        ancestors=[one for one in presented if int(one.id) in ancestors],
        descendants=[one for one in presented if int(one.id) not in ancestors],
    )


@endpoint("GET", "/api/v1/statuses/{status_id}/history", scope="read:statuses", viewer="optional")
@or_message(direct.history)
async def show_history(call: Call, status_id: int) -> list[StatusEdit]:
    """Every wording a status has had, oldest first."""
    status, versions = await reads.history(call.engines, call.viewer, status_id)
    return await present_history(call.engines, status, versions)


@endpoint("GET", "/api/v1/statuses/{status_id}/source", scope="read:statuses")
@or_message(direct.source)
async def show_source(call: Call, status_id: int) -> StatusSource:
    """A status as it was typed."""
    status = await reads.visible(call.engines.db, call.me, status_id)
    return StatusSource(id=str(status.id), text=status.text, spoiler_text=status.spoiler_text)


@endpoint("GET", "/api/v1/statuses/{status_id}/card", scope="read:statuses", viewer="optional")
@or_message(direct.card)
async def show_card(call: Call, status_id: int) -> PreviewCard | dict[str, str]:
    """The preview card of a status, which is in the status as well; empty when it has none."""
    status = await reads.visible(call.engines.db, call.viewer, status_id)
    return present_card(call.engines.config(Site), status.card) if status.card else {}


@endpoint("GET", "/api/v1/statuses/{status_id}/favourited_by", scope="read:accounts", viewer="optional")
@or_message(direct.favouriters)
async def list_favouriters(call: Call, status_id: int, form: AccountsPageForm) -> Page[Account]:
    """Who favourited a status, the latest first."""
    found = await reads.favouriters(call.engines, call.viewer, status_id, form.window)
    return await _accounts_page(call, found, form)


@endpoint("GET", "/api/v1/statuses/{status_id}/reblogged_by", scope="read:accounts", viewer="optional")
@or_message(direct.rebloggers)
async def list_rebloggers(call: Call, status_id: int, form: AccountsPageForm) -> Page[Account]:
    """Who reblogged a status, the latest first."""
    found = await reads.rebloggers(call.engines, call.viewer, status_id, form.window)
    return await _accounts_page(call, found, form)


async def _accounts_page(call: Call, found: list[tuple[int, int]], form: AccountsPageForm) -> Page[Account]:
    accounts = await present_accounts(call.engines, [account_id for _, account_id in found])
    shown = [accounts[account_id] for _, account_id in found if account_id in accounts]
    return Page[Account].of(shown, [row_id for row_id, _ in found], form.window)


@endpoint("POST", "/api/v1/statuses/{status_id}/reblog", scope="write:statuses")
async def reblog_status(call: Call, status_id: int, form: ReblogForm) -> Status:
    """Pass a status on; the answer is the reblog, with the original inside."""
    visibility = Visibility(form.visibility) if form.visibility else None
    reblog_id = await actions.reblog(call.engines, call.me, status_id, visibility)
    await timelines.show_own(call.engines, call.me, reblog_id)
    return await present_status(call.engines, call.me, reblog_id)


@endpoint("POST", "/api/v1/statuses/{status_id}/unreblog", scope="write:statuses")
@or_message(direct.show)
async def unreblog_status(call: Call, status_id: int) -> Status:
    """Take a reblog back; the answer is the original."""
    return await _after(call, await actions.unreblog(call.engines, call.me, status_id))


@endpoint("POST", "/api/v1/statuses/{status_id}/favourite", scope="write:favourites")
@or_message(direct.favourite)
async def favourite_status(call: Call, status_id: int) -> Status:
    """Favourite a status."""
    return await _after(call, await actions.favourite(call.engines, call.me, status_id))


@endpoint("POST", "/api/v1/statuses/{status_id}/unfavourite", scope="write:favourites")
@or_message(direct.unfavourite)
async def unfavourite_status(call: Call, status_id: int) -> Status:
    """Take a favourite back."""
    return await _after(call, await actions.unfavourite(call.engines, call.me, status_id))


@endpoint("POST", "/api/v1/statuses/{status_id}/pin", scope="write:accounts")
@or_message(direct.pin)
async def pin_status(call: Call, status_id: int) -> Status:
    """Show one's own status on top of one's profile."""
    return await _after(call, await actions.pin(call.engines, call.me, status_id))


@endpoint("POST", "/api/v1/statuses/{status_id}/unpin", scope="write:accounts")
@or_message(direct.pin)
async def unpin_status(call: Call, status_id: int) -> Status:
    """Take one's own status off the top of one's profile."""
    return await _after(call, await actions.unpin(call.engines, call.me, status_id))


@endpoint("POST", "/api/v1/statuses/{status_id}/mute", scope="write:mutes")
@or_message(direct.mute)
async def mute_thread(call: Call, status_id: int) -> Status:
    """Hear no more of the thread this status belongs to."""
    return await _after(call, await actions.mute_thread(call.engines, call.me, status_id))


@endpoint("POST", "/api/v1/statuses/{status_id}/unmute", scope="write:mutes")
@or_message(direct.unmute)
async def unmute_thread(call: Call, status_id: int) -> Status:
    """Hear of the thread again."""
    return await _after(call, await actions.unmute_thread(call.engines, call.me, status_id))


async def _after(call: Call, status_id: int) -> Status:
    return await present_status(call.engines, call.me, status_id)
