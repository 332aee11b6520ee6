"""What is risky about links, from their letters."""

import pytest

from linnet.features.moderation.detectors import urls
from linnet.features.moderation.detectors.addresses import links, parts
from linnet.features.moderation.detectors.hosts import dynamic, known, shorteners
from linnet.features.moderation.detectors.lookalikes import lookalike
from linnet.features.moderation.models import Context, Reason

BY_ITSELF = Context()


def reasons(text: str) -> set[Reason]:
    return {one.reason for one in urls.detect(text, BY_ITSELF)}


@pytest.mark.parametrize(
    ("host", "target"),
    [
        ("paypaI.com".lower(), None),  # in small letters that capital I is another letter: one error away
        ("paypa1.com", "paypal.com"),
        ("xn--pypal-4ve.com", "paypal.com"),
        ("facebok.com", "facebook.com"),
        ("gooogle.com", "google.com"),  # known below two hundred suffixes
        ("faceboook.com", "facebook.com"),
        ("facebokо.com", None),
        ("face-book.com", "facebook.com"),
        ("face.book.com", "facebook.com"),
        ("wikipedai.org", "wikipedia.org"),
        ("rnicrosoft.com", "microsoft.com"),
    ],
)
def test_lookalikes_are_seen_through(host: str, target: str | None) -> None:
    found = lookalike(parts(f"https://{host}/sign-in"))
    assert found is not None
    assert target is None or found.target == target


@pytest.mark.parametrize(
    "host",
    [
        "paypal.com",
        "www.facebook.com",
        "de.wikipedia.org",
        "example.org",
        "xn--mnchen-3ya.de",
        "xn--80ak6aa4i.xn--p1ai",
        "a.b",
    ],
)
def test_hosts_that_are_what_they_say_are_not_lookalikes(host: str) -> None:
    assert lookalike(parts(host)) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("see http://192.0.2.7/login", Reason.URL_IP_HOST),
        ("http://3221225991/x", Reason.URL_IP_HOST),
        ("https://paypal.com@203.0.113.9/", Reason.URL_CREDENTIALS),
        ("https://reeds-and-herons.net:4444/", Reason.URL_ODD_PORT),
        ("https://bit.ly/3xyz", Reason.URL_SHORTENER),
        ("http://a.b.c.d.e.reeds-and-herons.net/", Reason.URL_DEEP_HOST),
        ("win now at prizes.example.cyou", Reason.URL_RISKY_SUFFIX),
        ("look: https://paypa1.com/verify", Reason.URL_LOOKALIKE),
        ("[https://paypal.com](https://evil.example.net/x)", Reason.URL_MISMATCH),
        (" ".join(f"https://example{number}.org/" for number in range(6)), Reason.LINKS_FLOOD),
    ],
)
def test_what_a_careful_person_notices(text: str, reason: Reason) -> None:
    assert reason in reasons(text)


def test_a_finding_stands_at_its_link() -> None:
    text = "hello (https://paypa1.com/verify), thanks"
    (found,) = [one for one in urls.detect(text, BY_ITSELF) if one.reason is Reason.URL_LOOKALIKE]
    assert text[found.span.start : found.span.end] == "https://paypa1.com/verify"


@pytest.mark.parametrize("text", ["no link here.", "e.g. this, i.e. that", "mail me@example.org", "v1.2.3 is out", ""])
def test_texts_without_links_have_none(text: str) -> None:
    assert list(links(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "https://en.wikipedia.org/wiki/Heron",
        "https://www.theguardian.com/environment/2024/may/01/rivers",
        "https://github.com/python/cpython/pull/12345",
    ],
)
def test_ordinary_links_are_left_in_peace(text: str) -> None:
    assert [one for one in urls.detect(text, BY_ITSELF) if one.score >= 0.5] == []


def test_a_page_that_asks_for_passwords_is_likely_malicious() -> None:
    assert urls.risk(parts("http://secure-login-paypal.verify-account.web.app/signin.php")) > 0.6
    assert urls.risk(parts("https://www.bbc.co.uk/news")) < 0.3


def test_parts_of_any_link() -> None:
    address = parts("HTTPS://user@WWW.Example.co.uk:8443/a?b#c")
    assert (address.scheme, address.user, address.host, address.port) == ("https", "user", "www.example.co.uk", "8443")
    assert (address.domain, address.suffix, address.rest) == ("example.co.uk", "co.uk", "/a?b#c")
    assert parts("").host == ""
    assert parts("http://xn--a.com/").host


def test_the_lists_are_whole() -> None:
    assert len(known()) > 10_000
    assert len(shorteners()) > 200
    assert len(dynamic()) > 30_000
