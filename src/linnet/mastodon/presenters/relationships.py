"""Relationships for the wire: ids in, entities out, with one statement however many they are."""

from collections.abc import Sequence

from linnet.features.accounts.models import Viewer
from linnet.features.relationships import reads
from linnet.features.relationships.models import Relationship
from linnet.mastodon import dates
from linnet.mastodon.entities import relationship as entities
from linnet.platform.engines import Engines


async def present_relationships(
    engines: Engines, viewer: Viewer, account_ids: Sequence[int]
) -> list[entities.Relationship]:
    """What is between the viewer and each account, in the order given."""
    found = await reads.load(engines.db, viewer, account_ids)
    return [_relationship(found[account_id]) for account_id in account_ids]


async def present_relationship(engines: Engines, viewer: Viewer, account_id: int) -> entities.Relationship:
    """What is between the viewer and one account."""
    (presented,) = await present_relationships(engines, viewer, [account_id])
    return presented


def _relationship(relation: Relationship) -> entities.Relationship:
    expires_at = relation.muting_expires_at
    return entities.Relationship(
        id=str(relation.account_id),
        following=relation.following,
        showing_reblogs=relation.showing_reblogs,
        notifying=relation.notifying,
        languages=list(relation.languages) if relation.languages else None,
        followed_by=relation.followed_by,
        blocking=relation.blocking,
        blocked_by=relation.blocked_by,
        muting=relation.muting,
        muting_notifications=relation.muting_notifications,
        muting_expires_at=dates.moment(expires_at) if expires_at else None,
        requested=relation.requested,
        requested_by=relation.requested_by,
        note=relation.note,
        endorsed=relation.endorsed,
    )
