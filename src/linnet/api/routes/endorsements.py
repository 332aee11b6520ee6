"""`/api/v1/endorsements`: accounts that people recommend on their profiles."""

from linnet.api.endpoint import Call, endpoint
from linnet.api.paging import AccountsPageForm, Page
from linnet.api.routes.accounts import accounts_page
from linnet.features.accounts import reads as accounts
from linnet.features.relationships import actions, reads
from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.relationship import Relationship
from linnet.mastodon.presenters.relationships import present_relationship


@endpoint("GET", "/api/v1/endorsements", scope="read:accounts")
async def list_endorsements(call: Call, form: AccountsPageForm) -> Page[Account]:
    """The accounts one recommends, the latest first."""
    found = await reads.endorsed_by(call.engines.db, call.me, call.me.account_id, form.window)
    return await accounts_page(call, found, form)


@endpoint("GET", "/api/v1/accounts/{account_id}/endorsements", scope="read:accounts", viewer="optional")
async def list_endorsed_by(call: Call, account_id: int, form: AccountsPageForm) -> Page[Account]:
    """The accounts that an account recommends, the latest first."""
    await accounts.show(call.engines.db, account_id)
    found = await reads.endorsed_by(call.engines.db, call.viewer, account_id, form.window)
    return await accounts_page(call, found, form)


@endpoint("POST", "/api/v1/accounts/{account_id}/endorse", scope="write:accounts")
async def endorse(call: Call, account_id: int) -> Relationship:
    """Recommend an account one follows on one's profile."""
    await actions.endorse(call.engines, call.me, account_id)
    return await present_relationship(call.engines, call.me, account_id)


@endpoint("POST", "/api/v1/accounts/{account_id}/unendorse", scope="write:accounts")
async def unendorse(call: Call, account_id: int) -> Relationship:
    """Recommend an account no more."""
    await actions.unendorse(call.engines, call.me, account_id)
    return await present_relationship(call.engines, call.me, account_id)


@endpoint("POST", "/api/v1/accounts/{account_id}/pin", scope="write:accounts")
async def pin(call: Call, account_id: int) -> Relationship:
    """Recommend an account, as older clients ask for it."""
    await actions.endorse(call.engines, call.me, account_id)
    return await present_relationship(call.engines, call.me, account_id)


@endpoint("POST", "/api/v1/accounts/{account_id}/unpin", scope="write:accounts")
async def unpin(call: Call, account_id: int) -> Relationship:
    """Recommend an account no more, as older clients ask for it."""
    await actions.unendorse(call.engines, call.me, account_id)
    return await present_relationship(call.engines, call.me, account_id)
