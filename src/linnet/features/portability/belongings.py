"""What somebody has here besides posts, messages and tables: no other server's files know these, so they are JSON.

Each function gives one file of the archive (docs/archive.md). Of others it tells nothing that the viewer may not see.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from typing import Final

from linnet.features.accounts import reads as accounts
from linnet.features.accounts.models import Viewer
from linnet.features.announcements import reads as announcements
from linnet.features.notifications import reads as notifications
from linnet.features.notifications.models import Choice, Notification
from linnet.features.portability.choices import filed, filtered
from linnet.features.search import listed as listed_searches
from linnet.features.search import saved as searches
from linnet.features.statuses import reads as statuses
from linnet.features.statuses.drafts import written_down
from linnet.features.statuses.models import Draft, Hydrated
from linnet.features.statuses.polls import reads as polls
from linnet.features.statuses.polls.models import Vote
from linnet.features.statuses.saved import reads as drafts
from linnet.features.statuses.scheduled import reads as scheduled
from linnet.features.statuses.tags import reads as tags
from linnet.features.timelines.lists import reads as lists
from linnet.features.timelines.lists.models import ACCOUNTS_MAX
from linnet.platform.engines import Engines
from linnet.platform.paging import Window
from linnet.platform.site import Site

PAGE: Final = 200
NOTIFICATIONS_MAX: Final = 1_000
"""The latest, which are taken along."""

VOTES_MAX: Final = 10_000
"""In so many polls, the latest."""

LATER_MAX: Final = 1_000
"""Posts for later, and drafts: more than anybody may have."""

Record = dict[str, object]
_UNSAID: Final = frozenset({"application", "idempotency_key", "scheduled_id"})
"""Of a draft: how it came here, not what it says."""


async def _drafts(engines: Engines, viewer: Viewer) -> list[Record]:
    kept = await drafts.page(engines, viewer, Window(limit=LATER_MAX))
    return [
        {"id": str(one.id), "created_at": one.created_at, "updated_at": one.updated_at, **_said(one.draft)}
        for one in reversed(kept)
    ]


async def _scheduled(engines: Engines, viewer: Viewer) -> list[Record]:
    waiting = await scheduled.page(engines, viewer, Window(limit=LATER_MAX))
    return [
        {"id": str(one.id), "scheduled_at": one.scheduled_at, "failure": one.failure, **_said(one.draft)}
        for one in reversed(waiting)
    ]


def _said(draft: Draft) -> Record:
    return {name: value for name, value in written_down(draft).items() if name not in _UNSAID}


async def _votes(engines: Engines, viewer: Viewer) -> list[Record]:
    """What the viewer chose, the latest poll first; in words where they may see the poll still."""
    found: list[Record] = []
    async for votes in _pages_of_votes(engines, viewer):
        page = await statuses.hydrate(engines, viewer, [status_id for status_id, _ in votes])
        urls = await _urls(engines, page)
        for status_id, vote in votes:
            status = page.statuses.get(status_id)
            poll = status.poll if status is not None else None
            is_same = poll is not None and poll.id == vote.poll_id
            words = [poll.options[place] for place in vote.choices] if poll is not None and is_same else None
            found.append({"status": urls.get(status_id), "poll_id": str(vote.poll_id), "chosen": words,
                          "places": vote.choices})  # fmt: skip
    return found


async def _pages_of_votes(engines: Engines, viewer: Viewer) -> AsyncIterator[list[tuple[int, Vote]]]:
    ceiling = None
    for _ in range(VOTES_MAX // PAGE):
        votes = await polls.cast_by(engines, viewer, Window(max_id=ceiling, limit=PAGE))
        yield votes
        if len(votes) < PAGE:
            return
        ceiling = votes[-1][0]


async def _notifications(engines: Engines, viewer: Viewer) -> list[Record]:
    """The latest, newest first: what, by whom, about which post or message."""
    found: list[Record] = []
    ceiling, domain = None, engines.config(Site).domain
    while len(found) < NOTIFICATIONS_MAX:
        page = await notifications.page(engines, viewer, Window(max_id=ceiling, limit=PAGE), Choice())
        names = await accounts.usernames(engines.db, {one.from_account_id for one in page.items})
        urls = await _urls(engines, page.subjects.statuses)
        about = page.subjects.messages.by_id
        found += [
            _told(one, f"{names[one.from_account_id]}@{domain}", urls, is_message=one.status_id in about)
            for one in page.items
            if one.from_account_id in names
        ]
        if len(page.row_ids) < PAGE:
            break
        ceiling = page.row_ids[-1]
    return found[:NOTIFICATIONS_MAX]


def _told(one: Notification, sender: str, urls: Mapping[int, str], *, is_message: bool) -> Record:
    return {
        "id": str(one.id),
        "type": one.kind,
        "at": one.created_at,
        "from": sender,
        "status": urls.get(one.status_id or 0),
        "message_id": str(one.status_id) if is_message else None,
    }


async def _urls(engines: Engines, page: Hydrated) -> dict[int, str]:
    """The addresses of the statuses of a page, by id."""
    site = engines.config(Site)
    names = await accounts.usernames(engines.db, {one.account_id for one in page})
    return {one.id: site.status_url(names[one.account_id], one.id) for one in page if one.account_id in names}


async def _hashtags(engines: Engines, viewer: Viewer) -> Record:
    featured = await tags.featured(engines.db, viewer.account_id)
    followed = await tags.followed(engines, viewer)
    return {"followed": sorted(followed), "featured": sorted(one.display_name for one in featured)}


async def _searches(engines: Engines, viewer: Viewer) -> list[Record]:
    kept = await searches.mine(engines, viewer)
    return [{"title": one.title, "query": one.query, "created_at": one.created_at} for one in reversed(kept)]


async def _announcements(engines: Engines, viewer: Viewer) -> list[Record]:
    return [
        {"id": str(one.announcement_id), "dismissed": one.is_dismissed, "reactions": one.reactions}
        for one in await announcements.marked_by(engines, viewer)
    ]


async def _lists(engines: Engines, viewer: Viewer) -> list[Record]:
    """Lists with all that `lists.csv` has no place for."""
    found: list[Record] = []
    domain = engines.config(Site).domain
    for one in await lists.all_of(engines.db, viewer):
        listed = await lists.accounts_on(engines.db, viewer, one.id, Window(limit=ACCOUNTS_MAX))
        names = await accounts.usernames(engines.db, [account_id for _, account_id in listed])
        found.append(
            {
                "title": one.title,
                "replies_policy": one.replies_policy,
                "exclusive": one.exclusive,
                "accounts": [f"{name}@{domain}" for name in _in_order(names, listed)],
                "hashtags": [tag.name for tag in await lists.tags_on(engines.db, viewer, one.id)],
                "searches": [kept.query for kept in await listed_searches.on_list(engines, viewer, one.id)],
            }
        )
    return found


def _in_order(names: Mapping[int, str], listed: Collection[tuple[int, int]]) -> Sequence[str]:
    return [names[account_id] for _, account_id in listed if account_id in names]


FILES: Final[Mapping[str, Callable[[Engines, Viewer], Awaitable[object]]]] = {
    "filters.json": filtered,
    "folders.json": filed,
    "lists.json": _lists,
    "drafts.json": _drafts,
    "scheduled.json": _scheduled,
    "votes.json": _votes,
    "notifications.json": _notifications,
    "hashtags.json": _hashtags,
    "searches.json": _searches,
    "announcements.json": _announcements,
}
"""By name, what makes each."""
