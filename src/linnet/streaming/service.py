"""What a streaming process does for whoever connects: lets them in, subscribes them, tells them what they missed."""

import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from linnet.features.accounts.ip_blocks.gate import Gate
from linnet.features.accounts.models import Viewer
from linnet.features.search import saved as searches
from linnet.features.sessions import reads as sessions
from linnet.features.sessions.last_seen import LastSeen
from linnet.features.sessions.models import Access, Origin
from linnet.features.timelines.lists import reads as lists
from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown, Forbidden, NotFound, TooMany, Unauthenticated
from linnet.platform.requests import Network
from linnet.streaming import replay
from linnet.streaming.asking import Asked
from linnet.streaming.channels import SCOPES, Channel, NotYourList, NotYourSearch, Stream, channel_of
from linnet.streaming.hub import Hub
from linnet.streaming.limits import OPENING_MAX, StreamingLimits
from linnet.streaming.listeners import Listener
from linnet.streaming.messages import Message
from linnet.streaming.registry import counted_address

ATTEMPTS_S: Final = 60.0
"""Attempts to connect are counted for so long; one address may make as many as it may have streams."""


@dataclass(slots=True)
class _Attempts:
    """Of the minute that has begun."""

    began_s: float = -math.inf
    by_address: Counter[str] = field(default_factory=Counter[str])


class Streaming:
    """One in each streaming process."""

    def __init__(
        self,
        engines: Engines,
        limits: StreamingLimits,
        *,
        trusted_proxies: Sequence[Network] = (),
    ) -> None:
        self.engines = engines
        self.limits = limits
        self.hub = Hub(engines, limits)
        self.trusted_proxies = trusted_proxies
        self._attempts = _Attempts()
        self._opening = 0

    async def admit(self, asked: Asked) -> Access:
        """What the token of a request gives.

        Raises `Unauthenticated` without one that speaks for an account, `TooMany` for an address that tries too often,
        `Forbidden` for one that is shut out, `EngineDown` when nobody can be let in just now.
        """
        if self.hub.is_draining or self._opening >= OPENING_MAX:
            raise EngineDown("streaming")
        self._count(asked.address)
        gate = self.engines.config(Gate)
        await gate.refresh(self.engines)
        if not gate.may_enter(asked.address, self.engines.clock.now()):
            raise Forbidden("This server does not answer requests from your network")
        if asked.token is None:
            raise Unauthenticated("Missing access token")
        self._opening += 1
        try:
            access = await sessions.access_of(self.engines, asked.token)
        finally:
            self._opening -= 1
        if access is None:
            raise Unauthenticated
        if access.viewer is None:
            raise Unauthenticated("This method requires an authenticated user")
        origin = Origin(asked.address, asked.headers.get("user-agent") or "")
        self.engines.config(LastSeen).note(access, self.engines.clock.now(), lambda: origin)
        return access

    async def channel(self, access: Access, name: str, parameters: Mapping[str, str]) -> Channel:
        """The channel of that name for who has this access.

        Raises `Malformed` for a stream that does not exist or lacks its parameter, `Forbidden` for one not to be heard.
        """
        assert access.viewer is not None, "streams are for accounts"
        channel = channel_of(name, parameters, access.viewer.account_id)
        if not access.allows(SCOPES[channel.stream]):
            raise Forbidden("This action is outside the authorized scopes")
        if channel.stream is Stream.LIST:
            await self._check_list(access.viewer, int(channel.topic[1]))
        if channel.stream is Stream.SEARCH:
            await self._check_search(access.viewer, int(channel.topic[1]))
        return channel

    async def _check_list(self, viewer: Viewer, list_id: int) -> None:
        try:
            await lists.show(self.engines.db, viewer, list_id)
        except NotFound:
            raise NotYourList from None

    async def _check_search(self, viewer: Viewer, search_id: int) -> None:
        try:
            await searches.show(self.engines, viewer, search_id)
        except NotFound:
            raise NotYourSearch from None

    async def subscribe(self, listener: Listener, channel: Channel, last_id: int | None) -> None:
        """Tell the listener from now on of a channel, after what came since `last_id`; raises `TooMany`."""
        self.hub.registry.subscribe(listener, channel)
        if last_id is None:
            return
        listener.hold(channel)
        missed: Sequence[Message] = ()
        try:
            missed = await replay.missed(self.engines, listener, channel, last_id)
        finally:
            listener.release(channel, missed)

    def _count(self, address: str) -> None:
        now_s = time.monotonic()
        if now_s - self._attempts.began_s >= ATTEMPTS_S:
            self._attempts = _Attempts(now_s)
        counted = counted_address(address)
        if counted:
            self._attempts.by_address[counted] += 1
            if self._attempts.by_address[counted] > self.limits.address_sockets:
                raise TooMany("Too many attempts from this address", retry_after_s=int(ATTEMPTS_S))
