"""`/api/v1/admin/accounts/:id/standing`: how a member stands, and why; an endpoint of our own."""

from linnet.api.endpoint import Call, endpoint
from linnet.api.routes.admin_accounts import READ, actor_of
from linnet.features.cases import standing
from linnet.mastodon.entities.standing import AccountStanding
from linnet.mastodon.presenters.standing import present_standing


@endpoint("GET", "/api/v1/admin/accounts/{account_id}/standing", scope=READ)
async def show_standing(call: Call, account_id: int) -> AccountStanding:
    """Show how a member stands: reputation term by term, tier, what happened, and what they may do in a while."""
    return present_standing(await standing.show(call.engines, actor_of(call), account_id))
