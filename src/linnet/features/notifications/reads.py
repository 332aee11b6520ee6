"""Questions about one's own notifications. What its rules forbid by now, a notification does not tell any more.

What the viewer filters out of notifications is left out of lists and counts, not of what is asked for by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from linnet.features.accounts.models import Viewer
from linnet.features.filters.lenses import lens_of
from linnet.features.filters.models import Context
from linnet.features.filters.reads import without_hidden
from linnet.features.notifications import subjects
from linnet.features.notifications.models import (
    UNGROUPED,
    UNREAD_MAX,
    Choice,
    GroupPage,
    Notification,
    NotificationPage,
    Pending,
    Policy,
    RequestPage,
)
from linnet.features.notifications.store import groups, policies, rows
from linnet.features.notifications.subjects import Subjects
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.ids import parse_id
from linnet.platform.paging import Window


async def page(engines: Engines, viewer: Viewer, window: Window, choice: Choice) -> NotificationPage:
    """A page of the viewer's notifications, newest first; those about what they may not see now are left out."""
    found = await rows.page(engines.db, viewer.account_id, window, choice)
    about = await _read(engines, viewer, found)
    return NotificationPage(
        items=tuple(one for one in found if _tells(one, about)),
        subjects=about,
        row_ids=tuple(one.id for one in found),
    )


async def show(engines: Engines, viewer: Viewer, notification_id: int) -> NotificationPage:
    """One of the viewer's notifications as a page of one; `NotFound` when it is not theirs or tells nothing now."""
    found = await rows.load(engines.db, viewer.account_id, notification_id)
    if found is None:
        raise NotFound
    about = await subjects.hydrate(engines, viewer, _subjects([found]), if_known=True)
    if not _tells(found, about):
        raise NotFound
    return NotificationPage((found,), about, (found.id,))


async def some(engines: Engines, viewer: Viewer, ids: Sequence[int]) -> NotificationPage:
    """Those of the viewer's notifications with these ids that they may be told of now, oldest first."""
    found = await rows.some(engines.db, viewer.account_id, ids)
    about = await _read(engines, viewer, found, if_known=True)
    return NotificationPage(
        items=tuple(one for one in found if _tells(one, about)),
        subjects=about,
        row_ids=tuple(one.id for one in found),
    )


async def unread_count(engines: Engines, viewer: Viewer, choice: Choice, limit: int) -> int:
    """How many notifications there are past the viewer's marker, counted up to `limit` (at most `UNREAD_MAX`)."""
    found = await rows.page(engines.db, viewer.account_id, await _unread(engines, viewer, limit), choice)
    return await _count_visible(engines, viewer, found)


async def groups_page(engines: Engines, viewer: Viewer, window: Window, choice: Choice) -> GroupPage:
    """A page of the viewer's notifications in groups, newest first, a group where its newest one is."""
    found = await groups.page(engines.db, viewer.account_id, window, choice)
    newest = [one for _, one in found]
    about = await _read(engines, viewer, newest)
    shown = [one for one in newest if _tells(one, about)]
    floor = min((place for place, _ in found), default=0)
    described = await groups.describe(engines.db, viewer.account_id, shown, floor)
    return GroupPage(tuple(described), about, tuple(place for place, _ in found))


async def show_group(engines: Engines, viewer: Viewer, group_key: str) -> GroupPage:
    """One group as a page of one; `NotFound` when there is none that tells the viewer anything."""
    newest = await _newest(engines, viewer, group_key)
    about = await subjects.hydrate(engines, viewer, _subjects([newest]), if_known=True)
    if not _tells(newest, about):
        raise NotFound
    described = await groups.describe(engines.db, viewer.account_id, [newest], None)
    return GroupPage(tuple(described), about, (newest.id,))


