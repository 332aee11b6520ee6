"""Who of those here gets a status, and what each sees of it: the rules of timelines, asked the other way round."""

import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Final

from linnet.features.relationships.models import FOLLOWED
from linnet.features.statuses import shelf
from linnet.features.statuses.gone import Gone
from linnet.features.statuses.models import Status, Visibility
from linnet.features.statuses.visibility import OPEN
from linnet.features.timelines import rules
from linnet.features.timelines.lists import reads as lists
from linnet.features.timelines.lists import rules as list_rules
from linnet.features.timelines.lists.models import Opened
from linnet.platform.engines import Engines
from linnet.streaming.channels import MEDIA, PUBLICS, TAGGED, Channel, Stream, Topic
from linnet.streaming.found import Found
from linnet.streaming.messages import Event
from linnet.streaming.readers import Reader
from linnet.streaming.registry import Listeners, Registry
from linnet.streaming.tellings import Gets, Seen, Telling, linked, seen_of

TAGGED_MAX: Final = 20_000
"""Statuses whose hashtags are remembered for when they are deleted: by then nobody has them any more."""


class Audience:
    """Answers for one process who gets what."""

    def __init__(self, engines: Engines, registry: Registry) -> None:
        self._engines = engines
        self._registry = registry
        self._found = Found(engines, registry)
        self._tags: OrderedDict[int, tuple[str, ...]] = OrderedDict()

    async def is_ready(self) -> bool:
        """Know of everybody here what is between them and others; False when nothing kept can be trusted just now."""
        if not await self._engines.changes.catch_up():
            return False
        await self._registry.readers.refresh()
        return True

    async def of_statuses(self, told: Sequence[tuple[Event, int]]) -> list[Telling]:
        """Who gets these statuses, in their order; those that are gone are left out. After `is_ready`."""
        shared, authors = await shelf.shared_of(self._engines, {status_id for _, status_id in told})
        opened = await self._lists_of([one.status for one in shared.values() if one.status is not None])
        looked = await self._found.look(shared, [status_id for _, status_id in told])
        tellings: list[Telling] = []
        for event, status_id in told:
            found = shared.get(status_id)
            status = found.status if found is not None else None
            if status is None or authors[status.account_id].gone:
                continue
            telling = Telling(event, status, linked(shared, status), authors)
            telling.gets += self._home(telling)
            telling.gets += self._public(telling)
            listed = list(self._listed(telling, opened))
            telling.gets += listed
            if looked is not None:
                sure = {channel.topic[1] for channel, _, _, seen in listed if seen is not None}
                telling.gets += await self._found.of(telling, looked, sure)
            tellings.append(telling)
            self._remember(status)
        return tellings

    def of_gone(self, gone: Gone) -> Iterator[tuple[Channel, Listeners]]:
        """Who is told that a status is gone: who could have seen it where they look. After `is_ready`."""
        now_s = time.time()
        mentioned = (reader for i in gone.mention_ids if (reader := self._registry.readers.get(i)) is not None)
        tags = self._tags.get(gone.status_id, ())
        for reader in {*self._near(gone.account_id, tags), *mentioned}:
            if _could_see(gone, reader, now_s, tags):
                yield from self._registry.of_topic((Stream.USER, reader.viewer.account_id))
                yield from self._own_lists(reader)
        if gone.visibility is Visibility.PUBLIC:
            for stream in (*PUBLICS, *MEDIA):
                yield from self._registry.of_topic((stream, 0))
            for topic in self._registry.topics_of(Stream.SEARCH):
                yield from self._registry.of_topic(topic)
            for tag in tags:
                for stream in TAGGED:
                    yield from self._registry.of_topic((stream, tag))

    def _own_lists(self, reader: Reader) -> Iterator[tuple[Channel, Listeners]]:
        """Who of a reader's listeners hears of a list: what was on it nobody knows any more."""
        for listener in self._registry.viewers().get(reader.viewer.account_id, ()):
            for channel in listener.channels:
                if channel.stream in {Stream.LIST, Stream.SEARCH}:
                    yield channel, {listener: None}

    def _remember(self, status: Status) -> None:
        if status.tags and status.visibility is Visibility.PUBLIC:
            self._tags[status.id] = tuple(dict.fromkeys((*self._tags.pop(status.id, ()), *status.tags)))
            if len(self._tags) > TAGGED_MAX:
                self._tags.popitem(last=False)

    def _near(self, author_id: int, tags: Sequence[str]) -> Iterator[Reader]:
        """Whose homes may have what somebody writes: those who follow them, or a hashtag of it, and they themselves."""
        readers = self._registry.readers
        yield from readers.following(author_id)
        yield from readers.following_any(tags)
        own = readers.get(author_id)
        if own is not None:
            yield own

    def _home(self, telling: Telling) -> Iterator[Gets]:
        now_s = time.time()
        status, channels, stream = telling.status, self._registry.channels, Stream.USER
        plain = {status.id: status} if telling.shared[status.id].plain else None
        tags = status.tags if status.visibility is Visibility.PUBLIC and not status.limited else ()
        for reader in self._near(status.account_id, tags):
            circle = reader.circle
            if plain and circle is not None and circle.stance_once(status.account_id, now_s) is FOLLOWED:
                seen = plain  # as all but a few: nothing else is asked of a plain status
            else:
                seen = seen_of(telling, reader)
                if seen is not None and not _is_at_home(status, seen, reader, now_s):
                    continue
            for channel, listeners in channels((stream, reader.viewer.account_id)).items():
                yield channel, listeners, reader, seen

    async def _lists_of(self, told: Sequence[Status]) -> list[Opened]:
        """The lists listened to on which these may be: one statement, none while nobody listens to one."""
        authors, tags = {one.account_id for one in told}, {tag for one in told for tag in one.tags}
        return await lists.opened_with(self._engines.db, self._registry.list_ids, authors, tags)

    def _listed(self, telling: Telling, opened: Sequence[Opened]) -> Iterator[Gets]:
        now_s = time.time()
        for one in opened:
            reader = self._registry.readers.get(one.list.owner_id)
            if reader is None:
                continue
            seen = seen_of(telling, reader)
            if seen is None or _is_on_list(telling.status, seen, one, reader, now_s):
                for channel, listeners in self._registry.of_topic((Stream.LIST, one.list.id)):
                    yield channel, listeners, reader, seen

    def _public(self, telling: Telling) -> Iterator[Gets]:
        now_s = time.time()
        for topic in _topics_of(telling.status):
            for channel, listeners in self._registry.of_topic(topic):
                by_account: dict[int, Listeners] = {}
                for listener in listeners:
                    by_account.setdefault(listener.viewer.account_id, {})[listener] = None
                for account_id, own in by_account.items():
                    reader = self._registry.readers.get(account_id)
                    if reader is None:
                        continue
                    seen = seen_of(telling, reader)
                    if seen is None or (telling.status.id in seen and not _is_silenced(telling.status, reader, now_s)):
                        yield channel, own, reader, seen


