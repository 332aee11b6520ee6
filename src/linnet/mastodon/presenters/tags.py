"""Hashtags for the wire: one statement for a viewer, however many they are, and none for the public."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time

from msgspec import UNSET

from linnet.features.accounts.models import Viewer
from linnet.features.statuses.hashtags import UsedHashtag
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
    return [present_tag(site, one, mine.get(one.id, NOTHING) if viewer else None) for one in hashtags]


def present_tag(site: Site, hashtag: UsedHashtag, between: Between | None) -> Tag:
    """One hashtag, with what is between the viewer and it, where that is to be told."""
    return Tag(
        id=str(hashtag.id),
        name=hashtag.name,
        url=site.tag_url(hashtag.name),
        history=[present_day(use.day, use.uses, use.accounts) for use in hashtag.history],
        following=UNSET if between is None else between.following,
        featuring=UNSET if between is None else between.featuring,
    )


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


def present_day(day: date, uses: int, accounts: int) -> TagHistory:
    """Uses on one day."""
    midnight = datetime.combine(day, time(), UTC)
    return TagHistory(day=str(int(midnight.timestamp())), uses=str(uses), accounts=str(accounts))
