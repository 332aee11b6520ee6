"""The length of a text, and its HTML: complete, safe, and shaped as clients expect."""

import html
import re

import nh3
import pytest
import regex
from bs4 import BeautifulSoup
from hypothesis import example, given, settings
from hypothesis import strategies as st
from wild_texts import HOSTILE, texts

from linnet.features.statuses.text import (
    MentionTarget,
    clean,
    length_of,
    to_html,
    to_line_html,
)

MENTIONS = {
    "bob": MentionTarget("Bob", "https://linnet.test/@Bob"),
    "x": MentionTarget('"<&', "https://linnet.test/@x"),
}
ALLOWED = {
    "p": set[str](),
    "br": set[str](),
    "span": {"class", "translate"},
    "a": {"href", "rel", "class", "target", "translate"},
}


def tag_url(name: str) -> str:
    return f"https://linnet.test/tags/{name}"


def render(text: str) -> str:
    return to_html(text, mentions=MENTIONS, tag_url=tag_url, local_domain="linnet.test")


def render_line(text: str) -> str:
    return to_line_html(text, mentions=MENTIONS, tag_url=tag_url, local_domain="linnet.test")


def sanitized(fragment: str) -> str:
    return nh3.clean(fragment, tags=set(ALLOWED), attributes=ALLOWED, url_schemes={"http", "https"}, link_rel=None)


def shown(fragment: str) -> str:
    """The text of an HTML fragment, every run of white space as one space."""
    spaced = fragment.replace("<br />", "\n").replace("</p><p>", "\n\n")
    return " ".join(BeautifulSoup(f"<div>{spaced}</div>", "html.parser").get_text().split())


@pytest.mark.parametrize(
    ("text", "spoiler_text", "length"),
    [
        ("", "", 0),
        ("hello", "", 5),
        ("hello", "cw", 7),
        ("a\r\nb", "", 3),
        ("👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿e\u0301", "👍🏽", 4),
        ("https://example.com/" + "x" * 300, "", 23),
        ("http://a.co", "", 23),
        ("see https://example.com, ok", "", 4 + 23 + 4),
        ("@bob@example.com hi", "", 7),
        ("@bob hi", "", 7),
        ("me@example.com", "", 14),
        ("http://localhost", "", 16),
        ("x", "https://example.com/page", 1 + 24),
        ("a" + "\u0301" * 159, "", 10),
    ],
)
def test_length_is_what_mastodon_counts(text: str, spoiler_text: str, length: int) -> None:
    assert length_of(text, spoiler_text) == length


def test_paragraphs_and_lines_are_kept() -> None:
    assert render("\n one\ntwo\r\n\r\nthree\n \n\n four ") == "<p>one<br />two</p><p>three</p><p> four</p>"
    assert not render(" \n\x00")
    assert render("a\tb") == "<p>a\tb</p>"


def test_markup_is_text() -> None:
    assert render('<script>alert("1" & 2)</script>') == '<p>&lt;script&gt;alert("1" &amp; 2)&lt;/script&gt;</p>'


def test_control_characters_and_directional_overrides_are_gone() -> None:
    assert clean("a\x00b\x1bc\x7fd\x85e\u202ef\ud800g\th\ni\rj") == "abcdefg\th\ni\nj"


def test_a_short_address_is_shown_without_its_scheme() -> None:
    assert render("https://www.example.com/a?b=1&c=2") == (
        '<p><a href="https://www.example.com/a?b=1&amp;c=2" rel="nofollow noopener" target="_blank" translate="no">'
        '<span class="invisible">https://www.</span><span>example.com/a?b=1&amp;c=2</span>'
        '<span class="invisible"></span></a></p>'
    )


def test_a_long_address_is_shown_by_its_first_thirty_characters() -> None:
    assert render("https://example.com/a-path-of-more-than-thirty") == (
        '<p><a href="https://example.com/a-path-of-more-than-thirty" rel="nofollow noopener" target="_blank" '
        'translate="no"><span class="invisible">https://</span>'
        '<span class="ellipsis">example.com/a-path-of-more-tha</span><span class="invisible">n-thirty</span></a></p>'
    )


def test_a_known_mention_leads_to_its_account_and_an_unknown_one_is_text() -> None:
    bob = (
        '<span class="h-card" translate="no"><a href="https://linnet.test/@Bob" class="u-url mention">@<span>Bob</span>'
    )
    assert render("@bob @BOB@Linnet.test") == f"<p>{bob}</a></span> {bob}</a></span></p>"
    assert render("@nobody @bob@elsewhere.example") == "<p>@nobody @bob@elsewhere.example</p>"
    assert "&quot;&lt;&amp;" in render("@x")


def test_a_hashtag_leads_to_its_page_and_keeps_its_spelling() -> None:
    assert render("#Linnet-s") == (
        '<p><a href="https://linnet.test/tags/linnet" class="mention hashtag" rel="tag">#<span>Linnet</span></a>-s</p>'
    )


def test_the_field_of_a_profile_is_one_line_that_claims_its_link() -> None:
    line = render_line("my\nsite: https://example.com ")
    assert line.startswith('my site: <a href="https://example.com" rel="me nofollow noopener" target="_blank"')
    assert "<p>" not in line
    assert "<br" not in line


@settings(deadline=None)
@given(texts)
@example("http://a.co/\u00a0&nbsp; '\"<>& @bob#a")
@example("https://example.com/javascript:alert(1)")
@example("http://ا.com http://aا.com http://xn--ls8h.la http://١.com")
def test_a_sanitizer_finds_nothing_to_do(text: str) -> None:
    for fragment in (render(text), render_line(text)):
        assert sanitized(fragment).replace("&nbsp;", "\u00a0") == fragment.replace("<br />", "<br>")
        assert not re.search(r'href="(?!https?://)', fragment)


@settings(deadline=None)
@given(texts)
def test_readers_see_the_text_that_was_written(text: str) -> None:
    text = clean(text).replace("@linnet.test", "@elsewhere.test")
    bob = {"bob": MENTIONS["bob"]}
    for show in (to_html, to_line_html):
        seen = shown(show(text, mentions=bob, tag_url=tag_url, local_domain="linnet.test"))
        assert seen.lower() == " ".join(text.split()).lower()


@settings(deadline=None)
@given(texts)
def test_html_of_a_text_holds_no_element_that_we_did_not_write(text: str) -> None:
    names = {tag.name for tag in BeautifulSoup(render(text), "html.parser").find_all()}
    assert names <= set(ALLOWED)


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=0x30FF, exclude_categories=["Cc", "Cs"])))
def test_length_is_of_grapheme_clusters_by_whatever_path(text: str) -> None:
    text = clean(text).translate(dict.fromkeys(map(ord, "@:")))  # neither addresses nor mentions
    clusters = regex.findall(r"\X", text)
    assert length_of(text) == len(clusters) or max(map(len, clusters)) > 16


@settings(deadline=None)
@given(texts)
def test_length_is_never_more_than_the_characters_and_their_addresses(text: str) -> None:
    assert length_of(text) <= len(clean(text)) + 23 * text.lower().count("http")
    assert clean(clean(text)) == clean(text)
    assert length_of(clean(text)) == length_of(text)


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_texts_render_to_what_a_sanitizer_accepts(unit: str) -> None:
    fragment = render((unit * 2000)[:20_000])
    assert html.unescape(sanitized(fragment)) == html.unescape(fragment.replace("<br />", "<br>"))
