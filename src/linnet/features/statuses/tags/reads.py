"""Questions about followed and featured hashtags. Each takes the viewer, or says that it is for jobs."""

from collections.abc import Collection, Iterable, Mapping

from linnet.features.accounts import reads as accounts
from linnet.features.accounts.models import Viewer
from linnet.features.statuses import hashtags
from linnet.features.statuses import marked as marking
from linnet.features.statuses.hashtags import UsedHashtag
from linnet.features.statuses.tags import store
from linnet.features.statuses.tags.models import (
    COUNTED_MAX,
    FEATURED_MAX,
    FOLLOWED_MAX,
    LATELY,
    SUGGESTED_MAX,
    Between,
    FeaturedTag,
)
from linnet.platform.engines import Engines
from linnet.platform.paging import Window
from linnet.platform.postgres import Queries


async def followed(engines: Engines, viewer: Viewer) -> Mapping[str, int]:
    """Ids of the hashtags the viewer follows by their normalised names; no statement of whom this process knows."""
    known = marking.glance(engines, viewer) if await engines.changes.catch_up() else None
    return known.tags if known is not None else await store.followed(engines.db, viewer.account_id, FOLLOWED_MAX)


async def followed_by_each(db: Queries, account_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """The same of each of several accounts, as PostgreSQL has it now, for who keeps it themselves. One statement."""
    return await store.followed_by_each(db, account_ids, FOLLOWED_MAX)


async def followed_page(engines: Engines, viewer: Viewer, window: Window) -> tuple[list[int], list[UsedHashtag]]:
    """A page of the hashtags the viewer follows, the latest first, with the ids it is paged by."""
    rows = await store.page(engines.db, viewer.account_id, window)
    return [row_id for row_id, _ in rows], await hashtags.load(engines, [tag_id for _, tag_id in rows])


async def followed_by_any(db: Queries, tag_ids: Collection[int]) -> set[int]:
    """Those of the hashtags that anybody follows. For jobs."""
    return await store.followed_by_any(db, tag_ids) if tag_ids else set()


async def between(db: Queries, viewer: Viewer, tag_ids: Iterable[int]) -> dict[int, Between]:
    """What is between the viewer and each hashtag, by id. One statement, none for no hashtags."""
    wanted = {tag_id for tag_id in tag_ids if tag_id}
    found = await store.between(db, viewer.account_id, wanted) if wanted else {}
    return {tag_id: Between(*row) for tag_id, row in found.items()}


async def featured(db: Queries, account_id: int) -> list[FeaturedTag]:
    """What an account features, the most used first; nothing of a suspended one, `NotFound` when there is none."""
    account = await accounts.show(db, account_id)
    return [] if account.suspended else await store.featured(db, account_id, COUNTED_MAX, FEATURED_MAX)


async def suggested(engines: Engines, viewer: Viewer) -> list[UsedHashtag]:
    """The hashtags the viewer has used most of late and does not feature."""
    return await hashtags.load(engines, await store.most_used(engines.db, viewer.account_id, LATELY, SUGGESTED_MAX))
