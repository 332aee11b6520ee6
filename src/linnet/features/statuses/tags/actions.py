"""What people do with hashtags. Nothing follows from it but what homes and profiles show, at once.

Every verb may be said twice. All raise `Invalid` for what is no hashtag; one that nobody has used may be chosen.
"""

from linnet.features.accounts.models import Viewer
from linnet.features.statuses import hashtags
from linnet.features.statuses.tags import store
from linnet.features.statuses.tags.models import FEATURED_MAX, FOLLOWED_MAX
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound


async def follow(engines: Engines, viewer: Viewer, text: str) -> None:
    """Have public posts under a hashtag in one's home. Raises `Invalid` for more than `FOLLOWED_MAX`."""
    async with engines.transaction() as tx:
        (tag_id,) = await hashtags.known_as(tx, [text])
        if not await store.follow(tx, viewer.account_id, tag_id, engines.clock.now(), FOLLOWED_MAX):
            raise Invalid(f"Validation failed: You cannot follow more than {FOLLOWED_MAX} hashtags")
        tx.changed(Kind.VIEWER, viewer.account_id)


async def unfollow(engines: Engines, viewer: Viewer, text: str) -> None:
    """Have them there no more."""
    async with engines.transaction() as tx:
        for name in hashtags.names_of([text]):
            if await store.unfollow(tx, viewer.account_id, name):
                tx.changed(Kind.VIEWER, viewer.account_id)


async def feature(engines: Engines, viewer: Viewer, text: str) -> int:
    """Show a hashtag on one's profile; the id under which it is there.

    Raises `Invalid` for more than `FEATURED_MAX`.
    """
    async with engines.transaction() as tx:
        typed = hashtags.typed(text)
        (tag_id,) = await hashtags.known_as(tx, [text])
        row_id = await store.feature(
            tx, viewer.account_id, tag_id, typed.display_name, engines.clock.now(), FEATURED_MAX
        )
        if row_id is None:
            raise Invalid("Validation failed: You have already featured the maximum number of hashtags")
    return row_id


async def unfeature(engines: Engines, viewer: Viewer, row_id: int) -> None:
    """Show a hashtag on one's profile no more, by the id under which it is there; `NotFound` when it is not."""
    if not await store.unfeature(engines.db, viewer.account_id, row_id):
        raise NotFound


async def unfeature_named(engines: Engines, viewer: Viewer, text: str) -> None:
    """The same by its name; what is not there does not matter."""
    for name in hashtags.names_of([text]):
        await store.unfeature_named(engines.db, viewer.account_id, name)
