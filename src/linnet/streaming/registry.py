"""Who listens to what: every connection of this process, by topic, by account and by address."""

import time
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final, TypeVar

import structlog

from linnet.features.search.models import Standing
from linnet.platform.errors import TooMany
from linnet.streaming import measures
from linnet.streaming.channels import Channel, Stream, Topic
from linnet.streaming.limits import SEARCHES_MAX, StreamingLimits
from linnet.streaming.listeners import Listener
from linnet.streaming.readers import Readers

RETRY_AFTER_S = 60
_IPV6_NETWORK = 64
"""Bits of an IPv6 address that stand for one customer."""

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()
K = TypeVar("K", bound=Hashable)

Listeners = dict[Listener, None]
"""A set of them that keeps their order."""

_SOUGHT: Final = frozenset({Stream.LIST, Stream.SEARCH})
_NOBODY: Final[Mapping[Channel, Listeners]] = {}


class Registry:
    """All listeners; the first connection of an account brings in its reader, and its last takes it out."""

    def __init__(self, readers: Readers, limits: StreamingLimits) -> None:
        self.readers = readers
        self.listeners: Listeners = {}
        self._limits = limits
        self._topics: dict[Topic, dict[Channel, Listeners]] = {}
        self.list_ids: set[int] = set()
        """Lists that somebody listens to: their owners."""
        self._searches = 0
        """How many kept searches somebody listens to."""
        self._seekers: Counter[int] = Counter()
        """How many lists and searches each account listens to."""
        self._of_account: defaultdict[int, Listeners] = defaultdict(dict)
        self._of_address: Counter[str] = Counter()
        self._of_access: defaultdict[int, Listeners] = defaultdict(dict)
        """By what they end with: the session, the token, the account."""

    def add(self, listener: Listener) -> None:
        """From now on it is counted; raises `TooMany` when its account or its address has too many already."""
        account_id, address = listener.viewer.account_id, counted_address(listener.address)
        if len(self._of_account.get(account_id, ())) >= self._limits.account_sockets:
            raise TooMany("Too many streams of this account", retry_after_s=RETRY_AFTER_S)
        if address and self._of_address[address] >= self._limits.address_sockets:
            raise TooMany("Too many streams from this address", retry_after_s=RETRY_AFTER_S)
        self.listeners[listener] = None
        self._of_account[account_id][listener] = None
        self._of_address[address] += 1
        for one in _access_ids(listener):
            self._of_access[one][listener] = None
        self.readers.enter(listener.viewer)
        measures.came(listener.kind)

    def remove(self, listener: Listener) -> None:
        """It is gone."""
        if self.listeners.pop(listener, listener) is listener:
            return
        for channel in tuple(listener.channels):
            self.unsubscribe(listener, channel)
        address = counted_address(listener.address)
        self._of_address[address] -= 1
        if not self._of_address[address]:
            del self._of_address[address]
        for one in _access_ids(listener):
            _take_out(self._of_access, one, listener)
        _take_out(self._of_account, listener.viewer.account_id, listener)
        if listener.viewer.account_id not in self._of_account:
            self.readers.leave(listener.viewer.account_id)
        measures.went(listener.kind)
        log.info(
            "stream",
            kind=listener.kind,
            viewer=listener.viewer.account_id,
            seconds=round(time.monotonic() - listener.opened_at_s, 1),
            ended_by=listener.closing.label if listener.closing is not None else "reader",
        )

    def subscribe(self, listener: Listener, channel: Channel) -> None:
        """From now on it hears of this; raises `TooMany` when it hears of too much already, or all do of searches."""
        if channel in listener.channels:
            return
        if len(listener.channels) >= self._limits.subscriptions:
            raise TooMany("Too many subscriptions on this connection")
        if channel.stream is Stream.SEARCH and channel.topic not in self._topics:
            if self._searches >= SEARCHES_MAX:
                raise TooMany("Too many searches are listened to just now", retry_after_s=RETRY_AFTER_S)
            self._searches += 1
        if channel.stream in _SOUGHT:
            self._seekers[listener.viewer.account_id] += 1
        listener.channels[channel] = None
        self._topics.setdefault(channel.topic, {}).setdefault(channel, {})[listener] = None
        if channel.stream is Stream.LIST:
            self.list_ids.add(int(channel.topic[1]))

    def unsubscribe(self, listener: Listener, channel: Channel) -> None:
        """And no more."""
        if listener.channels.pop(channel, channel) is channel:
            return
        if channel.stream in _SOUGHT:
            self._seekers[listener.viewer.account_id] -= 1
            if not self._seekers[listener.viewer.account_id]:
                del self._seekers[listener.viewer.account_id]
        channels = self._topics[channel.topic]
        _take_out(channels, channel, listener)
        if not channels:
            del self._topics[channel.topic]
            self._searches -= channel.stream is Stream.SEARCH
            if channel.stream is Stream.LIST:
                self.list_ids.discard(int(channel.topic[1]))

    def of_topic(self, topic: Topic) -> Iterator[tuple[Channel, Listeners]]:
        """Who listens to a topic, by channel: as they are now, for they may come and go."""
        for channel, listeners in self._topics.get(topic, {}).items():
            yield channel, dict(listeners)

    def channels(self, topic: Topic) -> Mapping[Channel, Listeners]:
        """The same as it is kept: for who looks at very many topics, at once, and copies what is to last."""
        return self._topics.get(topic, _NOBODY)

    def has(self, topic: Topic) -> bool:
        """Whether anybody listens to it."""
        return topic in self._topics

    def seekers(self) -> Collection[int]:
        """The accounts that listen to lists or searches."""
        return self._seekers.keys()

    def hears_search(self, one: Standing) -> bool:
        """Whether anybody listens to a search, or to a list that it is on."""
        return (Stream.SEARCH, one.id) in self._topics or not self.list_ids.isdisjoint(one.list_ids)

    def topics_of(self, stream: Stream) -> list[Topic]:
        """The topics of one kind that somebody listens to. Goes through all."""
        return [topic for topic in self._topics if topic[0] is stream]

    def of_access(self, number: int) -> list[Listener]:
        """Whose end is the end of this session, token or account."""
        return list(self._of_access.get(number, ()))

    def viewers(self) -> Mapping[int, Listeners]:
        """The listeners of each account."""
        return self._of_account


def counted_address(address: str) -> str:
    """What an address is counted as: of IPv6 the network that one customer has."""
    try:
        ip = ip_address(address)
    except ValueError:
        return ""
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is None:
        return str(ip_network((ip, _IPV6_NETWORK), strict=False))
    return address


def _access_ids(listener: Listener) -> set[int]:
    access = listener.access
    return {one for one in (access.session_id, access.token_id, listener.viewer.account_id) if one is not None}


def _take_out(groups: dict[K, Listeners], key: K, listener: Listener) -> None:
    groups[key].pop(listener, None)
    if not groups[key]:
        del groups[key]
