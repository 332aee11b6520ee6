"""Statuses for the wire: a hydrated page in, entities out, without a statement for people this process knows."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from itertools import chain

from msgspec import UNSET

from linnet.features.accounts.models import Viewer
from linnet.features.accounts.reads import usernames
from linnet.features.filters.matching import Matches
from linnet.features.filters.reads import matches_of
from linnet.features.relationships.models import Stance
from linnet.features.statuses import reads
from linnet.features.statuses.models import (
    UNMARKED,
    Hydrated,
    Marks,
    Moderated,
    QuotePolicy,
    ReplyPolicy,
    Status,
    Version,
    Visibility,
)
from linnet.mastodon import dates
from linnet.mastodon.entities import status as entities
from linnet.mastodon.entities.account import Account
from linnet.mastodon.presenters.accounts import present_accounts, present_authors
from linnet.mastodon.presenters.cards import present_card
from linnet.mastodon.presenters.filters import present_matches
from linnet.mastodon.presenters.media import present_all
from linnet.mastodon.presenters.moderation import label_of, present_moderated
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
_REPLY_FOR_THE_PUBLIC, _REPLY_FOR_THE_AUTHOR, _REPLY_FOR_OTHERS = (
    {policy: entities.ReplyApproval(policy.value, current_user) for policy in ReplyPolicy}
    for current_user in ("denied", "automatic", "unknown")
)
_CLOSED_TO_REPLIES = _REPLY_FOR_THE_PUBLIC[ReplyPolicy.NOBODY]

ACCEPTED, DELETED, REVOKED = "accepted", "deleted", "revoked"
BLOCKED, MUTED = "blocked_account", "muted_account"
"""States of a quote: the last two are shown to those who blocked or muted whom it quotes, with what it quotes."""


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
    matches: Mapping[int, Matches] = field(default_factory=dict[int, Matches])
    """What the viewer's filters match, by status."""
    stances: Mapping[int, Stance] = field(default_factory=dict[int, Stance])
    """How the viewer stands to those who are quoted, at least where they blocked or muted them."""