def _topics_of(status: Status) -> Iterator[Topic]:
    """The topics, besides homes, that carry a status, as the timelines of the same names do."""
    if status.visibility is not Visibility.PUBLIC or status.reblog_of_id is not None or status.limited:
        return
    if status.in_reply_to_id is None or status.in_reply_to_account_id == status.account_id:
        for stream in (*PUBLICS, *MEDIA) if status.media else PUBLICS:
            yield stream, 0
    for tag in status.tags:
        yield Stream.HASHTAG, tag
        yield Stream.HASHTAG_LOCAL, tag


def _is_at_home(status: Status, seen: Seen, reader: Reader, now_s: float) -> bool:
    subject, circle = _subject(status, seen), reader.circle
    assert circle is not None, "only of a known reader it is known what they see"
    if subject is None:
        return False
    viewer_id = reader.viewer.account_id
    return rules.belongs(status, subject, viewer_id, lambda i: circle.stance_once(i, now_s), reader.tags)


def _is_on_list(status: Status, seen: Seen, opened: Opened, reader: Reader, now_s: float) -> bool:
    subject, circle = _subject(status, seen), reader.circle
    assert circle is not None, "as above"
    if subject is None:
        return False
    return list_rules.belongs(status, subject, opened, lambda i: circle.stance_once(i, now_s))


def _subject(status: Status, seen: Seen) -> Status | None:
    """What the status shows to who sees this; None when that is nothing."""
    return seen.get(status.id) if status.reblog_of_id is None else seen.get(status.reblog_of_id)


def _is_silenced(status: Status, reader: Reader, now_s: float) -> bool:
    circle = reader.circle
    assert circle is not None, "as above"
    if status.account_id == reader.viewer.account_id:
        return False
    return circle.stance_once(status.account_id, now_s).silenced


def _could_see(gone: Gone, reader: Reader, now_s: float, tags: Sequence[str]) -> bool:
    """Whether a status that is gone may have been where this reader looks; what it answered nobody knows any more."""
    circle, viewer_id = reader.circle, reader.viewer.account_id
    if gone.account_id == viewer_id:
        return True
    if circle is None:
        return False
    stance = circle.stance_once(gone.account_id, now_s)
    if stance.silenced or (gone.reblogged_id and circle.stance_once(gone.reblogged_id, now_s).silenced):
        return False
    if viewer_id in gone.mention_ids or any(tag in reader.tags for tag in tags):
        return True
    return stance.following and (gone.visibility in OPEN or gone.visibility is Visibility.PRIVATE)
