"""Statuses for the wire: a hydrated page in, entities out, without a statement for people this process knows."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import chain

from msgspec import UNSET

from linnet.features.accounts.models import Viewer
from linnet.features.accounts.reads import usernames
from linnet.features.statuses import reads
from linnet.features.statuses.models import UNMARKED, Hydrated, Marks, QuotePolicy, Status, Version, Visibility
from linnet.mastodon import dates
from linnet.mastodon.entities import status as entities
from linnet.mastodon.entities.account import Account
from linnet.mastodon.presenters.accounts import present_accounts, present_authors
from linnet.mastodon.presenters.polls import present_edited, present_poll
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.site import Site

_TEMPLATES_MAX = 20_000
_templates: dict[int, tuple[object, Site, entities.Status]] = {}
"""Statuses as everybody sees them, by id: valid for one wording of a status."""

_QUOTABLE = {Visibility.PUBLIC, Visibility.UNLISTED}
_AUTOMATIC = {QuotePolicy.PUBLIC: ["public"], QuotePolicy.FOLLOWERS: ["followers"], QuotePolicy.NOBODY: []}


def _approvals(current_user: dict[QuotePolicy, str]) -> dict[QuotePolicy, entities.QuoteApproval]:
    return {policy: entities.QuoteApproval(_AUTOMATIC[policy], [], answer) for policy, answer in current_user.items()}


_FOR_THE_PUBLIC = _approvals(dict.fromkeys(QuotePolicy, "denied"))
_FOR_THE_AUTHOR = _approvals(dict.fromkeys(QuotePolicy, "automatic"))
_FOR_OTHERS = _approvals(
    {QuotePolicy.PUBLIC: "automatic", QuotePolicy.FOLLOWERS: "unknown", QuotePolicy.NOBODY: "denied"}
)
_CLOSED_TO_ALL = _FOR_THE_PUBLIC[QuotePolicy.NOBODY]
_STATE = {True: "accepted", False: "deleted"}


@dataclass(frozen=True, slots=True)
class Presented:
    """Everything that the statuses of one page are made of."""

    site: Site
    viewer: Viewer | None
    statuses: Mapping[int, Status]
    accounts: Mapping[int, Account]
    marks: Mapping[int, Marks]
    usernames: Mapping[int, str]
    """Of those who are mentioned."""


async def present_statuses(engines: Engines, viewer: Viewer | None, page: Hydrated) -> list[entities.Status]:
    """The page's statuses in its order."""
    if not page.ids:
        return []
    accounts = await present_authors(engines, page.authors)
    names = await usernames(engines.db, chain.from_iterable(one.mention_ids for one in page.statuses.values()))
    whole = Presented(engines.config(Site), viewer, page.statuses, accounts, page.marks, names)
    return [entity_of(whole, status) for status in page if status.account_id in accounts]


async def present_status(engines: Engines, viewer: Viewer | None, status_id: int) -> entities.Status:
    """One status by itself, or `NotFound`, also when its author is deleted just now."""
    presented = await present_statuses(engines, viewer, await reads.show(engines, viewer, status_id))
    if not presented:
        raise NotFound
    return presented[0]


async def present_history(engines: Engines, status: Status, versions: Sequence[Version]) -> list[entities.StatusEdit]:
    """Every wording of a status, in the order given."""
    author = (await present_accounts(engines, [status.account_id]))[status.account_id]
    return [
        entities.StatusEdit(
            content=version.html,
            spoiler_text=version.spoiler_text,
            sensitive=version.sensitive,
            created_at=dates.moment(version.created_at),
            account=author,
            poll=present_edited(version.poll_options),
        )
        for version in versions
    ]


def entity_of(page: Presented, status: Status, *, depth: int = 0) -> entities.Status:
    """One status, a copy of its own; `depth` counts the quotes it is in."""
    presented = copy(_template(page, status))
    presented.account = page.accounts[status.account_id]
    presented.replies_count = max(status.replies, 0)
    presented.reblogs_count = max(status.reblogs, 0)
    presented.favourites_count = max(status.favourites, 0)
    presented.quotes_count = max(status.quotes, 0)
    presented.quote_approval = _quote_approval(page, status)
    if page.viewer:
        _mark(presented, page.marks.get(status.id, UNMARKED), own=status.account_id == page.viewer.account_id)
    if status.poll is not None:
        vote = page.marks.get(status.id, UNMARKED).vote
        presented.poll = present_poll(status.poll, status.account_id, page.viewer, vote)
    if status.reblog_of_id is not None:
        _show_reblogged(page, presented, page.statuses[status.reblog_of_id])
    if status.quoted_id is not None:
        presented.quote = _quote(page, status.quoted_id, depth)
    return presented


