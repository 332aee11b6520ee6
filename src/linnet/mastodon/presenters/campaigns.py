"""Campaigns for the wire."""

from collections.abc import Sequence

from linnet.features.moderation.alike.campaigns import Recognised
from linnet.mastodon import dates
from linnet.mastodon.entities.campaign import Campaign


def present_campaigns(recognised: Sequence[Recognised]) -> list[Campaign]:
    """Campaigns in their order. No statement."""
    return [
        Campaign(
            id=str(one.id),
            score=round(one.score, 3),
            evidence={name: round(value, 3) for name, value in one.evidence.items()},
            posts_count=one.posts,
            recognised_at=dates.moment(one.recognised_at),
            last_seen_at=dates.moment(one.seen_at),
            lifted_at=dates.moment(one.lifted_at) if one.lifted_at else None,
            lifted_by_account_id=str(one.lifted_by) if one.lifted_by else None,
        )
        for one in recognised
    ]
