"""`/api/v1/follow_requests`: who asks to follow a locked account, and the answers."""

from linnet.api.endpoint import Call, endpoint
from linnet.api.paging import AccountsPageForm, Page
from linnet.api.routes.accounts import accounts_page
from linnet.features.relationships import actions, reads
from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.relationship import Relationship
from linnet.mastodon.presenters.relationships import present_relationship


@endpoint("GET", "/api/v1/follow_requests", scope="read:follows")
async def list_follow_requests(call: Call, form: AccountsPageForm) -> Page[Account]:
    """Who asks to follow oneself, the latest first."""
    return await accounts_page(call, await reads.follow_requests(call.engines.db, call.me, form.window), form)


@endpoint("POST", "/api/v1/follow_requests/{account_id}/authorize", scope="write:follows")
async def authorize(call: Call, account_id: int) -> Relationship:
    """Let somebody who asked follow oneself."""
    await actions.accept_request(call.engines, call.me, account_id)
    return await present_relationship(call.engines, call.me, account_id)


@endpoint("POST", "/api/v1/follow_requests/{account_id}/reject", scope="write:follows")
async def reject(call: Call, account_id: int) -> Relationship:
    """Do not let somebody who asked follow oneself."""
    await actions.reject_request(call.engines, call.me, account_id)
    return await present_relationship(call.engines, call.me, account_id)
