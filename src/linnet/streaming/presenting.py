"""From who gets a status to what they are sent: it is presented once for all who see the same of it.

Who sees anything else (has marked it, or wrote it, filters it, or may not see what it quotes) has it presented for
themselves, out of the same memory.
"""

import asyncio
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

import msgspec

from linnet.features.filters.matching import Matches, look
from linnet.features.filters.models import Context
from linnet.features.relationships.models import Stance
from linnet.features.statuses import marked as marking
from linnet.features.statuses import reads as statuses
from linnet.features.statuses.models import Hydrated, Marks, Status
from linnet.features.timelines import rules
from linnet.features.timelines.lists import reads as lists
from linnet.mastodon.presenters.encoded import encoded_statuses
from linnet.mastodon.presenters.parts import reader_of
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.streaming.channels import Channel, Stream
from linnet.streaming.messages import Message
from linnet.streaming.readers import Reader
from linnet.streaming.registry import Listeners
from linnet.streaming.tellings import Gets, Seen, Telling

MarksOf = dict[tuple[int, int], Marks]
"""By viewer and status."""

Sight = tuple[int, tuple[int, ...], tuple[tuple[int, Marks], ...], tuple[tuple[int, Matches], ...]]
"""All that two viewers must have in common to be sent the same: which kind of reader, what they see, their marks, and
what their filters match of it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message, and who gets it."""

    message: Message
    listeners: Listeners


async def present(engines: Engines, tellings: Collection[Telling]) -> list[Delivery]:
    """What is sent to whom, in the order of the statuses. At most two statements, but for readers of large circles."""
    viewer_ids = {reader.viewer.account_id for one in tellings for _, _, reader, _ in one.gets}
    about = {s.id: s for one in tellings for shared in one.shared.values() if (s := shared.status) is not None}
    marks = await marking.marks_of_many(engines, viewer_ids, about.values())
    deliveries: list[Delivery] = []
    for telling in tellings:
        deliveries += await _present(engines, telling, marks)
        await asyncio.sleep(0)  # others have their turn
    return deliveries


async def _present(engines: Engines, telling: Telling, marks: MarksOf) -> list[Delivery]:
    status = telling.status
    made: dict[Sight, bytes] = {}
    groups: dict[tuple[tuple[str, ...], Sight], Listeners] = {}
    usual: Sight | None = (1, (status.id,), (), ()) if len(telling.shared) == 1 else None
    for gets in telling.gets:
        channel, listeners, reader, seen = gets
        viewer_id = reader.viewer.account_id
        is_usual = seen is not None and viewer_id != status.account_id and (viewer_id, status.id) not in marks
        is_usual = is_usual and not reader.lens
        sight = usual if is_usual else None
        if sight is None or sight not in made:
            page = await _page(engines, telling, gets, marks)
            matches = _matches(engines, reader, channel, status, page) if page is not None else None
            if page is None or matches is None:
                continue
            kind, found = reader_of(reader.viewer, page, status), tuple(matches.items())
            sight = kind, tuple(page.statuses), tuple(page.marks.items()), found
            if sight not in made:
                encoded = await encoded_statuses(engines, reader.viewer, page, matches)
                made[sight] = bytes(cast("msgspec.Raw", encoded[0])) if encoded else b""
        groups.setdefault((channel.names, sight), {}).update(listeners)
    return [
        Delivery(Message(names, telling.event, made[sight], position=status.id), listeners)
        for (names, sight), listeners in groups.items()
        if made[sight]
    ]


async def _page(engines: Engines, telling: Telling, gets: Gets, marks: MarksOf) -> Hydrated | None:
    """What the reader sees, as a page of one; None when that is nothing."""
    channel, _, reader, seen = gets
    status_id, viewer = telling.status.id, reader.viewer
    if seen is None:
        return await _asked(engines, reader, telling.status, channel)
    own = {i: mine for i in seen if (mine := marks.get((viewer.account_id, i))) is not None}
    authors = {one.account_id: telling.authors[one.account_id].version for one in seen.values()}
    stances = _silenced(reader, seen)
    return Hydrated((status_id,), seen, (status_id,), marks=own, authors=authors, stances=stances)


def _silenced(reader: Reader, seen: Seen) -> dict[int, Stance]:
    """How the reader stands to those among the seen who are quoted, where they blocked or muted them."""
    quoted = {seen[one.quoted_id].account_id for one in seen.values() if one.quoted_id in seen}
    if not quoted or reader.circle is None:
        return {}
    now_s = time.time()
    stances = {account_id: reader.circle.stance_once(account_id, now_s) for account_id in quoted}
    return {account_id: stance for account_id, stance in stances.items() if stance.silenced}


def _matches(
    engines: Engines, reader: Reader, channel: Channel, status: Status, page: Hydrated
) -> Mapping[int, Matches] | None:
    """What the reader's filters match of it; None when they leave it out of the timeline that is streamed."""
    context = Context.HOME if channel.stream in {Stream.USER, Stream.LIST} else Context.PUBLIC
    lens = reader.lens.at(engines.clock.now().timestamp())
    return look(lens, reader.viewer.account_id, status, page.statuses, context)


async def _asked(engines: Engines, reader: Reader, status: Status, channel: Channel) -> Hydrated | None:
    """The same out of SQL, for a reader with too large a circle."""
    viewer = reader.viewer
    if channel.stream is Stream.LIST:
        with suppress(NotFound):  # dropped this moment
            page = await lists.among(engines, viewer, int(channel.topic[1]), [status.id])
            return page if page.ids else None
        return None
    page = await statuses.read(engines, viewer, [status.id])
    if not page.ids:
        return None
    if channel.stream is Stream.USER:
        return page if rules.allowed(page, viewer.account_id, reader.tags) else None
    stance = page.stances.get(status.account_id)
    silenced = stance is not None and stance.silenced and status.account_id != viewer.account_id
    return None if silenced else page
