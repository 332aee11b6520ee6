"""Conversations for the wire: as Mastodon has them, and as threads for ours. A fixed number of statements."""

from linnet.features.accounts.models import Viewer
from linnet.features.conversations.models import Conversation, ConversationPage
from linnet.mastodon import dates
from linnet.mastodon.entities import conversation as entities
from linnet.mastodon.entities import message as own_entities
from linnet.mastodon.entities.account import Account
from linnet.mastodon.presenters.accounts import present_accounts
from linnet.mastodon.presenters.messages import present_as_statuses, present_messages
from linnet.platform.engines import Engines


async def present_conversations(
    engines: Engines, viewer: Viewer, page: ConversationPage
) -> list[entities.Conversation]:
    """The page's conversations in its order, each with the others in it and its latest message as a status."""
    accounts = await _accounts(engines, page)
    statuses = {one.id: one for one in await present_as_statuses(engines, viewer, page.newest)}
    return [
        entities.Conversation(
            id=str(one.id),
            unread=one.unread,
            accounts=[accounts[i] for i in one.others(viewer.account_id) if i in accounts],
            last_status=statuses.get(str(one.newest_id)),
        )
        for one in page.items
    ]


async def present_threads(engines: Engines, page: ConversationPage) -> list[own_entities.Thread]:
    """The page's conversations in its order, each with everybody in it and its latest message."""
    accounts = await _accounts(engines, page)
    messages = {one.id: one for one in present_messages(engines, page.newest)}
    return [
        own_entities.Thread(
            id=str(one.id),
            group=one.is_group,
            title=one.title,
            created_at=dates.moment(one.created_at),
            started_by_id=str(one.started_by),
            standing=one.standing.value,
            unread=one.unread,
            muted=one.muted,
            read_id=_read_id(one.read_id),
            members=_members(one, accounts),
            last_message=messages.get(str(one.newest_id)),
        )
        for one in page.items
    ]


async def _accounts(engines: Engines, page: ConversationPage) -> dict[int, Account]:
    return await present_accounts(engines, {i for one in page.items for i in one.member_ids})


def _members(conversation: Conversation, accounts: dict[int, Account]) -> list[own_entities.ThreadMember]:
    return [
        own_entities.ThreadMember(accounts[i], _read_id(conversation.reads.get(i)))
        for i in conversation.member_ids
        if i in accounts
    ]


def _read_id(message_id: int | None) -> str | None:
    return str(message_id) if message_id else None
