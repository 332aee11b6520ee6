"""Later work of notifications about messages: a message mentions everybody it is for. Every job may run twice."""

from collections.abc import Sequence

from linnet.features.conversations import reads as conversations
from linnet.features.conversations.events import (
    MessageDeleted,
    MessageFavourited,
    MessageSent,
    MessageUnfavourited,
)
from linnet.features.notifications import jobs
from linnet.features.notifications.models import Kind, Notice
from linnet.features.notifications.store import audiences, forgetting
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job


async def _notify_sent(engines: Engines, works: Sequence[MessageSent]) -> None:
    heard = await conversations.audience(engines.db, [work.message_id for work in works])
    await jobs.write(engines, [Notice(member, Kind.MENTION, author, message) for member, author, message in heard])


async def _notify_favourited(engines: Engines, works: Sequence[MessageFavourited]) -> None:
    pairs = [(work.account_id, work.message_id) for work in works]
    notices = await audiences.of_message_favourites(engines.db, pairs)
    about = {(one.account_id, one.status_id) for one in notices if one.status_id is not None}
    seen = await conversations.visible_pairs(engines.db, about)
    await jobs.write(engines, [one for one in notices if (one.account_id, one.status_id) in seen])


async def _forget_message(engines: Engines, works: Sequence[MessageDeleted]) -> None:
    await forgetting.about_messages(engines.db, [work.message_id for work in works])


async def _forget_favourite(engines: Engines, works: Sequence[MessageUnfavourited]) -> None:
    await forgetting.of_message_favourites(engines.db, [(work.account_id, work.message_id) for work in works])


_QUEUE = "notifications"

NOTIFY_SENT = Job("notifications.notify_sent", MessageSent, _notify_sent, queue=_QUEUE, priority=1)
NOTIFY_FAVOURITED = Job(
    "notifications.notify_message_favourited", MessageFavourited, _notify_favourited, queue=_QUEUE, priority=1
)
FORGET_MESSAGE = Job("notifications.forget_message", MessageDeleted, _forget_message, queue="maintenance")
FORGET_FAVOURITE = Job("notifications.forget_message_favourite", MessageUnfavourited, _forget_favourite, queue=_QUEUE)
