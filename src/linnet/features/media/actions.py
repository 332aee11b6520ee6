"""What is done with uploads: one begins, is described, is attached to a post or used otherwise, and goes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from linnet.features.accounts.models import Viewer
from linnet.features.media.events import MediaDropped, MediaUploaded
from linnet.features.media.models import (
    DESCRIPTION_LENGTH_MAX,
    NAME_LENGTH_MAX,
    PER_STATUS_MAX,
    Kind,
    Lane,
    Media,
    Purpose,
    Source,
    State,
    Upload,
)
from linnet.features.media.quotas import check_room
from linnet.features.media.store import processing, uploads, using
from linnet.platform import changes
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Invalid, NotFound, Problem
from linnet.platform.live import Live


@dataclass(frozen=True, slots=True)
class Words:
    """What its owner says of an upload."""

    description: str = ""
    focus: tuple[float, float] | None = None


async def new_id(engines: Engines) -> int:
    """The id of an upload whose bytes are yet to come: they go to `models.source_name` of it."""
    return await uploads.new_id(engines.db, engines.clock.now())


async def begin(
    engines: Engines,
    account_id: int,
    purpose: Purpose,
    source: Source,
    lane: Lane,
    *,
    media_id: int,
    words: Words | None = None,
    stands_for: int | None = None,
    has_room: bool = False,
) -> Media:
    """Take in a file that lies whole in the store under the name of `media_id`, to be processed by a job.

    `has_room`: there is, as was found before. Raises `Invalid` for words that are too long, and for what is more than
    the account may have in the store.
    """
    words = words or Words()
    check_words(words)
    media = Media(
        id=media_id,
        account_id=account_id,
        purpose=purpose,
        state=State.UPLOADED,
        created_at=engines.clock.now(),
        description=words.description,
        focus=words.focus,
    )
    named = replace(source, name=source.name[:NAME_LENGTH_MAX])
    async with engines.transaction() as tx:
        if not has_room:
            await check_room(engines, tx, account_id, source.bytes)
        if stands_for is not None:
            await drop(tx, [one.id for one in await processing.thumbnails_of(tx, stands_for)])
        await uploads.insert(tx, Upload(media, named, lane, stands_for=stands_for))
        await tx.record(MediaUploaded(media_id=media_id, account_id=account_id, lane=lane))
    return media


async def describe(
    engines: Engines,
    viewer: Viewer,
    media_id: int,
    *,
    description: str | None = None,
    focus: tuple[float, float] | None = None,
) -> Media:
    """Say something else of one's upload; None leaves as it was. `NotFound` for what is none of one's attachments.

    Where a post shows it already, everybody who reads the post reads that from now on. It is no other wording of the
    post: its history shows it as if it had always been described so.
    """
    async with engines.transaction() as tx:
        media = await own(tx, viewer, media_id)
        words = Words(media.description if description is None else description, focus or media.focus)
        check_words(words)
        await uploads.describe(tx, media_id, words.description, words.focus, engines.clock.now())
        await retell(tx, media)
    return replace(media, description=words.description, focus=words.focus)


async def discard(engines: Engines, viewer: Viewer, media_id: int) -> None:
    """Delete an upload that nothing uses, whatever its state; its processing stops. `Invalid` while a post shows it."""
    async with engines.transaction() as tx:
        media = await uploads.find(tx, viewer.account_id, media_id, locks=True)
        if media is None or media.purpose is not Purpose.ATTACHMENT:
            raise NotFound
        if media_id not in await using.loose_among(tx, [media_id]):
            sentence = "Validation failed: A file that a post uses is deleted with it, or by editing the post"
            raise Invalid(sentence, {"base": [Problem("ERR_TAKEN", "is used by a post")]})
        await drop(tx, [media_id])


async def drop(tx: Transaction, media_ids: Sequence[int]) -> None:
    """Remove uploads, whoever's they are, in the caller's transaction; a job deletes their files afterwards."""
    gone = await uploads.drop(tx, media_ids) if media_ids else []
    _told(tx, gone)
    if gone:
        await tx.record(MediaDropped(media_ids=tuple(gone)))


async def attach(
    tx: Transaction, account_id: int, status_id: int, media_ids: Sequence[int], *, kept: bool = False
) -> tuple[Media, ...]:
    """Let a status show exactly these uploads, in this order, in the caller's transaction; what they are now.

    They must be the account's own, ready, and not be used by anything but this status, or (`kept`) by what becomes
    it: a post for later. `Invalid` says which rule is broken. What the status showed before stays its own, unseen.
    """
    ids = list(dict.fromkeys(media_ids))
    check_number(ids)
    found = {media.id: media for media in await uploads.some(tx, account_id, ids, locks=True)}
    free = set(found) if kept else await using.loose_among(tx, ids)
    chosen = [found[one] for one in ids if one in found and (one in free or found[one].status_id == status_id)]
    check_attachable(ids, [media for media in chosen if media.status_id in {None, status_id}])
    await using.attach(tx, status_id, ids)
    return tuple(replace(media, status_id=status_id) for media in chosen)


def check_number(media_ids: Sequence[int]) -> None:
    """Refuse, with `Invalid`, more uploads than a post shows."""
    if len(media_ids) > PER_STATUS_MAX:
        raise Invalid(f"Validation failed: A post shows at most {PER_STATUS_MAX} files")


def check_attachable(media_ids: Sequence[int], found: Sequence[Media]) -> None:
    """Refuse, with `Invalid`, ids that are not among the uploads `found`, and uploads that make no post together."""
    missing = sorted(set(media_ids) - {media.id for media in found if media.purpose is Purpose.ATTACHMENT})
    if missing:
        names = ", ".join(str(one) for one in missing)
        raise Invalid(f"Validation failed: Media {names} cannot be found, or is used by another post")
    failed = next((media for media in found if media.state is State.FAILED), None)
    if failed is not None:
        raise Invalid(f"Validation failed: {failed.error or 'A file could not be processed'}")
    if any(media.state is not State.READY for media in found):
        raise Invalid(
            "Validation failed: Cannot attach files that have not finished processing. Please try again in a moment."
        )
    if len(found) > 1 and any(media.kind in {Kind.VIDEO, Kind.AUDIO} for media in found):
        raise Invalid("Validation failed: A video or a sound cannot be attached together with other files")


async def detach(engines: Engines, tx: Transaction, account_id: int, status_ids: Sequence[int]) -> list[int]:
    """Let go of all that these statuses show: it may be attached anew, until it is cleaned up. The ids."""
    loose = await using.detach(tx, account_id, status_ids, engines.clock.now())
    _told(tx, loose)
    return loose


async def keep(tx: Transaction, account_id: int, media_ids: Sequence[int]) -> list[Media]:
    """Use uploads of an account for something else than a status, so that they are not cleaned up.

    What they are, in the order of the ids; `NotFound` when one is not the account's, or in use.
    """
    found = {media.id: media for media in await uploads.some(tx, account_id, media_ids, locks=True)}
    if not set(media_ids) <= await using.loose_among(tx, list(found)):
        raise NotFound
    await using.keep(tx, media_ids)
    return [found[one] for one in media_ids]


async def release(engines: Engines, tx: Transaction, account_id: int, media_ids: Sequence[int]) -> None:
    """Stop using uploads for something else than a status: they are cleaned up, unless they are attached in time."""
    await using.release(tx, account_id, media_ids, engines.clock.now())
    _told(tx, media_ids)


def check_words(words: Words) -> None:
    """Refuse, with `Invalid`, a description that is too long and a focus that is outside."""
    if len(words.description) > DESCRIPTION_LENGTH_MAX:
        raise Invalid(f"Validation failed: Description is too long (maximum is {DESCRIPTION_LENGTH_MAX} characters)")
    if words.focus is not None and not all(-1.0 <= one <= 1.0 for one in words.focus):
        raise Invalid("Validation failed: Focus must be two numbers from -1 to 1, as x,y")


async def retell(tx: Transaction, media: Media) -> None:
    """Have whoever reads the post that shows this attachment read it anew, from the end of the transaction on."""
    if media.status_id is not None:
        await using.announce(tx, media.status_id)
        tx.changed(changes.Kind.STATUS, media.status_id)
        tx.live(Live.EDITED, media.status_id)


def _told(tx: Transaction, media_ids: Iterable[int]) -> None:
    """Have every process forget what it gives out of these."""
    for media_id in media_ids:
        tx.changed(changes.Kind.MEDIA, media_id)


async def own(tx: Transaction, viewer: Viewer, media_id: int) -> Media:
    """The viewer's attachment, kept from others until the transaction ends; `NotFound` for any other."""
    media = await uploads.find(tx, viewer.account_id, media_id, locks=True)
    if media is None or media.purpose is not Purpose.ATTACHMENT:
        raise NotFound
    return media
