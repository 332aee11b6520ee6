"""Hashtags for the wire: one statement for a viewer, however many they are, and none for the public."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time

from msgspec import UNSET

from linnet.features.accounts.models import Viewer
from linnet.features.statuses.hashtags import Use, UsedHashtag
from linnet.features.statuses.tags import reads
from linnet.features.statuses.tags.models import Between, FeaturedTag
from linnet.mastodon import dates
from linnet.mastodon.entities import tag as entities
from linnet.mastodon.entities.tag import Tag, TagHistory
from linnet.platform.engines import Engines
from linnet.platform.site import Site

NOTHING = Between()


async def present_tags(engines: Engines, viewer: Viewer | None, hashtags: Sequence[UsedHashtag]) -> list[Tag]:
    """The hashtags in their order."""
    site = engines.config(Site)
    mine = await reads.between(engines.db, viewer, (one.id for one in hashtags)) if viewer else {}
    return [
        Tag(
            id=str(hashtag.id),
            name=hashtag.name,
            url=site.tag_url(hashtag.name),
            history=[_day(use) for use in hashtag.history],
            following=mine.get(hashtag.id, NOTHING).following if viewer else UNSET,
            featuring=mine.get(hashtag.id, NOTHING).featuring if viewer else UNSET,
        )
        for hashtag in hashtags
    ]


def present_featured(site: Site, tags: Iterable[FeaturedTag]) -> list[entities.FeaturedTag]:
    """The hashtags of a profile in their order."""
    return [
        entities.FeaturedTag(
            id=str(tag.id),
            name=tag.display_name,
            url=site.tag_url(tag.name),
            statuses_count=str(tag.statuses),
            last_status_at=dates.day(tag.last_status_on) if tag.last_status_on else None,
        )
        for tag in tags
    ]


def _day(use: Use) -> TagHistory:
    midnight = datetime.combine(use.day, time(), UTC)
    return TagHistory(day=str(int(midnight.timestamp())), uses=str(use.uses), accounts=str(use.accounts))
