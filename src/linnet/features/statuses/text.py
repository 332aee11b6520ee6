"""From the plain text that people write to its length, to whom and what it names, and to safe HTML."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TypeVar

import regex

from linnet.features.statuses.entities import Hashtag, Link, Mention, Span, parse

URL_LENGTH_COUNTED = 23
"""Characters that any address counts for, however long (`characters_reserved_per_url` of the API)."""
CLUSTER_LENGTH_MAX = 16
"""Code points in one character for a reader. The longest emoji has 10; a longer pile counts as several characters."""
LINK_TEXT_LENGTH = 30
"""Characters of an address that are shown; the others are there for copying, but invisible."""

# Controls but tab and newline, lone surrogates (no UTF-8 for them), and the directional embeddings and overrides, which
# can make one address look like another. Isolates and marks, which right-to-left scripts need, stay.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e]")
_NEWLINE = re.compile(r"\r\n?")
_BLANK_LINES = re.compile(r"\n\s*\n")
_CLUSTER = regex.compile(r"\X")
# Latin, punctuation, kana and common Han: none of them ever joins its neighbour, and most texts have nothing else.
_ONE_EACH = re.compile(
    "[\t\n -~\u00a0-\u02ff\u2010-\u2027\u2030-\u205e\u3000-\u3029\u3041-\u3096\u30a0-\u30ff\u4e00-\u9fff]*+"
)
_UNSHOWN_PREFIX = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MentionTarget:
    """An account that a mention leads to: its name as its owner writes it, and the absolute address of its page."""

    username: str
    url: str


def clean(text: str) -> str:
    """`text` as it is stored: one kind of newline, no control characters, lone surrogates or directional overrides."""
    return _UNWANTED.sub("", _NEWLINE.sub("\n", text))


def length_of(text: str, spoiler_text: str = "") -> int:
    """Characters of a status as Mastodon counts them.

    A character is what a reader sees as one (a grapheme cluster); an address counts `URL_LENGTH_COUNTED`, a mention
    without its domain; the spoiler text counts as it is.
    """
    length = _clusters(clean(spoiler_text))
    text = clean(text)
    at = 0
    for span in parse(text):
        if isinstance(span, Link):
            length += _clusters(text[at : span.start]) + URL_LENGTH_COUNTED
            at = span.end
        elif isinstance(span, Mention) and span.domain is not None:
            length += _clusters(text[at : span.end - len(span.domain) - 1])
            at = span.end
    return length + _clusters(text[at:])


def mentioned_names(text: str) -> list[Mention]:
    """Mentions in order of appearance, one for each `handle`; which of them exist is for the caller to find out."""
    return _unique((span.handle, span) for span in parse(clean(text)) if isinstance(span, Mention))


def hashtags(text: str) -> list[Hashtag]:
    """Hashtags in order of appearance, one for each `name`, as first typed."""
    return _unique((span.name, span) for span in parse(clean(text)) if isinstance(span, Hashtag))


def urls(text: str) -> list[str]:
    """Addresses in order of appearance, each once."""
    return _unique((span.url, span.url) for span in parse(clean(text)) if isinstance(span, Link))


def to_html(
    text: str, *, mentions: Mapping[str, MentionTarget], tag_url: Callable[[str], str], local_domain: str
) -> str:
    """`text` as safe HTML in paragraphs, as Mastodon's clients expect it; the empty string for a blank text.

    `mentions` has the accounts of this server by user name in lower case; a mention that is not among them, or is of a
    domain other than `local_domain`, stays plain text. `tag_url` gives the absolute address of a hashtag by its `name`.
    """
    linking = _Linking(mentions, tag_url, local_domain.lower(), "nofollow noopener")
    inline = _inline_html(text, linking).strip()
    if not inline:
        return ""
    paragraphs = (part.replace("\n", "<br />") for part in _BLANK_LINES.split(inline))
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def to_line_html(
    text: str, *, mentions: Mapping[str, MentionTarget], tag_url: Callable[[str], str], local_domain: str
) -> str:
    """`text` as one line of safe HTML without a paragraph, for a field of a profile: its links say `rel="me"`.

    The arguments are those of `to_html`.
    """
    linking = _Linking(mentions, tag_url, local_domain.lower(), "me nofollow noopener")
    return " ".join(_inline_html(text, linking).split())


@dataclass(frozen=True, slots=True)
class _Linking:
    """Where the links of a text lead, and the relation that those to other sites declare."""

    mentions: Mapping[str, MentionTarget]
    tag_url: Callable[[str], str]
    local_domain: str
    rel: str


def _inline_html(text: str, linking: _Linking) -> str:
    """`text` escaped, with its links, mentions and hashtags as elements, and with its newlines."""
    text = clean(text)
    pieces: list[str] = []
    at = 0
    for span in parse(text):
        pieces.extend((escape(text[at : span.start], quote=False), _element(span, text, linking)))
        at = span.end
    pieces.append(escape(text[at:], quote=False))
    return "".join(pieces)


def _element(span: Span, text: str, linking: _Linking) -> str:
    """The HTML of one span."""
    if isinstance(span, Link):
        return _link_element(span.url, linking.rel)
    if isinstance(span, Hashtag):
        href = escape(linking.tag_url(span.name))
        return f'<a href="{href}" class="mention hashtag" rel="tag">#<span>{span.display_name}</span></a>'
    target = linking.mentions.get(span.username.lower()) if span.domain in {None, linking.local_domain} else None
    if target is None:
        return text[span.start : span.end]  # a handle has nothing to escape
    href, name = escape(target.url), escape(target.username)
    return f'<span class="h-card" translate="no"><a href="{href}" class="u-url mention">@<span>{name}</span></a></span>'


def _link_element(url: str, rel: str) -> str:
    """A link that shows the telling part of `url` and carries all of it."""
    found = _UNSHOWN_PREFIX.match(url)
    shown_from = found.end() if found else 0
    shown_to = shown_from + LINK_TEXT_LENGTH
    before, shown, after = (
        escape(part, quote=False) for part in (url[:shown_from], url[shown_from:shown_to], url[shown_to:])
    )
    opening = '<span class="ellipsis">' if after else "<span>"
    return (
        f'<a href="{before}{shown}{after}" rel="{rel}" target="_blank" translate="no">'  # an address has no quotes
        f'<span class="invisible">{before}</span>{opening}{shown}</span><span class="invisible">{after}</span></a>'
    )


def _clusters(text: str) -> int:
    """Characters of `text` as a reader sees them; piles of more than `CLUSTER_LENGTH_MAX` code points count several."""
    if _ONE_EACH.fullmatch(text):
        return len(text)
    return sum(1 + (len(cluster) - 1) // CLUSTER_LENGTH_MAX for cluster in _CLUSTER.findall(text))


T = TypeVar("T")


def _unique(named: Iterable[tuple[str, T]]) -> list[T]:
    """The first thing of each name, in order."""
    first: dict[str, T] = {}
    for name, thing in named:
        first.setdefault(name, thing)
    return list(first.values())
