"""`/api/v1/moderation/limits`: what one may do in a while; an endpoint of our own."""

from linnet.api.endpoint import Call, endpoint
from linnet.features.moderation import rates, standings
from linnet.mastodon.entities.limits import LimitOfKind, Limits


@endpoint("GET", "/api/v1/moderation/limits", scope="read:accounts")
async def show_limits(call: Call) -> Limits:
    """Show how much one may post, follow, write and link to in a while, and how much of it is left.

    Limits go by tier, which comes of one's age and record here.
    """
    stands = await standings.standing(call.engines, call.me.account_id)
    found = await rates.left(call.engines, call.me.account_id)
    return Limits(
        tier=stands.tier,
        limits=[
            LimitOfKind(
                kind=one.act,
                limit=one.most,
                within=int(one.within.total_seconds()),
                remaining=one.remaining,
                more_in=one.more_in_s,
            )
            for one in found or ()
        ],
    )
