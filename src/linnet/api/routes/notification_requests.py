"""`/api/v1/notifications/requests` and the policies: whose notifications one takes, and who waits for leave."""

from typing import Literal

import msgspec

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import AccountsPageForm, Page
from linnet.features.notifications import actions, reads
from linnet.features.notifications.models import Verdict
from linnet.mastodon.entities.notification import (
    Merged,
    NotificationPolicy,
    NotificationRequest,
    V1NotificationPolicy,
)
from linnet.mastodon.presenters.notifications import present_policy, present_requests, present_v1_policy
from linnet.platform.errors import NotFound
from linnet.platform.ids import parse_id

Word = Literal["accept", "filter", "drop"]


class PolicyForm(Form):
    """What is to become of notifications by their cause; what is not named stays as it is."""

    for_not_following: Word | None = None
    for_not_followers: Word | None = None
    for_new_accounts: Word | None = None
    for_private_mentions: Word | None = None
    for_limited_accounts: Word | None = None
    for_bots: Word | None = None

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The verdicts that are named, by cause."""
        return {cause: Verdict(word) for cause, word in msgspec.structs.asdict(self).items() if word is not None}


class V1PolicyForm(Form):
    """The same as older clients say it."""

    filter_not_following: bool | None = None
    filter_not_followers: bool | None = None
    filter_new_accounts: bool | None = None
    filter_private_mentions: bool | None = None

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The verdicts that are named, by cause."""
        return {
            name.replace("filter_", "for_", 1): Verdict.FILTER if held_back else Verdict.ACCEPT
            for name, held_back in msgspec.structs.asdict(self).items()
            if held_back is not None
        }


class RequestsForm(Form):
    """Which requests, by their ids."""

    id: tuple[str, ...] = ()

    @property
    def ids(self) -> list[int]:
        """Those that are ids."""
        return [one for one in map(parse_id, self.id) if one is not None]


@endpoint("GET", "/api/v2/notifications/policy", scope="read:notifications")
async def show_policy(call: Call) -> NotificationPolicy:
    """Show what becomes of notifications by their cause."""
    return present_policy(*await reads.policy(call.engines, call.me))


@endpoint("PATCH", "/api/v2/notifications/policy", scope="write:notifications")
async def change_policy(call: Call, form: PolicyForm) -> NotificationPolicy:
    """Say what is to become of notifications by their cause, from now on."""
    await actions.change_policy(call.engines, call.me, form.verdicts)
    return present_policy(*await reads.policy(call.engines, call.me))


@endpoint("GET", "/api/v1/notifications/policy", scope="read:notifications")
async def show_v1_policy(call: Call) -> V1NotificationPolicy:
    """Show the policy as older clients know it."""
    return present_v1_policy(*await reads.policy(call.engines, call.me))


@endpoint("PUT", "/api/v1/notifications/policy", scope="write:notifications")
async def put_v1_policy(call: Call, form: V1PolicyForm) -> V1NotificationPolicy:
    """Change the policy as older clients do."""
    await actions.change_policy(call.engines, call.me, form.verdicts)
    return present_v1_policy(*await reads.policy(call.engines, call.me))


@endpoint("PATCH", "/api/v1/notifications/policy", scope="write:notifications")
async def patch_v1_policy(call: Call, form: V1PolicyForm) -> V1NotificationPolicy:
    """Change the policy as other older clients do."""
    await actions.change_policy(call.engines, call.me, form.verdicts)
    return present_v1_policy(*await reads.policy(call.engines, call.me))


@endpoint("GET", "/api/v1/notifications/requests", scope="read:notifications")
async def list_requests(call: Call, form: AccountsPageForm) -> Page[NotificationRequest]:
    """List those whose notifications wait for leave, newest first."""
    page = await reads.requests(call.engines, call.me, form.window)
    presented = await present_requests(call.engines, call.me, page)
    return Page[NotificationRequest].of(presented, [one.id for one in page.items], form.window)


@endpoint("GET", "/api/v1/notifications/requests/merged", scope="read:notifications")
async def show_merged(call: Call) -> Merged:
    """Show whether what waited of accepted requests is among the notifications."""
    return Merged(await reads.is_merged(call.engines, call.me))


@endpoint("GET", "/api/v1/notifications/requests/{request_id}", scope="read:notifications")
async def show_request(call: Call, request_id: int) -> NotificationRequest:
    """Show one request."""
    page = await reads.request(call.engines, call.me, request_id)
    presented = await present_requests(call.engines, call.me, page)
    if not presented:
        raise NotFound
    return presented[0]


@endpoint("POST", "/api/v1/notifications/requests/accept", scope="write:notifications")
async def accept_requests(call: Call, form: RequestsForm) -> None:
    """Take all notifications of those who ask, for good."""
    await actions.accept_requests(call.engines, call.me, form.ids)


@endpoint("POST", "/api/v1/notifications/requests/dismiss", scope="write:notifications")
async def dismiss_requests(call: Call, form: RequestsForm) -> None:
    """Put requests away."""
    await actions.dismiss_requests(call.engines, call.me, form.ids)


@endpoint("POST", "/api/v1/notifications/requests/{request_id}/accept", scope="write:notifications")
async def accept_request(call: Call, request_id: int) -> None:
    """Take all notifications of somebody who asks, for good."""
    await reads.request(call.engines, call.me, request_id)
    await actions.accept_requests(call.engines, call.me, [request_id])


@endpoint("POST", "/api/v1/notifications/requests/{request_id}/dismiss", scope="write:notifications")
async def dismiss_request(call: Call, request_id: int) -> None:
    """Put a request away."""
    await reads.request(call.engines, call.me, request_id)
    await actions.dismiss_requests(call.engines, call.me, [request_id])
