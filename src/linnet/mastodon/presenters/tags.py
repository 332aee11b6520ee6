"""Hashtags for the wire: no statement at all."""

from collections.abc import Iterable
from datetime import UTC, datetime, time

from msgspec import UNSET

from linnet.features.accounts.models import Viewer
from linnet.features.statuses.hashtags import Use, UsedHashtag
from linnet.mastodon.entities.tag import Tag, TagHistory
from linnet.platform.site import Site


def present_tags(site: Site, viewer: Viewer | None, hashtags: Iterable[UsedHashtag]) -> list[Tag]:
    """The hashtags in their order."""
    mine = UNSET if viewer is None else False
    return [
        Tag(
            id=str(hashtag.id),
            name=hashtag.name,
            url=site.tag_url(hashtag.name),
            history=[_day(use) for use in hashtag.history],
            following=mine,
            featuring=mine,
        )
        for hashtag in hashtags
    ]


def _day(use: Use) -> TagHistory:
    midnight = datetime.combine(use.day, time(), UTC)
    return TagHistory(day=str(int(midnight.timestamp())), uses=str(use.uses), accounts=str(use.accounts))
