"""What stands in a page: its metadata, or its first frame, read in one pass of a bounded text. Pure.

The parser is libxml2's, used as a stream of tags: no tree is built, so no nesting, however deep, costs more than its
length (other parsers that were tried take a second and more for 60 KB of `<div>`).
"""

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, cast

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType] -- compiled

TAGS_MAX: Final = 300
"""Metadata of one page that are looked at."""

TEXT_LENGTH_MAX: Final = 4_096
"""Characters of one value."""

_PRESCAN_BYTES: Final = 1_024
_IN_PAGE = re.compile(r"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_ENCODINGS = re.compile(
    r"utf-8|utf-16(-[lb]e)?|us-ascii|(iso-?)?8859-\d{1,2}|latin-?1|windows-\d{3,4}|cp\d{3,4}|koi8-[ru]|gb2312|gbk|gb18030"
    r"|big5(-hkscs)?|euc-(jp|kr|tw)|shift[_-]jis|sjis|iso-2022-jp|macintosh|iso-8859-\d{1,2}(-[ie])?",
    re.IGNORECASE,
)
"""Encodings that pages are written in; Python knows others, which are none."""


@dataclass(slots=True)
class Markup:
    """The metadata of a page, in the order and with the names it has; the first of a name wins."""

    title: str = ""
    language: str = ""
    metas: dict[str, str] = field(default_factory=dict[str, str])
    """Contents by `property` or `name` in lower case."""
    links: dict[str, str] = field(default_factory=dict[str, str])
    """Addresses by `rel` in lower case; of alternates, by their type."""
    frame: dict[str, str] | None = None
    """The attributes of the first `iframe`."""


def read(page: bytes, content_type: str = "") -> Markup:
    """What is in a page of HTML. Never fails: of what is no HTML nothing is found."""
    return read_text(_decoded(page, content_type))


def read_text(text: str) -> Markup:
    """The same of a text."""
    target = _Target()
    parser = cast("Any", etree).HTMLParser(target=target, encoding="utf-8", recover=True, remove_comments=True)
    parser.feed(text.replace("\0", "").encode("utf-8", "replace"))
    with suppress(cast("Any", etree).XMLSyntaxError):  # which an empty page is to libxml2
        parser.close()
    return target.markup


class _Target:
    """What the parser calls."""

    def __init__(self) -> None:
        self.markup = Markup()
        self._tags = 0
        self._title: list[str] | None = None
        self._in_svg = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A tag begins."""
        if tag == "svg":
            self._in_svg += 1
        elif tag == "title" and not self.markup.title and not self._in_svg:
            self._title = []
        elif tag == "html" and not self.markup.language:
            self.markup.language = attributes.get("lang", "")[:TEXT_LENGTH_MAX]
        elif tag == "iframe" and self.markup.frame is None:
            self.markup.frame = dict(attributes)
        elif tag in {"meta", "link"} and self._tags < TAGS_MAX:
            self._tags += 1
            _note(self.markup, tag, attributes)

    def data(self, text: str) -> None:
        """Some text."""
        if self._title is not None and sum(map(len, self._title)) < TEXT_LENGTH_MAX:
            self._title.append(text)

    def end(self, tag: str) -> None:
        """A tag ends."""
        if tag == "title" and self._title is not None:
            self.markup.title, self._title = "".join(self._title)[:TEXT_LENGTH_MAX], None
        elif tag == "svg":
            self._in_svg -= 1

    def close(self) -> Markup:
        """All was read."""
        return self.markup


def _note(markup: Markup, tag: str, attributes: dict[str, str]) -> None:
    if tag == "meta":
        name = (attributes.get("property") or attributes.get("name") or "").strip().lower()
        if name and (content := attributes.get("content", "").strip()):
            markup.metas.setdefault(name, content[:TEXT_LENGTH_MAX])
        return
    address = attributes.get("href", "").strip()
    if address and len(address) <= TEXT_LENGTH_MAX:
        for relation in attributes.get("rel", "").lower().split():
            name = attributes.get("type", "").strip().lower() if relation == "alternate" else relation
            markup.links.setdefault(name, address)


def _decoded(page: bytes, content_type: str) -> str:
    """The page as text, as browsers find out: by its mark, its header, its own word; else UTF-8 if it is that."""
    for mark, encoding in _MARKS:
        if page.startswith(mark):
            return page[len(mark) :].decode(encoding, "replace")
    declared = _IN_HEADER.search(content_type) or _IN_PAGE.search(page[:_PRESCAN_BYTES].decode("latin-1"))
    if declared is not None and _ENCODINGS.fullmatch(declared[1]):
        with suppress(LookupError):
            return page.decode(declared[1], "replace")
    try:
        return page.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.start >= len(page) - 3
        return page.decode("utf-8", "ignore") if cut else page.decode("windows-1252", "replace")
