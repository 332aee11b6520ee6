"""Collection, as on the wire (https://docs.joinmastodon.org/entities/Collection/), and what it comes wrapped in."""

import msgspec

from linnet.mastodon.entities.account import Account


class ShallowTag(msgspec.Struct):
    """A hashtag by its name and address."""

    name: str
    url: str


class CollectionItem(msgspec.Struct):
    """An account in a collection. Whoever may be put there has agreed beforehand, so each is accepted."""

    id: str
    account_id: str
    state: str
    created_at: str


class Collection(msgspec.Struct, kw_only=True):
    """Accounts that somebody recommends together."""

    id: str
    account_id: str
    uri: str
    url: str | None
    name: str
    description: str
    language: str | None
    local: bool
    sensitive: bool
    discoverable: bool
    tag: ShallowTag | None
    item_count: int
    items: list[CollectionItem]
    created_at: str
    updated_at: str


class CollectionWithAccounts(msgspec.Struct):
    """A collection, with its owner and everybody in it."""

    collection: Collection
    accounts: list[Account]


class WrappedCollection(msgspec.Struct):
    """A collection by itself."""

    collection: Collection


class WrappedCollectionItem(msgspec.Struct):
    """One item by itself."""

    collection_item: CollectionItem


class Collections(msgspec.Struct):
    """Several collections."""

    collections: list[Collection]
