"""What is told to one account, or to everybody: notifications, and that something of theirs looks another way now."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from linnet.features.accounts.models import Viewer
from linnet.features.media import reads as uploads
from linnet.features.notifications import reads as notifications
from linnet.mastodon.presenters.media import present_upload
from linnet.mastodon.presenters.notifications import present_notifications
from linnet.platform.engines import Engines
from linnet.platform.live import Hint, Live
from linnet.platform.site import Site
from linnet.streaming.channels import Channel, Stream
from linnet.streaming.messages import Event, Message
from linnet.streaming.presenting import Delivery
from linnet.streaming.registry import Listeners, Registry

NOTIFIED_MAX: Final = 40
"""Notifications of one account that are read at once."""

_encode = msgspec.json.Encoder().encode


class Personal:
    """Answers for one process who gets what, of all that is no status."""

    def __init__(self, engines: Engines, registry: Registry) -> None:
        self._engines = engines
        self._registry = registry

    async def of(self, hints: Sequence[Hint]) -> list[Delivery]:
        """Who is told of these, and how. A fixed number of statements for each account that is here."""
        deliveries: list[Delivery] = []
        notified: defaultdict[int, list[int]] = defaultdict(list)
        for hint in hints:
            match hint:
                case Hint(Live.NOTIFIED, (notification_id, account_id)):
                    if account_id in self._registry.viewers():
                        notified[account_id].append(notification_id)
                case Hint(Live.NOTIFICATIONS_MERGED, (account_id,)):
                    deliveries += self._plain(self._hearing_of_notifications(account_id), Event.NOTIFICATIONS_MERGED)
                case Hint(Live.FILTERS_CHANGED, (account_id,)):
                    deliveries += self._plain(self._of((Stream.USER, account_id)), Event.FILTERS_CHANGED)
                case Hint(Live.MEDIA, (media_id, account_id)):
                    deliveries += await self._uploaded(account_id, media_id)
                case _:
                    pass
        for account_id, ids in notified.items():
            for at in range(0, len(ids), NOTIFIED_MAX):
                deliveries += await self._notified(account_id, ids[at : at + NOTIFIED_MAX])
        return deliveries

    async def _notified(self, account_id: int, ids: Sequence[int]) -> list[Delivery]:
        reader = self._registry.readers.get(account_id)
        channels = list(self._hearing_of_notifications(account_id))
        if reader is None or not channels:
            return []
        page = await notifications.some(self._engines, reader.viewer, ids)
        return [
            Delivery(Message(channel.names, Event.NOTIFICATION, _encode(one), position=int(one.id)), listeners)
            for one in await present_notifications(self._engines, reader.viewer, page)
            for channel, listeners in channels
        ]

    async def _uploaded(self, account_id: int, media_id: int) -> list[Delivery]:
        """How far an upload of somebody who is here is, as it is now; one statement."""
        channels = list(self._of((Stream.USER, account_id)))
        media = await uploads.some(self._engines, Viewer(account_id), [media_id]) if channels else []
        site = self._engines.config(Site)
        return [
            Delivery(Message(channel.names, Event.MEDIA, _encode(present_upload(site, one))), listeners)
            for one in media
            for channel, listeners in channels
        ]

    def _hearing_of_notifications(self, account_id: int) -> Iterator[tuple[Channel, Listeners]]:
        for stream in (Stream.USER, Stream.USER_NOTIFICATION):
            for channel, listeners in self._registry.of_topic((stream, account_id)):
                hearing = {one: None for one in listeners if one.hears_notifications}
                if hearing:
                    yield channel, hearing

    def _of(self, topic: tuple[Stream, int]) -> Iterator[tuple[Channel, Listeners]]:
        return self._registry.of_topic(topic)

    def _plain(self, channels: Iterator[tuple[Channel, Listeners]], event: Event) -> list[Delivery]:
        return [Delivery(Message(channel.names, event), listeners) for channel, listeners in channels]
