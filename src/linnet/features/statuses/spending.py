"""What a post counts towards, of that which one person may do in a while (`moderation/rates.py`)."""

from collections.abc import Collection

from linnet.features.accounts.models import Viewer
from linnet.features.moderation import rates
from linnet.features.moderation.rates import Act, Spent
from linnet.features.relationships import reads as relationships
from linnet.features.statuses import text as texts
from linnet.features.statuses import wording
from linnet.features.statuses.models import Status
from linnet.platform.engines import Engines, Transaction
from linnet.platform.postgres import Queries


async def spend_post(
    engines: Engines, viewer: Viewer, text: str, mention_ids: Collection[int], parent: Status | None, media: int
) -> Spent | None:
    """Count a post with these words, in answer to `parent`, that shows so many media; raises `TooOften`.

    Most mention nobody, which costs no statement.
    """
    amounts = {Act.POSTS: 1, **await _company(engines.db, viewer, mention_ids, parent), Act.MEDIA: media}
    return await rates.spend(engines, viewer.account_id, amounts | {Act.LINKS: links_in(text)})


async def spend_edit(
    engines: Engines, tx: Transaction, before: Status, text: str, mention_ids: Collection[int], media: int
) -> None:
    """Count what a new wording adds: links, strangers, media. Else an edit could bring what a post could not."""
    viewer = Viewer(before.account_id)
    added = set(mention_ids) - set(before.mention_ids)
    amounts = {
        **await _company(tx, viewer, added, None),
        Act.LINKS: links_in(text) - links_in(before.text),
        Act.MEDIA: media - len(before.media),
    }
    await rates.spend(engines, viewer.account_id, amounts, tx=tx)


def links_in(text: str) -> int:
    """How many addresses a text has."""
    return len(texts.urls(text)) if wording.may_link(text) else 0


async def _company(db: Queries, viewer: Viewer, mention_ids: Collection[int], parent: Status | None) -> dict[Act, int]:
    """The strangers among those who are mentioned; who has mentioned the author in what is answered is none."""
    if not mention_ids:
        return {}
    strangers = await relationships.strangers_among(db, viewer, mention_ids)
    if parent is not None and viewer.account_id in parent.mention_ids:
        strangers.discard(parent.account_id)
    return {Act.STRANGERS: len(strangers)}
