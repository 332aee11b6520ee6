"""What of a text is an address, a mention or a hashtag, and what only looks like one."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wild_texts import HOSTILE, texts

from linnet.features.statuses.entities import Hashtag, Link, Mention, parse, tag_name
from linnet.features.statuses.text import clean, hashtags, mentioned_names, urls


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://example.com.", ["https://example.com"]),
        ("https://example.com/a,b?c=d&e=f#g!", ["https://example.com/a,b?c=d&e=f#g"]),
        ("HTTP://EXAMPLE.COM/", ["HTTP://EXAMPLE.COM/"]),
        ("http://example.com:8080/x", ["http://example.com:8080/x"]),
        ("http://example.com:99999/x", ["http://example.com"]),
        ("(https://en.wikipedia.org/wiki/Linnet_(bird))", ["https://en.wikipedia.org/wiki/Linnet_(bird)"]),
        ("[a](https://example.com/a) b", ["https://example.com/a"]),
        ("[https://example.com/a]", ["https://example.com/a"]),
        ("https://example.com/?ids[]", ["https://example.com/?ids[]"]),
        ("https://example.com/(a(b)c)(", ["https://example.com/(a(b)c)"]),
        ('<a href="https://example.com/">', ["https://example.com/"]),
        ("https://bücher.de/ä", ["https://bücher.de/ä"]),
        ("https://xn--bcher-kva.de/", ["https://xn--bcher-kva.de/"]),
        ("https://例え.みんな/", ["https://例え.みんな/"]),
        ("見てhttps://example.comを見て", ["https://example.com"]),
        ("（https://example.com/あ）と", ["https://example.com/あ"]),
        ("https://a.com https://b.com https://a.com", ["https://a.com", "https://b.com"]),
        ("https://example.com/" + "a" * 5000 + " https://a.com", ["https://a.com"]),
    ],
)
def test_an_address_ends_where_a_reader_would_end_it(text: str, expected: list[str]) -> None:
    assert urls(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "example.com",
        "http://localhost:3000/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://readme.notatld",
        "http://xn--a.com",
        "http://-a.com",
        "http://a..com",
        "http://com",
        "xhttp://example.com",
        "ftp://example.com",
        "javascript:alert(1)//http:",
        "http://bank.com@evil.com/",
        "http://bank.com:80@evil.com/",
        f"http://{'a' * 64}.com",
        "http://a\u202eb.com",
    ],
)
def test_what_only_looks_like_an_address_is_not_linked(text: str) -> None:
    assert not [span for span in parse(text) if isinstance(span, Link)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@bob", ["bob"]),
        ("hi @Bob, @BOB! and @bob.", ["bob"]),
        (".@bob (@alice) \n@carol's @d_1", ["bob", "alice", "carol", "d_1"]),
        ("@bob@Example.COM.", ["bob@example.com"]),
        ("@bob@localhost:3000: hi", ["bob@localhost:3000"]),
        ("@bob.smith@bücher.example!", ["bob.smith@bücher.example"]),
        ("@bobは", ["bob"]),
        ("@" + "a" * 30, ["a" * 30]),
        ("@123", ["123"]),
    ],
)
def test_a_mention_is_a_handle_with_or_without_a_domain(text: str, expected: list[str]) -> None:
    assert [mention.handle for mention in mentioned_names(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "me@example.com",
        "@" + "a" * 31,
        "@bob.smith",
        "@ bob",
        "a@bob",
        "é@bob",
        "/@bob",
        "x=@bob",
        "https://example.com/@bob",
        "http://localhost/@bob",
        "@",
        "@@",
        "@é",
        "@bob@" + "a." * 130 + "com",
    ],
)
def test_an_at_sign_in_a_word_an_address_or_a_mail_address_mentions_nobody(text: str) -> None:
    assert mentioned_names(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#Linnet", [("Linnet", "linnet")]),
        ("#Linnet #LINNET #linnet", [("Linnet", "linnet")]),
        ("#a-b #c.d #e'f", [("a", "a"), ("c", "c"), ("e", "e")]),
        ("(#1a) #2024_recap", [("1a", "1a"), ("2024_recap", "2024_recap")]),
        ("＃日本語、#ＡＢＣ", [("日本語", "日本語"), ("ＡＢＣ", "abc")]),
        ("#Straße", [("Straße", "strasse")]),
        ("#cel·la· #スター・ウォーズ・", [("cel·la", "cel·la"), ("スター・ウォーズ", "スター・ウォーズ")]),
        ("#हिन्दी #می‌خواهم", [("हिन्दी", "हिन्दी"), ("می‌خواهم", "میخواهم")]),
        ("#cafe\u0301", [("cafe\u0301", "café")]),
        ("#love❤️ #top1️⃣", [("love", "love"), ("top1", "top1")]),
        ("##twice", [("twice", "twice")]),
        ("#\ufdfa", [("\ufdfa", "صلىاللهعليهوسلم")]),
        ("#" + "a" * 100, [("a" * 100, "a" * 100)]),
    ],
)
def test_a_hashtag_keeps_its_spelling_and_has_one_name(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(tag.display_name, tag.name) for tag in hashtags(text)] == expected


@pytest.mark.parametrize(
    "text", ["#1", "#123", "#1_000", "#", "# a", "#-", "#·a", "a#b", "é#b", "/#b", "&#39;", "#️⃣", "#" + "a" * 101]
)
def test_a_number_or_a_sign_in_a_word_is_no_hashtag(text: str) -> None:
    assert hashtags(text) == []


def test_what_begins_first_keeps_its_characters() -> None:
    found = parse("https://example.com/@bob#tag @bob@example.com #tag@bob")
    assert [type(span) for span in found] == [Link, Mention, Hashtag]
    assert found[0] == Link(0, 28, "https://example.com/@bob#tag")


@settings(deadline=None)
@given(texts)
def test_spans_are_in_order_apart_and_where_they_say(text: str) -> None:
    text = clean(text)
    at = 0
    for span in parse(text):
        assert at <= span.start < span.end <= len(text)
        at = span.end
        typed = text[span.start : span.end]
        match span:
            case Link():
                assert typed == span.url
            case Mention():
                handle = f"@{span.username}" + (f"@{span.domain}" if span.domain else "")
                assert typed.lower() == handle.lower()
            case Hashtag():
                assert typed[1:] == span.display_name
                assert span.name == tag_name(span.display_name)


@settings(deadline=None)
@given(st.text())
def test_the_name_of_a_tag_is_its_own_name(text: str) -> None:
    name = tag_name(text)
    assert tag_name(name) == name
    assert unicodedata.is_normalized("NFKC", name)


@pytest.mark.parametrize("unit", HOSTILE)
def test_no_text_takes_more_than_linear_time(unit: str) -> None:
    def cpu_s(length: int) -> float:
        text = (unit * length)[:length]
        started = time.process_time()
        parse(text)
        return time.process_time() - started

    assert min(cpu_s(100_000) for _ in range(2)) < 1.0  # quadratic time would be minutes; the slowest takes 0.2 s
