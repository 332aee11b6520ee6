"""`/api/v1/messages`: private messages as our own clients have them, with requests, receipts and groups."""

from typing import Literal

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page, PageForm
from linnet.api.posting import application_of, idempotency_key_of
from linnet.api.status_forms import CaptionForm, captions_of, media_ids_of
from linnet.features.conversations import actions, members, reads, sending
from linnet.features.conversations.models import Draft, Revision, Standing
from linnet.mastodon.entities.message import Message, MessageSettings, Thread, UnreadThreads
from linnet.mastodon.presenters.conversations import present_threads
from linnet.mastodon.presenters.messages import present_messages
from linnet.platform.errors import Invalid, NotFound
from linnet.platform.ids import parse_id

THREADS = "/api/v1/messages/threads"


class MessageForm(Form):
    """What is said."""

    text: str = ""
    spoiler_text: str = ""
    sensitive: bool = False
    language: str | None = None
    media_ids: list[str] = []


class RewordingForm(MessageForm):
    """What a message says and shows from now on; without `media_ids` it shows nothing."""

    media_attributes: list[CaptionForm] = []


class ReplyForm(MessageForm):
    """What is said in a thread, and which of its messages it answers."""

    in_reply_to_id: str | None = None


class ThreadForm(MessageForm):
    """To whom what is said, and what a new group is called."""

    account_ids: list[str] = []
    title: str = ""


class TitleForm(Form):
    """What a group is called."""

    title: str = ""


class ReadForm(Form):
    """Up to which message; all of them when it is not said."""

    message_id: str | None = None


class MembersForm(Form):
    """Whom to take in."""

    account_ids: list[str] = []


class DeletionForm(Form):
    """Whether a message is deleted for oneself, or, if it is one's own, for everybody."""

    scope: Literal["me", "all"] = "me"


class SettingsForm(Form):
    """What others get to know; what is not sent stays as it is."""

    read_receipts: bool | None = None
    typing_indicators: bool | None = None


@endpoint("GET", THREADS, scope="read:statuses")
async def list_threads(call: Call, form: PageForm) -> Page[Thread]:
    """List one's threads, the one with the latest message first; without requests of strangers."""
    return await _threads(call, form, Standing.ACCEPTED)


@endpoint("GET", "/api/v1/messages/requests", scope="read:statuses")
async def list_requests(call: Call, form: PageForm) -> Page[Thread]:
    """List threads that strangers have begun with one, which wait for an answer."""
    return await _threads(call, form, Standing.REQUESTED)


async def _threads(call: Call, form: PageForm, standing: Standing) -> Page[Thread]:
    page = await reads.page(call.engines, call.me, form.window, (standing,))
    presented = await present_threads(call.engines, page)
    return Page[Thread].of(presented, [one.last_message_id for one in page.items], form.window)


@endpoint("GET", "/api/v1/messages/unread_count", scope="read:statuses")
async def count_unread(call: Call) -> UnreadThreads:
    """How many threads have something unread, and how many requests, among the thousand latest."""
    found = await reads.unread(call.engines, call.me)
    return UnreadThreads(found.conversations, found.requests)


@endpoint("POST", THREADS, scope="write:conversations")
async def start_thread(call: Call, form: ThreadForm) -> Thread:
    """Write to somebody, in the one thread with them, or begin a group with several.

    With an `Idempotency-Key` header a repeat within the hour answers with the thread of the first time.
    """
    account_ids = _ids(form.account_ids)
    if not account_ids:
        raise Invalid("Validation failed: Account ids can't be blank")
    message_id = await sending.write_to(call.engines, call.me, account_ids, _draft(call, form), title=form.title)
    message = await reads.message(call.engines.db, call.me, message_id)
    return await _thread(call, message.conversation_id)


@endpoint("GET", THREADS + "/{thread_id}", scope="read:statuses")
async def show_thread(call: Call, thread_id: int) -> Thread:
    """One of one's threads, also a declined one."""
    return await _thread(call, thread_id)


@endpoint("PATCH", THREADS + "/{thread_id}", scope="write:conversations")
async def rename_thread(call: Call, thread_id: int, form: TitleForm) -> Thread:
    """Call a group something else; everybody in it may."""
    await members.rename(call.engines, call.me, thread_id, form.title)
    return await _thread(call, thread_id)


@endpoint("DELETE", THREADS + "/{thread_id}", scope="write:conversations")
async def delete_thread(call: Call, thread_id: int) -> dict[str, str]:
    """Delete a thread for oneself: what was said in it until now is gone for good, for others it stays."""
    await members.clear(call.engines, call.me, thread_id)
    return {}


@endpoint("GET", THREADS + "/{thread_id}/messages", scope="read:statuses")
async def list_messages(call: Call, thread_id: int, form: PageForm) -> Page[Message]:
    """What was said in a thread, newest first."""
    found = await reads.messages(call.engines, call.me, thread_id, form.window)
    return Page[Message].of(present_messages(call.engines, found), found.row_ids, form.window)


@endpoint("POST", THREADS + "/{thread_id}/messages", scope="write:conversations")
async def send_message(call: Call, thread_id: int, form: ReplyForm) -> Message:
    """Say something in a thread, which accepts it.

    With an `Idempotency-Key` header a repeat within the hour answers with the message of the first time.
    """
    draft = _draft(call, form, form.in_reply_to_id)
    return await _message(call, await sending.say(call.engines, call.me, thread_id, draft))


