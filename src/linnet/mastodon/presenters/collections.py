"""Collections for the wire: no statement for them, two for everybody in one."""

from collections.abc import Iterable

from linnet.features.relationships.collections.models import Item, Recommended
from linnet.mastodon import dates
from linnet.mastodon.entities import collection as entities
from linnet.mastodon.presenters.accounts import present_in_order
from linnet.platform.engines import Engines
from linnet.platform.site import Site


def present_collection(site: Site, one: Recommended) -> entities.Collection:
    """One collection. It has no page of its own here yet, so its address is only a name."""
    said = one.wording
    return entities.Collection(
        id=str(one.id),
        account_id=str(one.owner_id),
        uri=f"{site.public_url}/collections/{one.id}",
        url=None,
        name=said.name,
        description=said.description,
        language=said.language,
        local=True,
        sensitive=said.sensitive,
        discoverable=said.discoverable,
        tag=entities.ShallowTag(said.tag, site.tag_url(said.tag)) if said.tag else None,
        item_count=len(one.items),
        items=[present_item(item) for item in one.items],
        created_at=dates.moment(one.created_at),
        updated_at=dates.moment(one.updated_at),
    )


def present_item(item: Item) -> entities.CollectionItem:
    """One account in a collection."""
    return entities.CollectionItem(str(item.id), str(item.account_id), "accepted", dates.moment(item.created_at))


def present_collections(site: Site, several: Iterable[Recommended]) -> entities.Collections:
    """Collections in their order."""
    return entities.Collections([present_collection(site, one) for one in several])


async def present_with_accounts(engines: Engines, one: Recommended) -> entities.CollectionWithAccounts:
    """One collection, its owner and everybody in it."""
    ids = list(dict.fromkeys((one.owner_id, *(item.account_id for item in one.items))))
    accounts = await present_in_order(engines, ids)
    return entities.CollectionWithAccounts(present_collection(engines.config(Site), one), accounts)
