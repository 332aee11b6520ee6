"""`/api/v2/notifications`: the same notifications, many of a kind told as one."""

from typing import Literal

from linnet.api.endpoint import Call, endpoint
from linnet.api.paging import AccountsPageForm, Page
from linnet.api.routes.notifications import ChoiceForm, UnreadForm
from linnet.features.notifications import actions, reads
from linnet.features.notifications.models import Choice
from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.notification import GroupedNotifications, UnreadCount
from linnet.mastodon.presenters.accounts import present_accounts
from linnet.mastodon.presenters.notifications import present_groups


class GroupsForm(ChoiceForm):
    """Which notifications, and which kinds of them the client can show in groups."""

    grouped_types: tuple[str, ...] | None = None
    expand_accounts: Literal["full", "partial_avatars"] = "full"

    @property
    def choice(self) -> Choice:
        """What to ask of the feature."""
        return self.choice_of(self.grouped_types)


class UnreadGroupsForm(UnreadForm):
    """Which unread notifications to count, in groups of which kinds, and how far."""

    grouped_types: tuple[str, ...] | None = None

    @property
    def choice(self) -> Choice:
        """What to ask of the feature."""
        return self.choice_of(self.grouped_types)


@endpoint("GET", "/api/v2/notifications", scope="read:notifications")
async def list_groups(call: Call, form: GroupsForm) -> GroupedNotifications:
    """List what one was told, newest first, what belongs together as one."""
    page = await reads.groups_page(call.engines, call.me, form.window, form.choice)
    link = Page[object].of((), page.row_ids, form.window).link(call.address_of(call.path), call.query)
    if link is not None:
        call.answer_headers.append(("Link", link))
    return await present_groups(call.engines, call.me, page, partial_avatars=form.expand_accounts == "partial_avatars")


@endpoint("GET", "/api/v2/notifications/unread_count", scope="read:notifications")
async def count_unread_groups(call: Call, form: UnreadGroupsForm) -> UnreadCount:
    """Count groups with something newer than the marker."""
    return UnreadCount(await reads.unread_groups_count(call.engines, call.me, form.choice, form.window.limit))


@endpoint("GET", "/api/v2/notifications/{group_key}", scope="read:notifications")
async def show_group(call: Call, group_key: str) -> GroupedNotifications:
    """Show one group."""
    return await present_groups(call.engines, call.me, await reads.show_group(call.engines, call.me, group_key))


@endpoint("GET", "/api/v2/notifications/{group_key}/accounts", scope="read:notifications")
async def list_group_accounts(call: Call, group_key: str, form: AccountsPageForm) -> Page[Account]:
    """List everybody in a group, newest first; paged by the ids of notifications."""
    members = await reads.group_members(call.engines, call.me, group_key, form.window)
    accounts = await present_accounts(call.engines, [account_id for _, account_id in members])
    shown = [accounts[account_id] for _, account_id in members if account_id in accounts]
    return Page[Account].of(shown, [notification_id for notification_id, _ in members], form.window)


@endpoint("POST", "/api/v2/notifications/{group_key}/dismiss", scope="write:notifications")
async def dismiss_group(call: Call, group_key: str) -> None:
    """Put a group away."""
    await actions.dismiss_group(call.engines, call.me, group_key)