def _template(page: Presented, status: Status) -> entities.Status:
    """What a status looks like to everybody, kept until its next edit."""
    known = _templates.get(status.id)
    if known is not None and known[0] == (status.edited_at, status.in_reply_to_id) and known[1] is page.site:
        return known[2]
    template = _new_template(page, status)
    if len(_templates) >= _TEMPLATES_MAX:
        _templates.clear()
    _templates[status.id] = ((status.edited_at, status.in_reply_to_id), page.site, template)
    return template


def _new_template(page: Presented, status: Status) -> entities.Status:
    author = page.accounts[status.account_id]
    url = page.site.status_url(author.username, status.id)
    return entities.Status(
        id=str(status.id),
        uri=url,
        url=url,
        created_at=dates.moment(status.created_at),
        edited_at=dates.moment(status.edited_at) if status.edited_at else None,
        account=author,
        content=status.html,
        visibility=status.visibility.value,
        sensitive=status.sensitive,
        spoiler_text=status.spoiler_text,
        language=status.language,
        in_reply_to_id=str(status.in_reply_to_id) if status.in_reply_to_id else None,
        in_reply_to_account_id=str(status.in_reply_to_account_id) if status.in_reply_to_account_id else None,
        mentions=[_mention(page, i) for i in status.mention_ids if i in page.usernames],
        tags=[entities.StatusTag(name, page.site.tag_url(name)) for name in status.tags],
        replies_count=0,
        reblogs_count=0,
        favourites_count=0,
        quotes_count=0,
        quote_approval=_CLOSED_TO_ALL,
        application=_application(status),
    )


def _show_reblogged(page: Presented, presented: entities.Status, original: Status) -> None:
    """A reblog carries the words and the counts of its original, for clients that look no further."""
    shown = entity_of(page, original)
    presented.reblog = shown
    presented.content = shown.content
    presented.spoiler_text = shown.spoiler_text
    presented.sensitive = shown.sensitive
    presented.language = shown.language
    presented.mentions = shown.mentions
    presented.tags = shown.tags
    presented.replies_count = shown.replies_count
    presented.reblogs_count = shown.reblogs_count
    presented.favourites_count = shown.favourites_count
    if page.viewer:
        presented.favourited, presented.bookmarked = shown.favourited, shown.bookmarked
        presented.reblogged, presented.muted = shown.reblogged, shown.muted


def _mark(presented: entities.Status, marks: Marks, *, own: bool) -> None:
    presented.favourited = marks.favourited
    presented.reblogged = marks.reblogged
    presented.bookmarked = marks.bookmarked
    presented.muted = marks.muted
    presented.pinned = marks.pinned if own else UNSET
    presented.filtered = []


def _mention(page: Presented, account_id: int) -> entities.StatusMention:
    name = page.usernames[account_id]
    return entities.StatusMention(id=str(account_id), username=name, url=page.site.account_url(name), acct=name)


def _application(status: Status) -> entities.Application | None:
    application = status.application
    return entities.Application(application.name, application.website) if application else None


def _quote(page: Presented, quoted_id: int, depth: int) -> entities.Quote:
    """A quoted status that is gone, or that the viewer may not see, leaves only the word for it."""
    quoted = page.statuses.get(quoted_id)
    found = quoted is not None and quoted.account_id in page.accounts
    if depth > 0:
        return entities.Quote(_STATE[found], quoted_status_id=str(quoted_id) if found else None)
    shown = entity_of(page, quoted, depth=depth + 1) if quoted is not None and found else None
    return entities.Quote(_STATE[found], quoted_status=shown)


def _quote_approval(page: Presented, status: Status) -> entities.QuoteApproval:
    """Whether a follower may is left open: to know who follows costs a statement, and the verb finds out when tried."""
    if page.viewer is None:
        return _FOR_THE_PUBLIC[status.quote_policy]
    if page.viewer.account_id == status.account_id:
        return _FOR_THE_AUTHOR[status.quote_policy] if status.visibility is not Visibility.DIRECT else _CLOSED_TO_ALL
    return _FOR_OTHERS[status.quote_policy] if status.visibility in _QUOTABLE else _CLOSED_TO_ALL
