"""Questions about notifications by e-mail: what somebody chose, and what a letter to them is about."""

from collections.abc import Collection

from linnet.features.accounts.models import Viewer
from linnet.features.notifications import reads as notifications
from linnet.features.notifications.filtering import Fate, fates
from linnet.features.notifications.mailing import store
from linnet.features.notifications.mailing.models import COUNTED_MAX, SHOWN_MAX, MailChoice, News, NewsItem
from linnet.features.notifications.models import Choice, NotificationPage
from linnet.features.timelines import markers
from linnet.platform.engines import Engines
from linnet.platform.paging import Window


async def choice(engines: Engines, viewer: Viewer) -> MailChoice:
    """What the viewer wants written to them."""
    return await store.choice(engines.db, viewer.account_id) or MailChoice()


async def news(engines: Engines, viewer: Viewer, first_id: int, kinds: Collection[str]) -> News:
    """What the viewer was told from `first_id` on, may see now, and has not read: past their marker."""
    read = (await markers.positions(engines, viewer, ["notifications"])).get("notifications")
    after_id = max(first_id - 1, read.last_read_id if read else 0)
    window = Window(since_id=after_id, limit=COUNTED_MAX)
    page = await notifications.page(engines, viewer, window, Choice(kinds=tuple(sorted(kinds))))
    about = [(viewer.account_id, one.status_id) for one in page.items if one.status_id is not None]
    fate: dict[int | None, Fate] = {status_id: one for (_, status_id), one in (await fates(engines, about)).items()}
    told = [one for one in page.items if fate.get(one.status_id) is not Fate.LEFT_OUT]
    items = tuple(
        NewsItem(one.kind.value, one.from_account_id, "" if one.status_id in fate else _words(page, one.status_id))
        for one in told[:SHOWN_MAX]
    )
    return News(items, max(len(told) - SHOWN_MAX, 0), is_more=len(page.row_ids) == COUNTED_MAX)


def _words(page: NotificationPage, status_id: int | None) -> str:
    """What was said; nothing of messages: a letter lies in other places, and private words are for this one."""
    status = page.subjects.statuses.statuses.get(status_id) if status_id is not None else None
    return "" if status is None else status.spoiler_text or status.text