async def present_statuses(engines: Engines, viewer: Viewer | None, page: Hydrated) -> list[entities.Status]:
    """The page's statuses in its order."""
    if not page.ids:
        return []
    accounts = await present_authors(engines, page.authors)
    names = await usernames(engines.db, chain.from_iterable(one.mention_ids for one in page.statuses.values()))
    matches = await matches_of(engines, viewer, page)
    whole = Presented(engines.config(Site), viewer, page.statuses, accounts, page.marks, names, matches, page.stances)
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
    site = engines.config(Site)
    return [
        entities.StatusEdit(
            content=version.html,
            spoiler_text=version.spoiler_text,
            sensitive=version.sensitive,
            created_at=dates.moment(version.created_at),
            account=author,
            media_attachments=present_all(site, version.media),
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
        presented.filtered = present_matches(page.matches.get(status.id, ()))
    if status.card is not None:
        presented.card = present_card(page.site, status.card)
    if status.poll is not None:
        vote = page.marks.get(status.id, UNMARKED).vote
        presented.poll = present_poll(status.poll, status.account_id, page.viewer, vote)
    if status.media:
        presented.media_attachments = present_all(page.site, status.media)
    if status.reblog_of_id is not None:
        _show_reblogged(page, presented, page.statuses[status.reblog_of_id])
    if status.quoted_id is not None:
        presented.quote = _quote(page, status, status.quoted_id, depth)
    if status.reply_policy is not ReplyPolicy.EVERYONE:
        presented.reply_approval = _reply_approval(page, status)
    if status.hidden:
        presented.reply_hidden = True
    if status.moderated is not None:
        _show_moderated(presented, status, status.moderated, page.viewer)
    return presented


def _show_moderated(presented: entities.Status, status: Status, moderated: Moderated, viewer: Viewer | None) -> None:
    """A label is a warning to everybody; why, and what else was decided, is told to the author alone."""
    if moderated.labels:
        presented.sensitive = True
        presented.spoiler_text = status.spoiler_text or label_of(moderated.labels)
    if viewer is not None and viewer.account_id == status.account_id and moderated.by_itself:
        presented.moderation = present_moderated(status, moderated)


def _template(page: Presented, status: Status) -> entities.Status:
    """What a status looks like to everybody, kept until its next edit, or until staff put it behind a warning."""
    known, wording = _templates.get(status.id), (status.edited_at, status.in_reply_to_id, status.sensitive)
    if known is not None and known[0] == wording and known[1] is page.site:
        return known[2]
    template = _new_template(page, status)
    if len(_templates) >= _TEMPLATES_MAX:
        _templates.clear()
    _templates[status.id] = (wording, page.site, template)
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
    presented.media_attachments = shown.media_attachments
    presented.replies_count = shown.replies_count
    presented.reblogs_count = shown.reblogs_count
    presented.favourites_count = shown.favourites_count
    if page.viewer:
        presented.favourited, presented.bookmarked = shown.favourited, shown.bookmarked
        presented.reblogged, presented.muted = shown.reblogged, shown.muted
        presented.filtered = shown.filtered


def _mark(presented: entities.Status, marks: Marks, *, own: bool) -> None:
    presented.favourited = marks.favourited
    presented.reblogged = marks.reblogged
    presented.bookmarked = marks.bookmarked
    presented.muted = marks.muted
    presented.pinned = marks.pinned if own else UNSET


def _mention(page: Presented, account_id: int) -> entities.StatusMention:
    name = page.usernames[account_id]
    return entities.StatusMention(id=str(account_id), username=name, url=page.site.account_url(name), acct=name)


def _application(status: Status) -> entities.Application | None:
    application = status.application
    return entities.Application(application.name, application.website) if application else None


def _quote(page: Presented, status: Status, quoted_id: int, depth: int) -> entities.Quote:
    """What is revoked, gone, or not for the viewer to see leaves only the word for it."""
    state = quote_state(page.statuses, page.stances, status)
    quoted = page.statuses.get(quoted_id)
    if state in {DELETED, REVOKED} or quoted is None or quoted.account_id not in page.accounts:
        state, quoted = REVOKED if state == REVOKED else DELETED, None
    if depth > 0:
        return entities.Quote(state, quoted_status_id=str(quoted_id) if quoted is not None else None)
    return entities.Quote(state, quoted_status=entity_of(page, quoted, depth=depth + 1) if quoted is not None else None)


def quote_state(statuses: Mapping[int, Status], stances: Mapping[int, Stance], status: Status) -> str:
    """One of the states above, always the same object, for a status that quotes."""
    quoted = statuses.get(status.quoted_id or 0)
    if status.quote_revoked:
        return REVOKED
    if quoted is None:
        return DELETED
    stance = stances.get(quoted.account_id)
    if stance is None or not stance.silenced:
        return ACCEPTED
    return BLOCKED if stance.blocked else MUTED


def _reply_approval(page: Presented, status: Status) -> entities.ReplyApproval:
    """Whether the viewer may is mostly left open, as with quotes: the verb finds out when tried."""
    if page.viewer is None:
        return _REPLY_FOR_THE_PUBLIC[status.reply_policy]
    if page.viewer.account_id == status.account_id:
        return _REPLY_FOR_THE_AUTHOR[status.reply_policy]
    return _CLOSED_TO_REPLIES if status.reply_policy is ReplyPolicy.NOBODY else _REPLY_FOR_OTHERS[status.reply_policy]


def _quote_approval(page: Presented, status: Status) -> entities.QuoteApproval:
    """Whether a follower may is left open: to know who follows costs a statement, and the verb finds out when tried."""
    if page.viewer is None:
        return _FOR_THE_PUBLIC[status.quote_policy]
    if page.viewer.account_id == status.account_id:
        return _FOR_THE_AUTHOR[status.quote_policy] if status.visibility is not Visibility.DIRECT else _CLOSED_TO_ALL
    return _FOR_OTHERS[status.quote_policy] if status.visibility in _QUOTABLE else _CLOSED_TO_ALL
