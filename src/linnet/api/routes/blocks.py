"""`/api/v1/blocks`: whom one has blocked."""

from linnet.api.endpoint import Call, endpoint
from linnet.api.paging import AccountsPageForm, Page
from linnet.api.routes.accounts import accounts_page
from linnet.features.relationships import reads
from linnet.mastodon.entities.account import Account


@endpoint("GET", "/api/v1/blocks", scope="read:blocks")
async def list_blocks(call: Call, form: AccountsPageForm) -> Page[Account]:
    """Whom one has blocked, the latest first."""
    return await accounts_page(call, await reads.blocks(call.engines.db, call.me, form.window), form)
