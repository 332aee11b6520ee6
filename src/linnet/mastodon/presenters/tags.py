"""Hashtags for the wire: no statement at all."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from msgspec import UNSET

from linnet.features.accounts.models import Viewer
from linnet.features.statuses.hashtags import UsedHashtag
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
            history=[present_day(use.day, use.uses, use.accounts) for use in hashtag.history],
            following=mine,
            featuring=mine,
        )
        for hashtag in hashtags
    ]


def present_day(day: date, uses: int, accounts: int) -> TagHistory:
    """Uses on one day."""
    midnight = datetime.combine(day, time(), UTC)
    return TagHistory(day=str(int(midnight.timestamp())), uses=str(uses), accounts=str(accounts))
