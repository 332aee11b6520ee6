"""Notifications for the wire: a page in, entities out, with a fixed number of statements."""

from msgspec import UNSET

from linnet.features.accounts.models import Viewer
from linnet.features.notifications.models import NotificationPage
from linnet.mastodon import dates
from linnet.mastodon.entities.notification import Notification
from linnet.mastodon.presenters.accounts import present_accounts
from linnet.mastodon.presenters.statuses import present_statuses
from linnet.platform.engines import Engines


async def present_notifications(engines: Engines, viewer: Viewer, page: NotificationPage) -> list[Notification]:
    """The page's notifications in its order, without those whose sender has gone meanwhile."""
    senders = await present_accounts(engines, {one.from_account_id for one in page.items})
    statuses = {int(one.id): one for one in await present_statuses(engines, viewer, page.statuses)}
    return [
        Notification(
            id=str(one.id),
            type=one.kind.value,
            created_at=dates.moment(one.created_at),
            group_key=f"ungrouped-{one.id}",
            account=senders[one.from_account_id],
            status=UNSET if one.status_id is None else statuses[one.status_id],
        )
        for one in page.items
        if one.from_account_id in senders and (one.status_id is None or one.status_id in statuses)
    ]
