"""The words of profiles as HTML: notes and fields, with the people they mention found in one statement for all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from linnet.features.accounts import reads
from linnet.features.accounts.models import Account
from linnet.features.statuses import text as texts
from linnet.mastodon.entities.field import Field
from linnet.platform.postgres import Queries
from linnet.platform.site import Site

_RENDERED_MAX = 10_000
"""Texts whose HTML this process remembers: a few megabytes at most."""

Targets = tuple[tuple[str, texts.MentionTarget], ...]


@dataclass(frozen=True, slots=True)
class ProfileTexts:
    """Everything needed to render the notes and fields of one batch of accounts."""

    site: Site
    people: Mapping[str, texts.MentionTarget]
    """Whom the batch mentions, by lower-case name."""

    def mentions_anybody(self, account: Account) -> bool:
        """Whether the note or a field of the account names people of this server, present or not."""
        return any(_local_names(text, self.site) for text in _texts_of(account))

    def note(self, account: Account) -> str:
        """The note as HTML in paragraphs."""
        return _note_html(account.note, self._targets(account.note), self.site)

    def fields(self, account: Account) -> list[Field]:
        """The fields, their values as HTML in one line."""
        return [
            Field(name=field.name, value=_line_html(field.value, self._targets(field.value), self.site))
            for field in account.fields
        ]

    def _targets(self, text: str) -> Targets:
        return tuple((name, self.people[name]) for name in _local_names(text, self.site) if name in self.people)


async def profile_texts(db: Queries, site: Site, accounts: Iterable[Account]) -> ProfileTexts:
    """Find whom the accounts' notes and fields mention: one statement when they mention anybody at all, else none."""
    wanted = {name for account in accounts for text in _texts_of(account) for name in _local_names(text, site)}
    found = await reads.by_usernames(db, wanted)
    return ProfileTexts(
        site,
        {
            name: texts.MentionTarget(account.username, site.account_url(account.username))
            for name, account in found.items()
        },
    )


def _texts_of(account: Account) -> Iterable[str]:
    return (account.note, *(field.value for field in account.fields))


@lru_cache(_RENDERED_MAX)
def _local_names(text: str, site: Site) -> tuple[str, ...]:
    if "@" not in text:
        return ()
    ours = {None, site.domain.lower()}
    mentions = texts.mentioned_names(text)
    return tuple(m.username.lower() for m in mentions if (m.domain and m.domain.lower()) in ours)


@lru_cache(_RENDERED_MAX)
def _note_html(text: str, targets: Targets, site: Site) -> str:
    return texts.to_html(text, mentions=dict(targets), tag_url=site.tag_url, local_domain=site.domain)


@lru_cache(_RENDERED_MAX)
def _line_html(text: str, targets: Targets, site: Site) -> str:
    return texts.to_line_html(text, mentions=dict(targets), tag_url=site.tag_url, local_domain=site.domain)