@endpoint("POST", THREADS + "/{thread_id}/accept", scope="write:conversations")
async def accept_thread(call: Call, thread_id: int) -> Thread:
    """Let in who has written to one."""
    await members.accept(call.engines, call.me, thread_id)
    return await _thread(call, thread_id)


@endpoint("POST", THREADS + "/{thread_id}/decline", scope="write:conversations")
async def decline_thread(call: Call, thread_id: int) -> Thread:
    """Want nothing of a thread; nobody is told."""
    await members.decline(call.engines, call.me, thread_id)
    return await _thread(call, thread_id)


@endpoint("POST", THREADS + "/{thread_id}/read", scope="write:conversations")
async def read_thread(call: Call, thread_id: int, form: ReadForm) -> Thread:
    """Have read a thread, up to a message or all of it."""
    message_id = parse_id(form.message_id) if form.message_id else None
    if form.message_id and message_id is None:
        raise NotFound
    await members.read(call.engines, call.me, thread_id, message_id)
    return await _thread(call, thread_id)


@endpoint("POST", THREADS + "/{thread_id}/typing", scope="write:conversations")
async def type_in_thread(call: Call, thread_id: int) -> dict[str, str]:
    """Be typing: the others are told for some seconds, unless one keeps that to oneself."""
    await members.type_in(call.engines, call.me, thread_id)
    return {}


@endpoint("POST", THREADS + "/{thread_id}/mute", scope="write:conversations")
async def mute_thread(call: Call, thread_id: int) -> Thread:
    """Be notified of a thread no more."""
    await members.mute(call.engines, call.me, thread_id, muted=True)
    return await _thread(call, thread_id)


@endpoint("POST", THREADS + "/{thread_id}/unmute", scope="write:conversations")
async def unmute_thread(call: Call, thread_id: int) -> Thread:
    """Be notified of a thread again."""
    await members.mute(call.engines, call.me, thread_id, muted=False)
    return await _thread(call, thread_id)


@endpoint("POST", THREADS + "/{thread_id}/members", scope="write:conversations")
async def add_members(call: Call, thread_id: int, form: MembersForm) -> Thread:
    """Take people into a group; they see what is said from now on."""
    await members.add(call.engines, call.me, thread_id, _ids(form.account_ids))
    return await _thread(call, thread_id)


@endpoint("POST", THREADS + "/{thread_id}/leave", scope="write:conversations")
async def leave_thread(call: Call, thread_id: int) -> dict[str, str]:
    """Leave a group, and see nothing of it any more."""
    await members.leave(call.engines, call.me, thread_id)
    return {}


@endpoint("GET", "/api/v1/messages/settings", scope="read:accounts")
async def show_settings(call: Call) -> MessageSettings:
    """What others get to know of one: how far one has read, that one is typing."""
    told = await reads.told(call.engines, call.me)
    return MessageSettings(told.reads, told.typing)


@endpoint("PATCH", "/api/v1/messages/settings", scope="write:accounts")
async def change_settings(call: Call, form: SettingsForm) -> MessageSettings:
    """Choose what others get to know of one."""
    told = await members.tell(call.engines, call.me, reading=form.read_receipts, typing=form.typing_indicators)
    return MessageSettings(told.reads, told.typing)


@endpoint("GET", "/api/v1/messages/{message_id}", scope="read:statuses")
async def show_message(call: Call, message_id: int) -> Message:
    """One message."""
    return await _message(call, message_id)


@endpoint("PUT", "/api/v1/messages/{message_id}", scope="write:conversations")
async def edit_message(call: Call, message_id: int, form: RewordingForm) -> Message:
    """Give one's own message a new wording."""
    revision = Revision(
        form.text,
        form.spoiler_text,
        form.sensitive,
        form.language,
        media_ids_of(form.media_ids),
        captions_of(form.media_attributes),
    )
    await actions.edit(call.engines, call.me, message_id, revision)
    return await _message(call, message_id)


@endpoint("DELETE", "/api/v1/messages/{message_id}", scope="write:conversations")
async def delete_message(call: Call, message_id: int, form: DeletionForm) -> dict[str, str]:
    """Delete a message for oneself, or with `scope=all` one's own for everybody."""
    delete = actions.retract if form.scope == "all" else actions.remove
    await delete(call.engines, call.me, message_id)
    return {}


def _draft(call: Call, form: MessageForm, in_reply_to_id: str | None = None) -> Draft:
    answered_id = parse_id(in_reply_to_id) if in_reply_to_id else None
    if in_reply_to_id and answered_id is None:
        raise NotFound
    return Draft(
        text=form.text,
        spoiler_text=form.spoiler_text,
        sensitive=form.sensitive,
        language=form.language,
        in_reply_to_id=answered_id,
        application=application_of(call),
        idempotency_key=idempotency_key_of(call),
        media_ids=media_ids_of(form.media_ids),
    )


def _ids(texts: list[str]) -> list[int]:
    found = [parse_id(text) for text in texts]
    if None in found:
        raise NotFound("Some of these accounts do not exist.")
    return [one for one in found if one is not None]


async def _thread(call: Call, thread_id: int) -> Thread:
    return (await present_threads(call.engines, await reads.show(call.engines, call.me, thread_id)))[0]


async def _message(call: Call, message_id: int) -> Message:
    presented = present_messages(call.engines, await reads.hydrate(call.engines, call.me, [message_id]))
    if not presented:
        raise NotFound
    return presented[0]
