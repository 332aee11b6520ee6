"""Blocklists for the wire: two statements for the owners of all."""

from collections.abc import Sequence

from linnet.features.relationships.blocklists.models import Blocklist
from linnet.mastodon import dates
from linnet.mastodon.entities import blocklist as entities
from linnet.mastodon.presenters.accounts import present_accounts
from linnet.platform.engines import Engines


async def present_blocklists(engines: Engines, several: Sequence[Blocklist]) -> list[entities.Blocklist]:
    """Lists in their order, without those of owners who are gone."""
    owners = await present_accounts(engines, {one.owner_id for one in several})
    return [
        entities.Blocklist(
            id=str(one.id),
            account=owners[one.owner_id],
            name=one.wording.name,
            description=one.wording.description,
            public=one.wording.public,
            accounts_count=one.entries,
            subscribers_count=one.subscribers,
            subscribed=one.effect,
            created_at=dates.moment(one.created_at),
            updated_at=dates.moment(one.updated_at),
        )
        for one in several
        if one.owner_id in owners
    ]


async def present_blocklist(engines: Engines, one: Blocklist) -> entities.Blocklist:
    """One list."""
    return (await present_blocklists(engines, [one]))[0]
