"""What people do about one another: each verb checks, acts in one transaction and records one event.

Every verb may be said twice: the second time changes and records nothing. All raise `NotFound` for a target that does
not exist or was deleted. They run under the lock of their pair, so that of two at the same moment one comes first.
"""

from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from datetime import timedelta

from linnet.features.accounts import reads as accounts
from linnet.features.accounts.counting import count_follows
from linnet.features.accounts.models import Account, Viewer
from linnet.features.moderation import rates
from linnet.features.moderation.rates import Act
from linnet.features.relationships import reads
from linnet.features.relationships.events import (
    Blocked,
    Followed,
    FollowRequested,
    FollowRequestRemoved,
    Muted,
    Unblocked,
    Unfollowed,
    Unmuted,
)
from linnet.features.relationships.models import (
    FOLLOWS_MAX,
    LANGUAGES_MAX,
    MUTE_S_MAX,
    NOTE_LENGTH_MAX,
    FollowOptions,
    Relationship,
)
from linnet.features.relationships.store import edges, endorsements
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import Forbidden, Invalid, NotFound

_NO_OPTIONS = FollowOptions()
_LANGUAGE_LENGTH_MAX = 35


async def follow(engines: Engines, viewer: Viewer, target_id: int, options: FollowOptions = _NO_OPTIONS) -> None:
    """Follow an account, or ask for it when it is locked; of one already followed or asked, change the options given.

    Raises `Invalid` for oneself, for more than `FOLLOWS_MAX` and for odd languages, `Forbidden` for a block in either
    direction and for a suspended account, `TooOften`.
    """
    _check_options(options)
    async with _between(engines, viewer, target_id) as (tx, target):
        relation = (await reads.load(tx, viewer, [target_id]))[target_id]
        if relation.following or relation.requested:
            if options != _NO_OPTIONS:
                await edges.set_options(tx, viewer.account_id, target_id, options)
                tx.changed(Kind.VIEWER, viewer.account_id)
                tx.changed(Kind.AUDIENCE, target_id)
            return
        await _check_follow(tx, viewer, target, relation)
        await rates.spend(engines, viewer.account_id, {Act.FOLLOWS: 1}, tx=tx)
        if target.locked:
            await edges.request(tx, viewer.account_id, target_id, options, engines.clock.now())
            await tx.record(FollowRequested(account_id=viewer.account_id, target_id=target_id))
        else:
            await edges.follow(tx, viewer.account_id, target_id, options, engines.clock.now())
            await count_follows(tx, [(viewer.account_id, target_id)], 1)
            tx.changed(Kind.VIEWER, viewer.account_id)
            if options.notify:
                tx.changed(Kind.AUDIENCE, target_id)
            await tx.record(Followed(account_id=viewer.account_id, target_id=target_id))


def _check_options(options: FollowOptions) -> None:
    languages = options.languages or ()
    if len(languages) > LANGUAGES_MAX or any(not 0 < len(code) <= _LANGUAGE_LENGTH_MAX for code in languages):
        raise Invalid("Validation failed: Languages must be a few codes such as `en`")


async def _check_follow(tx: Transaction, viewer: Viewer, target: Account, relation: Relationship) -> None:
    if target.id == viewer.account_id:
        raise Invalid("Validation failed: You cannot follow yourself")
    if target.suspended:
        raise Forbidden("This account is suspended and cannot be followed")
    if relation.blocking:
        raise Forbidden("You have blocked this account; unblock it before you follow it")
    if relation.blocked_by:
        raise Forbidden("This account cannot be followed by you")
    own = await accounts.show(tx, viewer.account_id)
    if own.following >= FOLLOWS_MAX:
        raise Invalid(f"Validation failed: You cannot follow more than {FOLLOWS_MAX} accounts")


async def unfollow(engines: Engines, viewer: Viewer, target_id: int) -> None:
    """Stop following an account, or take back the request to."""
    async with _between(engines, viewer, target_id) as (tx, _):
        await _end_follow(tx, viewer.account_id, target_id)


async def remove_from_followers(engines: Engines, viewer: Viewer, target_id: int) -> None:
    """Let an account follow the viewer no more; it may follow again."""
    async with _between(engines, viewer, target_id) as (tx, _):
        await _end_follow(tx, target_id, viewer.account_id)


async def _end_follow(tx: Transaction, follower_id: int, followed_id: int) -> None:
    if await edges.remove_request(tx, follower_id, followed_id):
        await tx.record(FollowRequestRemoved(account_id=follower_id, target_id=followed_id))
    elif await edges.unfollow(tx, follower_id, followed_id):
        await count_follows(tx, [(follower_id, followed_id)], -1)
        tx.changed(Kind.VIEWER, follower_id)
        await tx.record(Unfollowed(account_id=follower_id, target_id=followed_id))


async def accept_request(engines: Engines, viewer: Viewer, requester_id: int) -> None:
    """Let somebody who asked follow the viewer; `NotFound` when they neither asked nor follow already."""
    async with _between(engines, viewer, requester_id) as (tx, _):
        if await edges.accept(tx, requester_id, viewer.account_id, engines.clock.now()):
            await count_follows(tx, [(requester_id, viewer.account_id)], 1)
            tx.changed(Kind.VIEWER, requester_id)
            tx.changed(Kind.AUDIENCE, viewer.account_id)
            await tx.record(Followed(account_id=requester_id, target_id=viewer.account_id, accepted=True))
        elif not (await reads.load(tx, viewer, [requester_id]))[requester_id].followed_by:
            raise NotFound


