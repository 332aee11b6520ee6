"""What is done with media that are shown: others take their place, or something else is said of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from linnet.features.media import actions
from linnet.features.media.actions import Words, check_words
from linnet.features.media.attachments import store as attachments
from linnet.features.media.attachments.models import Caption
from linnet.features.media.models import Media
from linnet.features.media.store import uploads
from linnet.platform.engines import Engines, Transaction


async def revise(
    engines: Engines,
    tx: Transaction,
    shown: Sequence[Media],
    *,
    account_id: int,
    status_id: int,
    media_ids: Sequence[int],
    captions: Iterable[Caption],
) -> tuple[Media, ...]:
    """Let a status that shows `shown` show these instead, in this order, with these captions; what they are then.

    Captions of others say nothing. Raises `Invalid` as `media.actions.attach`, and for words that are too long.
    """
    now_shown = tuple(shown)
    if list(media_ids) != [one.id for one in shown]:
        now_shown = await actions.attach(tx, account_id, status_id, media_ids)
    said = {one.media_id: one for one in captions}
    return tuple([await _described(engines, tx, one, said.get(one.id)) for one in now_shown])


async def _described(engines: Engines, tx: Transaction, media: Media, caption: Caption | None) -> Media:
    if caption is None:
        return media
    description = media.description if caption.description is None else caption.description
    words = Words(description, caption.focus or media.focus)
    if (words.description, words.focus) == (media.description, media.focus):
        return media
    check_words(words)
    await uploads.describe(tx, media.id, words.description, words.focus, engines.clock.now())
    return replace(media, description=words.description, focus=words.focus)


async def hold(tx: Transaction, account_id: int, holder_id: int, media_ids: Sequence[int]) -> None:
    """Let a draft or a post for later hold these uploads, as far as they are the account's, and no others any more."""
    await attachments.hold(tx, account_id, holder_id, media_ids)


async def release(tx: Transaction, holder_ids: Sequence[int]) -> None:
    """Let these hold nothing any more."""
    await attachments.release(tx, holder_ids)
