"""Announcements for the wire: with whom and what their texts name, in at most two statements for all of them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import UNSET

from linnet.features.accounts import reads as accounts
from linnet.features.accounts.models import Account, Viewer
from linnet.features.announcements import reads
from linnet.features.announcements.models import Announcement
from linnet.features.statuses import reads as statuses
from linnet.features.statuses import text as texts
from linnet.mastodon import dates
from linnet.mastodon.entities import announcement as entities
from linnet.mastodon.entities.status import StatusTag
from linnet.platform.engines import Engines
from linnet.platform.ids import parse_id
from linnet.platform.site import Site

_STATUS_PATH = r"/@\w{1,30}/([0-9]{1,19})(?![\w/])"


async def present_announcements(
    engines: Engines, viewer: Viewer | None, found: Sequence[Announcement]
) -> list[entities.Announcement]:
    """The announcements in their order. Of statuses they link to, those the viewer may see."""
    site = engines.config(Site)
    names = {name for one in found for name in _names(one.text, site)}
    people = await accounts.by_usernames(engines.db, names)
    linked = {status_id for one in found for status_id in _linked(one.text, site)}
    viewer_id = statuses.viewer_id(viewer)
    seen = {i for _, i in await statuses.visible_pairs(engines.db, {(viewer_id, i) for i in linked})}
    return [_announcement(site, one, people, seen, told_to=viewer) for one in found]


async def present_announcement_to_all(engines: Engines, announcement_id: int) -> entities.Announcement:
    """An announcement as streams tell it to everybody; `NotFound` when it is not shown."""
    found = await reads.show(engines, None, announcement_id)
    return (await present_announcements(engines, None, [found]))[0]


async def present_reaction_to_all(engines: Engines, announcement_id: int, name: str) -> entities.StreamedReaction:
    """A reaction as streams tell it to everybody; `NotFound` when its announcement is not shown."""
    said = await reads.reaction(engines, announcement_id, name)
    return entities.StreamedReaction(name=said.name, count=said.count, announcement_id=str(announcement_id))


def _announcement(
    site: Site, one: Announcement, people: Mapping[str, Account], seen: set[int], *, told_to: Viewer | None
) -> entities.Announcement:
    mentioned = [people[name] for name in _names(one.text, site) if name in people]
    targets = {
        account.username.lower(): texts.MentionTarget(account.username, site.account_url(account.username))
        for account in mentioned
    }
    return entities.Announcement(
        id=str(one.id),
        content=texts.to_html(one.text, mentions=targets, tag_url=site.tag_url, local_domain=site.domain),
        starts_at=_moment(one.starts_at),
        ends_at=_moment(one.ends_at),
        all_day=one.all_day,
        published_at=dates.moment(one.published_at or one.updated_at),
        updated_at=dates.moment(one.updated_at),
        mentions=[
            entities.AnnouncementAccount(
                id=str(account.id),
                username=account.username,
                url=site.account_url(account.username),
                acct=account.username,
            )
            for account in mentioned
        ],
        statuses=[entities.AnnouncementStatus(str(i), url) for i, url in _linked(one.text, site).items() if i in seen],
        tags=[StatusTag(tag.name, site.tag_url(tag.name)) for tag in texts.hashtags(one.text)],
        reactions=[
            entities.Reaction(name=said.name, count=said.count, me=UNSET if told_to is None else said.is_own)
            for said in one.reactions
        ],
        read=UNSET if told_to is None else one.is_read,
    )


def _names(text: str, site: Site) -> Iterable[str]:
    """The people of this server whom a text names, in lower case."""
    ours = {None, site.domain.lower()}
    mentions = texts.mentioned_names(text) if "@" in text else []
    return dict.fromkeys(m.username.lower() for m in mentions if (m.domain and m.domain.lower()) in ours)


def _linked(text: str, site: Site) -> dict[int, str]:
    """The statuses of this server that a text links to, each with its address."""
    found = re.finditer(re.escape(site.public_url) + _STATUS_PATH, text)
    ids = [(parse_id(match[1]), match[0]) for match in found]
    return {status_id: url for status_id, url in ids if status_id is not None}


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else dates.moment(moment)
