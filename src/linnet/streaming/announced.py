"""What is told to everybody who is here: announcements, and what is said to them. Each is presented once."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from linnet.mastodon.presenters.announcements import present_announcement_to_all, present_reaction_to_all
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.live import Hint, Live
from linnet.streaming.channels import Stream
from linnet.streaming.messages import Event, Message
from linnet.streaming.presenting import Delivery
from linnet.streaming.registry import Listeners, Registry

_encode = msgspec.json.Encoder().encode


class Announced:
    """Answers for one process what everybody is told."""

    def __init__(self, engines: Engines, registry: Registry) -> None:
        self._engines = engines
        self._registry = registry

    async def of(self, hints: Sequence[Hint]) -> list[Delivery]:
        """These as messages to every `user` stream; what is not shown any more is passed over."""
        told = [one for hint in dict.fromkeys(hints) if (one := await self._message(hint)) is not None]
        if not told:
            return []
        everybody: defaultdict[tuple[str, ...], Listeners] = defaultdict(dict)
        for account_id in self._registry.viewers():
            for channel, listeners in self._registry.channels((Stream.USER, account_id)).items():
                everybody[channel.names].update(listeners)
        return [
            Delivery(Message(names, event, payload), dict(listeners))
            for event, payload in told
            for names, listeners in everybody.items()
        ]

    async def _message(self, hint: Hint) -> tuple[Event, bytes] | None:
        try:
            match hint:
                case Hint(Live.ANNOUNCEMENT, (announcement_id,)):
                    told = await present_announcement_to_all(self._engines, announcement_id)
                    return Event.ANNOUNCEMENT, _encode(told)
                case Hint(Live.ANNOUNCEMENT_REACTION, (announcement_id,), name):
                    said = await present_reaction_to_all(self._engines, announcement_id, name)
                    return Event.ANNOUNCEMENT_REACTION, _encode(said)
                case Hint(Live.ANNOUNCEMENT_DELETED, (announcement_id,)):
                    return Event.ANNOUNCEMENT_DELETE, str(announcement_id).encode()
                case _:
                    return None
        except NotFound:
            return None