async def reject_request(engines: Engines, viewer: Viewer, requester_id: int) -> None:
    """Do not let somebody who asked follow the viewer; they are not told, and may ask again."""
    async with _between(engines, viewer, requester_id) as (tx, _):
        if await edges.remove_request(tx, requester_id, viewer.account_id):
            await tx.record(FollowRequestRemoved(account_id=requester_id, target_id=viewer.account_id))


async def block(engines: Engines, viewer: Viewer, target_id: int) -> None:
    """Block an account, which ends follows and requests both ways. Raises `Invalid` for oneself."""
    async with _between(engines, viewer, target_id) as (tx, _):
        if target_id == viewer.account_id:
            raise Invalid("Validation failed: You cannot block yourself")
        if await edges.block(tx, viewer.account_id, target_id, engines.clock.now()):
            await count_follows(tx, await edges.part(tx, viewer.account_id, target_id), -1)
            _change_both(tx, viewer.account_id, target_id)
            await tx.record(Blocked(account_id=viewer.account_id, target_id=target_id))


def _change_both(tx: Transaction, one_id: int, other_id: int) -> None:
    tx.changed(Kind.VIEWER, one_id)
    tx.changed(Kind.VIEWER, other_id)


async def unblock(engines: Engines, viewer: Viewer, target_id: int) -> None:
    """Block an account no more; ended follows stay ended."""
    async with _between(engines, viewer, target_id) as (tx, _):
        if await edges.unblock(tx, viewer.account_id, target_id):
            _change_both(tx, viewer.account_id, target_id)
            await tx.record(Unblocked(account_id=viewer.account_id, target_id=target_id))


async def mute(
    engines: Engines, viewer: Viewer, target_id: int, *, notifications: bool = True, duration_s: int = 0
) -> None:
    """Hear no more of an account, for `duration_s` seconds or (0) without an end; with `notifications`, in those too.

    Muting again changes how. Raises `Invalid` for oneself and for durations below 0 or above `MUTE_S_MAX`.
    """
    if not 0 <= duration_s <= MUTE_S_MAX:
        raise Invalid("Validation failed: Duration must be 0, for no end, or at most ten years in seconds")
    async with _between(engines, viewer, target_id) as (tx, _):
        if target_id == viewer.account_id:
            raise Invalid("Validation failed: You cannot mute yourself")
        now = engines.clock.now()
        expires_at = now + timedelta(seconds=duration_s) if duration_s else None
        if await edges.mute(tx, viewer.account_id, target_id, now, notifications=notifications, expires_at=expires_at):
            tx.changed(Kind.VIEWER, viewer.account_id)
            await tx.record(Muted(account_id=viewer.account_id, target_id=target_id))


async def unmute(engines: Engines, viewer: Viewer, target_id: int) -> None:
    """Hear of an account again."""
    async with _between(engines, viewer, target_id) as (tx, _):
        if await edges.unmute(tx, viewer.account_id, target_id):
            tx.changed(Kind.VIEWER, viewer.account_id)
            await tx.record(Unmuted(account_id=viewer.account_id, target_id=target_id))


async def endorse(engines: Engines, viewer: Viewer, target_id: int) -> None:
    """Recommend an account on one's profile, for as long as one follows it. Raises `Invalid` when one does not."""
    async with _between(engines, viewer, target_id) as (tx, _):
        if not (await reads.load(tx, viewer, [target_id]))[target_id].following:
            raise Invalid("Validation failed: You must be already following the person you want to endorse")
        await endorsements.endorse(tx, viewer.account_id, target_id, engines.clock.now())


async def unendorse(engines: Engines, viewer: Viewer, target_id: int) -> None:
    """Recommend an account no more."""
    async with _between(engines, viewer, target_id) as (tx, _):
        await endorsements.unendorse(tx, viewer.account_id, target_id)


async def keep_from_home(tx: Transaction, viewer: Viewer, away: Collection[int], *, of: Collection[int]) -> None:
    """Of these accounts, keep those in `away` out of the viewer's home, and have the others there. For lists."""
    if await edges.keep_from_home(tx, viewer.account_id, away, of):
        tx.changed(Kind.VIEWER, viewer.account_id)


async def set_note(engines: Engines, viewer: Viewer, target_id: int, comment: str) -> None:
    """Keep a private note about an account, which only the viewer sees; an empty one drops it. Nothing follows from it.

    Raises `Invalid` for more than `NOTE_LENGTH_MAX` characters.
    """
    if len(comment) > NOTE_LENGTH_MAX:
        raise Invalid(f"Validation failed: Comment is too long (at most {NOTE_LENGTH_MAX} characters)")
    async with _between(engines, viewer, target_id) as (tx, _):
        await edges.set_note(tx, viewer.account_id, target_id, comment.strip())


@asynccontextmanager
async def _between(engines: Engines, viewer: Viewer, target_id: int) -> AsyncGenerator[tuple[Transaction, Account]]:
    """A transaction that holds the lock of the pair, and the target; `NotFound` when there is no such account."""
    async with engines.transaction() as tx:
        await edges.lock(tx, viewer.account_id, target_id)
        yield tx, await accounts.show(tx, target_id)
