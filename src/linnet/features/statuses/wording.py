"""From the words of a draft to what is stored: checked length, resolved mentions, hashtags, safe HTML."""

from collections.abc import Sequence
from dataclasses import dataclass

from linnet.features.accounts import reads as accounts
from linnet.features.statuses import text as texts
from linnet.features.statuses.models import MENTIONS_MAX, TEXT_BYTES_MAX, TEXT_LENGTH_MAX
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid
from linnet.platform.postgres import Queries
from linnet.platform.site import Site


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as it is stored: HTML, the accounts it mentions, its hashtags (normalised, and as first written)."""

    html: str
    mention_ids: Sequence[int]
    tag_names: Sequence[str]
    tag_display_names: Sequence[str]


def check(text: str, spoiler_text: str, *, shows: bool) -> None:
    """Raise `Invalid` for a text that is empty or longer than `TEXT_LENGTH_MAX` characters as Mastodon counts them.

    It may be empty where there is something else to see (`shows`): what is quoted, or media.
    """
    if not text.strip() and not spoiler_text.strip() and not shows:
        raise Invalid("Validation failed: Text can't be blank")
    too_many_bytes = len(text.encode()) + len(spoiler_text.encode()) > TEXT_BYTES_MAX
    if too_many_bytes or texts.length_of(text, spoiler_text) > TEXT_LENGTH_MAX:
        raise Invalid(f"Validation failed: Text character limit of {TEXT_LENGTH_MAX} exceeded")


def may_link(text: str) -> bool:
    """Whether there may be links in a text; False is for sure."""
    return "://" in text


async def parse(engines: Engines, db: Queries, text: str) -> Wording:
    """Resolve who is mentioned (one statement, none without mentions) and render."""
    site = engines.config(Site)
    local = [m.username for m in texts.mentioned_names(text) if m.domain in {None, site.domain}]
    if len(local) > MENTIONS_MAX:
        raise Invalid(f"Validation failed: A post can mention at most {MENTIONS_MAX} people")
    known = await accounts.by_usernames(db, local) if local else {}
    targets = {
        name: texts.MentionTarget(account.username, site.account_url(account.username))
        for name, account in known.items()
    }
    tags = texts.hashtags(text)
    return Wording(
        html=texts.to_html(text, mentions=targets, tag_url=site.tag_url, local_domain=site.domain),
        mention_ids=[account.id for account in known.values()],
        tag_names=[tag.name for tag in tags],
        tag_display_names=[tag.display_name for tag in tags],
    )
