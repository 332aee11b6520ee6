"""Cards for the wire."""

from linnet.features.statuses.cards.models import Card
from linnet.mastodon import dates
from linnet.mastodon.entities import card as entities
from linnet.platform.site import Site


def present_card(site: Site, card: Card) -> entities.PreviewCard:
    """A card. Its picture is one of ours, so that whoever reads a status asks nobody else for anything."""
    picture = f"{site.public_url}/pictures/cards/{card.id}.jpg" if card.has_picture else None
    author = [entities.CardAuthor(card.author_name, card.author_url)] if card.author_name else []
    return entities.PreviewCard(
        url=card.url,
        title=card.title,
        description=card.description,
        language=card.language,
        type=card.kind,
        author_name=card.author_name,
        author_url=card.author_url,
        provider_name=card.provider_name,
        provider_url=card.provider_url,
        html=card.html,
        width=card.width,
        height=card.height,
        image=picture,
        image_description=card.image_description,
        embed_url=card.embed_url,
        published_at=dates.moment(card.published_at) if card.published_at else None,
        authors=author,
    )