async def group_members(engines: Engines, viewer: Viewer, group_key: str, window: Window) -> list[tuple[int, int]]:
    """A page of (notification id, account id) of a group, newest first; `NotFound` when there is no such group."""
    newest = await _newest(engines, viewer, group_key)
    if newest.group_key.startswith(UNGROUPED):
        return [(newest.id, newest.from_account_id)] if window.floor < newest.id < window.ceiling else []
    return await groups.members(engines.db, viewer.account_id, group_key, window)


async def unread_groups_count(engines: Engines, viewer: Viewer, choice: Choice, limit: int) -> int:
    """The same as `unread_count`, each group counted once."""
    found = await groups.page(engines.db, viewer.account_id, await _unread(engines, viewer, limit), choice)
    return await _count_visible(engines, viewer, [one for _, one in found])


async def policy(engines: Engines, viewer: Viewer) -> tuple[Policy, Pending]:
    """What becomes of the viewer's notifications by their cause, and what waits for leave."""
    return await policies.load(engines.db, viewer.account_id), await policies.pending(engines.db, viewer.account_id)


async def requests(engines: Engines, viewer: Viewer, window: Window) -> RequestPage:
    """A page of those whose notifications wait for the viewer's leave, newest first."""
    found = await policies.requests(engines.db, viewer.account_id, window)
    about = [one.last_status_id for one in found if one.last_status_id is not None]
    return RequestPage(tuple(found), await subjects.hydrate(engines, viewer, about))


async def request(engines: Engines, viewer: Viewer, request_id: int) -> RequestPage:
    """One request as a page of one; `NotFound` when it is not the viewer's or nothing waits."""
    found = await policies.request(engines.db, viewer.account_id, request_id)
    if found is None:
        raise NotFound
    about = [] if found.last_status_id is None else [found.last_status_id]
    return RequestPage((found,), await subjects.hydrate(engines, viewer, about, if_known=True))


async def is_merged(engines: Engines, viewer: Viewer) -> bool:
    """Whether all that waited of accepted requests is among the viewer's notifications."""
    return await policies.is_merged(engines.db, viewer.account_id)


async def _newest(engines: Engines, viewer: Viewer, group_key: str) -> Notification:
    """The newest one of a group, or the one that is by itself; `NotFound` when there is none."""
    if group_key.startswith(UNGROUPED):
        notification_id = parse_id(group_key.removeprefix(UNGROUPED))
        found = None if notification_id is None else await rows.load(engines.db, viewer.account_id, notification_id)
        found = None if found is None else replace(found, group_key=group_key)
    else:
        found = await groups.newest(engines.db, viewer.account_id, group_key)
    if found is None:
        raise NotFound
    return found


async def _unread(engines: Engines, viewer: Viewer, limit: int) -> Window:
    read = await rows.last_read_id(engines.db, viewer.account_id)
    return Window(since_id=read, limit=min(limit, UNREAD_MAX))


async def _count_visible(engines: Engines, viewer: Viewer, found: Sequence[Notification]) -> int:
    if (await lens_of(engines, viewer)).hides_in(Context.NOTIFICATIONS):
        told = await _read(engines, viewer, found)
        return sum(_tells(one, told) for one in found)
    about = [one.status_id for one in found]
    pairs = {(viewer.account_id, status_id) for status_id in about if status_id is not None}
    seen = await subjects.visible_pairs(engines.db, pairs)
    return sum(status_id is None or (viewer.account_id, status_id) in seen for status_id in about)


async def _read(engines: Engines, viewer: Viewer, found: Iterable[Notification], *, if_known: bool = False) -> Subjects:
    """What these are about: what the viewer may see and has not filtered away. No filter leaves out messages."""
    about = await subjects.hydrate(engines, viewer, _subjects(found), if_known=if_known)
    return replace(about, statuses=await without_hidden(engines, viewer, about.statuses, Context.NOTIFICATIONS))


def _subjects(found: Iterable[Notification]) -> list[int]:
    return [one.status_id for one in found if one.status_id is not None]


def _tells(one: Notification, about: Subjects) -> bool:
    return one.status_id is None or one.status_id in about
