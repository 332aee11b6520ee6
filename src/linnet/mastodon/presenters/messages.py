"""Messages for the wire: as statuses that are direct, for Mastodon's clients, and as themselves for ours."""

from collections.abc import Sequence

from linnet.features.accounts.models import Viewer
from linnet.features.conversations.models import Message, MessageMarks, Messages
from linnet.features.filters.lenses import lens_of
from linnet.features.filters.matching import NO_FILTERS
from linnet.features.statuses.models import Version
from linnet.features.statuses.text import hashtags
from linnet.mastodon import dates
from linnet.mastodon.entities import message as own_entities
from linnet.mastodon.entities import status as entities
from linnet.mastodon.entities.account import Account
from linnet.mastodon.presenters.accounts import present_accounts
from linnet.mastodon.presenters.filters import present_matches
from linnet.mastodon.presenters.media import present_all
from linnet.platform.engines import Engines
from linnet.platform.site import Site

_UNMARKED = MessageMarks()
_NOT_TO_BE_QUOTED = entities.QuoteApproval([], [], "denied")


async def present_as_statuses(engines: Engines, viewer: Viewer | None, messages: Messages) -> list[entities.Status]:
    """Messages as direct statuses that mention everybody else in the conversation, in their order. Three statements.

    So whoever answers one, with the names that a client takes from it, answers in the same conversation. What the
    viewer's filters match is told, but nothing left out: it was written to them.
    """
    if not messages.ids or viewer is None:
        return []
    people = {one for message in messages for one in (message.account_id, *message.member_ids)}
    accounts = await present_accounts(engines, people)
    site = engines.config(Site)
    told = any(message.account_id != viewer.account_id for message in messages)
    lens = await lens_of(engines, viewer) if told else NO_FILTERS
    presented: list[entities.Status] = []
    for message in messages:
        if message.account_id in accounts:
            status = _status(site, accounts, message, messages.marks.get(message.id, _UNMARKED))
            if message.account_id != viewer.account_id:
                status.filtered = present_matches(lens.matches_in(_texts_of(message)))
            presented.append(status)
    return presented


def _texts_of(message: Message) -> tuple[str, ...]:
    """All that is read in a message."""
    return (message.spoiler_text, message.text, *(one.description for one in message.media))


def _status(site: Site, accounts: dict[int, Account], message: Message, marks: MessageMarks) -> entities.Status:
    author = accounts[message.account_id]
    url = site.status_url(author.username, message.id)
    application = message.application
    return entities.Status(
        id=str(message.id),
        uri=url,
        url=url,
        created_at=dates.moment(message.created_at),
        edited_at=dates.moment(message.edited_at) if message.edited_at else None,
        account=author,
        content=message.html,
        visibility="direct",
        sensitive=message.sensitive,
        spoiler_text=message.spoiler_text,
        language=message.language,
        in_reply_to_id=_id(message.in_reply_to_id),
        in_reply_to_account_id=_id(message.in_reply_to_account_id),
        mentions=[
            _mention(site, accounts[one]) for one in message.member_ids if one != message.account_id and one in accounts
        ],
        tags=[entities.StatusTag(tag.name, site.tag_url(tag.name)) for tag in hashtags(message.text)],
        replies_count=0,
        reblogs_count=0,
        favourites_count=message.favourites,
        quotes_count=0,
        quote_approval=_NOT_TO_BE_QUOTED,
        application=entities.Application(application.name, application.website) if application else None,
        media_attachments=present_all(site, message.media),
        favourited=marks.favourited,
        reblogged=False,
        bookmarked=marks.bookmarked,
        muted=marks.muted,
        filtered=[],
    )


def _mention(site: Site, account: Account) -> entities.StatusMention:
    name = account.username
    return entities.StatusMention(id=account.id, username=name, url=site.account_url(name), acct=name)


async def present_versions(
    engines: Engines, message: Message, versions: Sequence[Version]
) -> list[entities.StatusEdit]:
    """Every wording of a message, in the order given."""
    author = (await present_accounts(engines, [message.account_id]))[message.account_id]
    site = engines.config(Site)
    return [
        entities.StatusEdit(
            content=version.html,
            spoiler_text=version.spoiler_text,
            sensitive=version.sensitive,
            created_at=dates.moment(version.created_at),
            account=author,
            media_attachments=present_all(site, version.media),
        )
        for version in versions
    ]


def present_messages(engines: Engines, messages: Messages) -> list[own_entities.Message]:
    """Messages as our own clients have them, in their order. No statement."""
    site = engines.config(Site)
    return [_message(site, one, messages.marks.get(one.id, _UNMARKED)) for one in messages]


def _message(site: Site, message: Message, marks: MessageMarks) -> own_entities.Message:
    return own_entities.Message(
        id=str(message.id),
        thread_id=str(message.conversation_id),
        account_id=str(message.account_id),
        created_at=dates.moment(message.created_at),
        edited_at=dates.moment(message.edited_at) if message.edited_at else None,
        text=message.text,
        content=message.html,
        spoiler_text=message.spoiler_text,
        sensitive=message.sensitive,
        language=message.language,
        in_reply_to_id=_id(message.in_reply_to_id),
        favourites_count=message.favourites,
        favourited=marks.favourited,
        bookmarked=marks.bookmarked,
        media_attachments=present_all(site, message.media),
    )


def _id(number: int | None) -> str | None:
    return str(number) if number is not None else None
