"""`/api/v1/notifications`: what others did that concerns one."""

from typing import ClassVar

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page, PageForm
from linnet.features.notifications import actions, reads
from linnet.features.notifications.models import UNREAD_DEFAULT, UNREAD_MAX, Choice
from linnet.mastodon.entities.notification import Notification, UnreadCount
from linnet.mastodon.presenters.notifications import present_notifications
from linnet.platform.errors import NotFound
from linnet.platform.ids import parse_id

NO_ACCOUNT = 0
"""An account id that no account has: notifications "from" what is no id are none."""


class ChoiceForm(PageForm):
    """Which notifications. `types` and `exclude_types` name kinds; `include_filtered`: also those behind the policy."""

    limit_default: ClassVar[int] = 40
    limit_max: ClassVar[int] = 80

    types: tuple[str, ...] = ()
    exclude_types: tuple[str, ...] = ()
    account_id: str | None = None
    include_filtered: bool = False

    @property
    def choice(self) -> Choice:
        """What to ask of the feature."""
        return self.choice_of(None)

    def choice_of(self, grouped_types: tuple[str, ...] | None) -> Choice:
        """The same, with the kinds that may be told in groups."""
        sender = None
        if self.account_id:
            sender = parse_id(self.account_id)
            sender = NO_ACCOUNT if sender is None else sender
        return Choice(self.types or None, self.exclude_types, sender, self.include_filtered, grouped_types)


class UnreadForm(ChoiceForm):
    """Which unread notifications to count, and how far."""

    limit_default: ClassVar[int] = UNREAD_DEFAULT
    limit_max: ClassVar[int] = UNREAD_MAX


class DismissForm(Form):
    """Which notification to put away."""

    id: str = ""


@endpoint("GET", "/api/v1/notifications", scope="read:notifications")
async def list_notifications(call: Call, form: ChoiceForm) -> Page[Notification]:
    """List what one was told, newest first."""
    page = await reads.page(call.engines, call.me, form.window, form.choice)
    presented = await present_notifications(call.engines, call.me, page)
    return Page[Notification].of(presented, page.row_ids, form.window)


@endpoint("GET", "/api/v1/notifications/unread_count", scope="read:notifications")
async def count_unread(call: Call, form: UnreadForm) -> UnreadCount:
    """Count notifications that are newer than the marker."""
    return UnreadCount(await reads.unread_count(call.engines, call.me, form.choice, form.window.limit))


@endpoint("GET", "/api/v1/notifications/{notification_id}", scope="read:notifications")
async def show_notification(call: Call, notification_id: int) -> Notification:
    """Show one notification."""
    page = await reads.show(call.engines, call.me, notification_id)
    presented = await present_notifications(call.engines, call.me, page)
    if not presented:
        raise NotFound
    return presented[0]


@endpoint("POST", "/api/v1/notifications/clear", scope="write:notifications")
async def clear_notifications(call: Call) -> None:
    """Put everything away."""
    await actions.clear(call.engines, call.me)


@endpoint("POST", "/api/v1/notifications/{notification_id}/dismiss", scope="write:notifications")
async def dismiss_notification(call: Call, notification_id: int) -> None:
    """Put one notification away."""
    await actions.dismiss(call.engines, call.me, notification_id)


@endpoint("POST", "/api/v1/notifications/dismiss", scope="write:notifications")
async def dismiss_by_parameter(call: Call, form: DismissForm) -> None:
    """Put one notification away, as clients from before 1.3 do."""
    notification_id = parse_id(form.id)
    if notification_id is None:
        raise NotFound
    await actions.dismiss(call.engines, call.me, notification_id)
