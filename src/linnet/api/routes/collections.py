"""`/api/v1/collections`: accounts that people recommend together."""

from typing import Final

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.routes.accounts import ids_of
from linnet.features.relationships.collections import actions, reads
from linnet.features.relationships.collections.models import ITEMS_MAX, Wording
from linnet.features.statuses.entities import tag_name
from linnet.mastodon.entities.collection import (
    Collections,
    CollectionWithAccounts,
    WrappedCollection,
    WrappedCollectionItem,
)
from linnet.mastodon.presenters.collections import (
    present_collection,
    present_collections,
    present_item,
    present_with_accounts,
)
from linnet.platform.errors import NotFound
from linnet.platform.ids import parse_id
from linnet.platform.site import Site

LIMIT: Final = 40


class CollectionForm(Form):
    """A collection to be made."""

    name: str = ""
    description: str = ""
    language: str | None = None
    sensitive: bool = False
    discoverable: bool = True
    tag_name: str | None = None
    account_ids: tuple[str, ...] = ()


class CollectionChangesForm(Form):
    """What is to be changed of a collection; what is absent stays as it is, an empty text takes away."""

    name: str | None = None
    description: str | None = None
    language: str | None = None
    sensitive: bool | None = None
    discoverable: bool | None = None
    tag_name: str | None = None


class ItemForm(Form):
    """Whom to put into a collection."""

    account_id: str = ""


class CollectionsForm(Form):
    """How many, after how many."""

    limit: int = LIMIT
    offset: int = 0


@endpoint("POST", "/api/v1/collections", scope="write:collections")
async def make_collection(call: Call, form: CollectionForm) -> WrappedCollection:
    """Make a collection of accounts."""
    ids = ids_of(form.account_ids, ITEMS_MAX + 1)
    if len(ids) < len(set(form.account_ids[: ITEMS_MAX + 1])):
        raise NotFound
    wording = Wording(
        name=form.name,
        description=form.description,
        language=form.language or None,
        tag=_tag(form.tag_name),
        sensitive=form.sensitive,
        discoverable=form.discoverable,
    )
    made = await actions.make(call.engines, call.me, wording, ids)
    return WrappedCollection(present_collection(call.engines.config(Site), made))


def _tag(text: str | None) -> str | None:
    return tag_name(text) or None if text else None


@endpoint("GET", "/api/v1/collections/{collection_id}", scope="read:collections", viewer="optional")
async def show_collection(call: Call, collection_id: int) -> CollectionWithAccounts:
    """A collection and everybody in it."""
    found = await reads.show(call.engines.db, call.viewer, collection_id)
    return await present_with_accounts(call.engines, found)


@endpoint("PATCH", "/api/v1/collections/{collection_id}", scope="write:collections")
async def change_collection(call: Call, collection_id: int, form: CollectionChangesForm) -> WrappedCollection:
    """Change what one says about a collection."""
    said = (await reads.show(call.engines.db, call.me, collection_id)).wording
    wording = Wording(
        name=said.name if form.name is None else form.name,
        description=said.description if form.description is None else form.description,
        language=said.language if form.language is None else form.language or None,
        tag=said.tag if form.tag_name is None else _tag(form.tag_name),
        sensitive=said.sensitive if form.sensitive is None else form.sensitive,
        discoverable=said.discoverable if form.discoverable is None else form.discoverable,
    )
    changed = await actions.reword(call.engines, call.me, collection_id, wording)
    return WrappedCollection(present_collection(call.engines.config(Site), changed))


@endpoint("DELETE", "/api/v1/collections/{collection_id}", scope="write:collections")
async def drop_collection(call: Call, collection_id: int) -> dict[str, str]:
    """Delete a collection."""
    await actions.drop(call.engines, call.me, collection_id)
    return {}


@endpoint("POST", "/api/v1/collections/{collection_id}/items", scope="write:collections")
async def put_into_collection(call: Call, collection_id: int, form: ItemForm) -> WrappedCollectionItem:
    """Put an account that agreed to be found into a collection."""
    account_id = parse_id(form.account_id)
    if account_id is None:
        raise NotFound
    return WrappedCollectionItem(present_item(await actions.put(call.engines, call.me, collection_id, account_id)))


@endpoint("DELETE", "/api/v1/collections/{collection_id}/items/{item_id}", scope="write:collections")
async def take_out_of_collection(call: Call, collection_id: int, item_id: int) -> dict[str, str]:
    """Take an account out of a collection."""
    await actions.take(call.engines, call.me, collection_id, item_id)
    return {}


@endpoint("POST", "/api/v1/collections/{collection_id}/items/{item_id}/revoke", scope="write:collections")
async def leave_collection(call: Call, collection_id: int, item_id: int) -> dict[str, str]:
    """Leave somebody's collection for good."""
    await actions.leave(call.engines, call.me, collection_id, item_id)
    return {}


@endpoint("GET", "/api/v1/accounts/{account_id}/collections", scope="read:collections", viewer="optional")
async def list_collections(call: Call, account_id: int, form: CollectionsForm) -> Collections:
    """The collections on an account's profile, the latest first."""
    found = await reads.of_account(call.engines.db, call.viewer, account_id, limit=form.limit, offset=form.offset)
    return present_collections(call.engines.config(Site), found)


@endpoint("GET", "/api/v1/accounts/{account_id}/in_collections", scope="read:collections")
async def list_in_collections(call: Call, account_id: int, form: CollectionsForm) -> Collections:
    """The collections one is in oneself, the latest first."""
    found = await reads.with_account(call.engines.db, call.me, account_id, limit=form.limit, offset=form.offset)
    return present_collections(call.engines.config(Site), found)
