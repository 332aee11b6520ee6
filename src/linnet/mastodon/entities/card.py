"""PreviewCard, as on the wire (https://docs.joinmastodon.org/entities/PreviewCard/)."""

import msgspec

from linnet.mastodon.entities.account import Account


class CardAuthor(msgspec.Struct):
    """Who made what a card leads to; nobody of this server, as far as it knows."""

    name: str
    url: str
    account: Account | None = None


class PreviewCard(msgspec.Struct):
    """What a page said of itself."""

    url: str
    title: str
    description: str
    language: str | None
    type: str
    author_name: str
    author_url: str
    provider_name: str
    provider_url: str
    html: str
    width: int
    height: int
    image: str | None
    image_description: str
    embed_url: str
    published_at: str | None
    authors: list[CardAuthor]
    blurhash: str | None = None
