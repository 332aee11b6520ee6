"""Questions about cards."""

from collections.abc import Sequence

from linnet.features.accounts.models import Viewer
from linnet.features.statuses import reads
from linnet.features.statuses.cards import store, wording
from linnet.features.statuses.cards.models import Card
from linnet.features.statuses.models import Hydrated
from linnet.platform.engines import Engines
from linnet.platform.paging import Window


async def picture(engines: Engines, card_id: int) -> bytes | None:
    """The picture of a card, a JPEG; None when it has none, or there is no such card."""
    return await store.picture(engines.db, card_id)


async def of_links(engines: Engines, urls: Sequence[str]) -> dict[str, Card]:
    """The cards of those of the links that have one, by the links as they were written. At most one statement."""
    there = {url: found for url in urls if (found := wording.address(url, url))}
    cards = await store.of_urls(engines.db, [*there.values()]) if there else {}
    return {url: cards[found] for url, found in there.items() if found in cards}


async def linked(engines: Engines, viewer: Viewer | None, window: Window, url: str) -> Hydrated:
    """A page of public statuses whose preview is of this address, newest first."""
    there = wording.address(url, url)
    ids = await store.linked(engines.db, reads.viewer_id(viewer), window, [there]) if there else []
    return await reads.hydrate(engines, viewer, ids)
