"""`/api/v1/conversations`: direct messages by thread, as Mastodon's clients know them."""

from linnet.api.endpoint import Call, endpoint
from linnet.api.paging import Page, PageForm
from linnet.features.conversations import members, reads
from linnet.mastodon.entities.conversation import Conversation
from linnet.mastodon.presenters.conversations import present_conversations


@endpoint("GET", "/api/v1/conversations", scope="read:statuses")
async def list_conversations(call: Call, form: PageForm) -> Page[Conversation]:
    """List one's conversations, the one with the latest message first; those of strangers as well."""
    page = await reads.page(call.engines, call.me, form.window, reads.EVERYTHING)
    presented = await present_conversations(call.engines, call.me, page)
    return Page[Conversation].of(presented, [one.last_message_id for one in page.items], form.window)


@endpoint("DELETE", "/api/v1/conversations/{thread_id}", scope="write:conversations")
async def delete_conversation(call: Call, thread_id: int) -> dict[str, str]:
    """Take a conversation off one's list until somebody speaks in it again."""
    await members.hide(call.engines, call.me, thread_id)
    return {}


@endpoint("POST", "/api/v1/conversations/{thread_id}/read", scope="write:conversations")
async def read_conversation(call: Call, thread_id: int) -> Conversation:
    """Have read a conversation."""
    await members.read(call.engines, call.me, thread_id)
    page = await reads.show(call.engines, call.me, thread_id)
    return (await present_conversations(call.engines, call.me, page))[0]
