"""The server's texts for the wire: Markdown in, HTML out, whose own HTML is shown as it is written."""

from datetime import date
from functools import cache, lru_cache

from markdown_it import MarkdownIt
from msgspec import UNSET

from linnet.features.announcements.models import SiteText
from linnet.mastodon import dates
from linnet.mastodon.entities.instance import TermsOfService, Text

_RENDERED_MAX = 16


def present_text(text: SiteText) -> Text:
    """A text, and since when it is so."""
    return Text(dates.moment(text.published_at), _html(text.text))


def present_terms(text: SiteText, today: date) -> TermsOfService:
    """A wording of the terms of service; `effective` when it holds already, be it no longer the one that does."""
    return TermsOfService(
        effective_date=text.effective_on.isoformat(),
        effective=text.effective_on <= today,
        content=_html(text.text),
        succeeded_by=UNSET if text.succeeded_on is None else text.succeeded_on.isoformat(),
    )


@lru_cache(_RENDERED_MAX)
def _html(text: str) -> str:
    return _markdown().render(text).strip()


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})
