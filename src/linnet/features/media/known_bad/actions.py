"""What moderators do with the list of pictures that nobody may upload, and what it does to uploads."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Final

from linnet.features.accounts.audit import note, note_act
from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.media.known_bad import store
from linnet.features.media.known_bad.models import (
    PLAIN,
    REASON_LENGTH_MAX,
    KnownBad,
    KnownBadRules,
    Match,
    hash_text,
)
from linnet.features.media.models import Refused
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound
from linnet.platform.paging import Window

BATCH: Final = 1_000
REFUSED: Final = "This file cannot be used here."
"""What whoever uploads a known picture reads: nothing of the list."""


class Act(StrEnum):
    """What is written into the audit log."""

    ADD = "media_known_bad.add"
    REMOVE = "media_known_bad.remove"
    IMPORT = "media_known_bad.import"
    MATCH = "media_known_bad.match"
    """Somebody tried to upload a picture of the list: the target is their account."""


@dataclass(frozen=True, slots=True)
class NewKnownBad:
    """A picture to be added."""

    hash: int
    reason: str = ""
    expires_at: datetime | None = None


async def add(engines: Engines, actor: Actor | Operator, new: NewKnownBad) -> KnownBad:
    """Refuse a picture from now on; again is no mistake. Raises `Invalid`, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    _check(engines, new)
    async with engines.transaction() as tx:
        at = engines.clock.now()
        is_new, known = await store.insert(tx, new.hash, new.reason, actor.account_id, at, new.expires_at)
        if is_new:
            await note_act(tx, engines.clock, actor, Act.ADD, None, _detail(known))
    return known


async def add_upload(
    engines: Engines, actor: Actor | Operator, media_id: int, reason: str, expires_at: datetime | None
) -> KnownBad:
    """Refuse what looks like an upload that is here. Raises `NotFound` when there is none, or it is no picture."""
    require(actor, Permission.MANAGE_BLOCKS)
    hash_ = await store.hash_of_media(engines.db, media_id)
    if hash_ is None:
        raise NotFound("There is no such media, or it is no picture")
    return await add(engines, actor, NewKnownBad(hash_, reason, expires_at))


async def add_many(engines: Engines, actor: Actor | Operator, many: Iterable[NewKnownBad]) -> int:
    """Refuse pictures of a list from elsewhere, batch by batch; how many were not here. Raises as `add` does."""
    require(actor, Permission.MANAGE_BLOCKS)
    added = 0
    rest = iter(many)
    while batch := list(islice(rest, BATCH)):
        for one in batch:
            _check(engines, one)
        async with engines.transaction() as tx:
            new = await store.insert_many(
                tx,
                [one.hash for one in batch],
                [one.reason for one in batch],
                [one.expires_at for one in batch],
                actor.account_id,
                engines.clock.now(),
            )
            if new:
                await note_act(tx, engines.clock, actor, Act.IMPORT, None, {"number": new})
        added += new
    return added


async def remove(engines: Engines, actor: Actor | Operator, known_id: int) -> KnownBad:
    """Take a picture off the list; what it was. Raises `NotFound`, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    async with engines.transaction() as tx:
        known = await store.delete(tx, known_id)
        if known is None:
            raise NotFound
        await note_act(tx, engines.clock, actor, Act.REMOVE, None, _detail(known))
    return known


async def page(engines: Engines, actor: Actor | Operator, window: Window) -> Sequence[KnownBad]:
    """A page of the list, newest first. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    return await store.page(engines.db, window)


async def everything(engines: Engines, actor: Actor | Operator) -> AsyncGenerator[KnownBad]:
    """The whole list, newest first, however long it is. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    window = Window(limit=BATCH)
    while found := await store.page(engines.db, window):
        for known in found:
            yield known
        window = Window(limit=BATCH, max_id=found[-1].id)


async def show(engines: Engines, actor: Actor | Operator, known_id: int) -> KnownBad:
    """One of the list. Raises `NotFound`, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    known = await store.load(engines.db, known_id)
    if known is None:
        raise NotFound
    return known


async def by_hash(engines: Engines, actor: Actor | Operator, hash_: int) -> KnownBad:
    """The one of the list with this hash. Raises `NotFound`, `Forbidden`."""
    require(actor, Permission.MANAGE_BLOCKS)
    known = await store.by_hash(engines.db, hash_)
    if known is None:
        raise NotFound("This hash is not on the list")
    return known


async def refuse_known(engines: Engines, account_id: int, media_id: int, hash_: int | None) -> None:
    """Raise `Refused` when what an account uploaded looks like a picture of the list, and tell moderators."""
    match = None if hash_ is None else await find(engines, hash_)
    if match is None:
        return
    detail = {"id": str(match.known.id), "distance": match.distance, "media_id": str(media_id)}
    async with engines.transaction() as tx:
        await note(tx, None, Act.MATCH, account_id, detail, at=engines.clock.now())
    raise Refused("known_bad", REFUSED)


async def find(engines: Engines, hash_: int) -> Match | None:
    """The picture of the list that is nearest to this hash, if one is near enough."""
    distance_max = engines.config(KnownBadRules).distance_max
    return await store.nearest(engines.db, hash_, distance_max, engines.clock.now())


def _check(engines: Engines, new: NewKnownBad) -> None:
    if new.hash in PLAIN:
        raise Invalid("Validation failed: Hash is that of any picture of one colour, which would all be refused")
    if len(new.reason) > REASON_LENGTH_MAX:
        raise Invalid(f"Validation failed: Reason is too long (maximum is {REASON_LENGTH_MAX} characters)")
    if new.expires_at is not None and new.expires_at <= engines.clock.now():
        raise Invalid("Validation failed: Expires at must be in the future")


def _detail(known: KnownBad) -> dict[str, str | int | bool | None]:
    return {"hash": hash_text(known.hash)}
