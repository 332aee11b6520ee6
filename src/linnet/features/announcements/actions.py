"""What is done with announcements: operators publish them and take them back, members put them away and react.

Those who look on are told at once; no job follows, so no events are recorded.
"""

from datetime import datetime

from linnet.features.accounts.audit import note_act
from linnet.features.accounts.models import Viewer
from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.announcements.models import REACTIONS_MAX, TEXT_CHARS_MAX, Announcement, is_emoji
from linnet.features.announcements.store import rows
from linnet.features.statuses import text as texts
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound, Problem
from linnet.platform.live import Live

NO_EMOJI = Problem("ERR_INVALID", "is not a recognized emoji")


async def publish(
    engines: Engines,
    actor: Actor | Operator,
    text: str,
    *,
    at: datetime | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    all_day: bool = False,
) -> int:
    """Tell everybody something, now or `at` a moment to come; the announcement's id.

    `starts_at` and `ends_at` are of what it is about; it is shown until the end. Raises `Forbidden`, `Invalid`.
    """
    require(actor, Permission.MANAGE_ANNOUNCEMENTS)
    now = engines.clock.now()
    text = _checked(text)
    if at is not None and at <= now:
        raise Invalid("The time to publish it has passed: leave it out to publish it now")
    if ends_at is not None and ends_at <= max(starts_at or now, at or now):
        raise Invalid("It ends before it begins")
    if all_day and starts_at is None:
        raise Invalid("What lasts all day needs the day it starts on")
    async with engines.transaction() as tx:
        announcement_id = await rows.insert(
            tx, text, all_day=all_day, starts_at=starts_at, ends_at=ends_at, scheduled_at=at, at=now
        )
        act = "announcement.publish" if at is None else "announcement.schedule"
        await note_act(tx, engines.clock, actor, act, None, {"announcement": str(announcement_id)})
        if at is None:
            tx.live(Live.ANNOUNCEMENT, announcement_id)
    return announcement_id


async def reword(engines: Engines, actor: Actor | Operator, announcement_id: int, text: str) -> None:
    """Give an announcement another text. Raises `Forbidden`, `Invalid`, `NotFound`."""
    require(actor, Permission.MANAGE_ANNOUNCEMENTS)
    async with engines.transaction() as tx:
        is_published = await rows.reword(tx, announcement_id, _checked(text), engines.clock.now())
        if is_published is None:
            raise NotFound("There is no announcement with this id")
        await note_act(tx, engines.clock, actor, "announcement.reword", None, {"announcement": str(announcement_id)})
        if is_published:
            tx.live(Live.ANNOUNCEMENT, announcement_id)


async def unpublish(engines: Engines, actor: Actor | Operator, announcement_id: int) -> None:
    """Show an announcement no more, nor later. Raises `Forbidden`; `NotFound` when it is not and will not be shown."""
    require(actor, Permission.MANAGE_ANNOUNCEMENTS)
    async with engines.transaction() as tx:
        if not await rows.unpublish(tx, announcement_id):
            raise NotFound("No announcement with this id is published or scheduled")
        await note_act(tx, engines.clock, actor, "announcement.unpublish", None, {"announcement": str(announcement_id)})
        tx.live(Live.ANNOUNCEMENT_DELETED, announcement_id)


async def dismiss(engines: Engines, viewer: Viewer, announcement_id: int) -> None:
    """Put an announcement away; again is no mistake. Raises `NotFound`."""
    await _shown(engines, announcement_id)
    await rows.dismiss(engines.db, viewer.account_id, announcement_id)


async def react(engines: Engines, viewer: Viewer, announcement_id: int, name: str) -> None:
    """Say an emoji to an announcement; again is no mistake. Raises `NotFound`, `Invalid`."""
    await _shown(engines, announcement_id)
    if not is_emoji(name):
        raise Invalid.of({"name": [NO_EMOJI]})
    async with engines.transaction() as tx:
        said = await rows.react(tx, viewer.account_id, announcement_id, name, REACTIONS_MAX, engines.clock.now())
        if said is None:
            raise Invalid(f"Validation failed: Limit of {REACTIONS_MAX} different reactions reached")
        if said:
            tx.live(Live.ANNOUNCEMENT_REACTION, announcement_id, word=name)


async def take_back(engines: Engines, viewer: Viewer, announcement_id: int, name: str) -> None:
    """Take an emoji back; again is no mistake. Raises `NotFound`, `Invalid`."""
    await _shown(engines, announcement_id)
    if not is_emoji(name):
        raise Invalid.of({"name": [NO_EMOJI]})
    async with engines.transaction() as tx:
        if await rows.take_back(tx, viewer.account_id, announcement_id, name):
            tx.live(Live.ANNOUNCEMENT_REACTION, announcement_id, word=name)


async def _shown(engines: Engines, announcement_id: int) -> Announcement:
    found = await rows.show(engines.db, announcement_id, engines.clock.now())
    if found is None:
        raise NotFound
    return found


def _checked(text: str) -> str:
    cleaned = texts.clean(text).strip()
    if not cleaned:
        raise Invalid("An announcement needs a text")
    if len(cleaned) > TEXT_CHARS_MAX:
        raise Invalid(f"An announcement has at most {TEXT_CHARS_MAX} characters")
    return cleaned
