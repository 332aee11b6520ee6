"""What somebody typed, out of the HTML that another server made of it. Pure."""

from html.parser import HTMLParser
from typing import Final

_UNSHOWN: Final = frozenset({"script", "style", "template", "head"})


def text_of_html(html: str) -> str:
    """A post's text: paragraphs apart by an empty line, links as their addresses, mentions and hashtags as shown."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.pieces).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unshown = 0
        self._link: str | None = None
        """The address of the link that is being read and whose words are only a part of it."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSHOWN:
            self._unshown += 1
        elif tag == "br":
            self.pieces.append("\n")
        elif tag == "p" and self.pieces:
            self.pieces.append("\n\n")
        elif tag == "a":
            given = dict(attrs)
            classes = (given.get("class") or "").split()
            address = given.get("href") or ""
            names = "mention" in classes or "hashtag" in classes
            self._link = address if address.startswith(("http://", "https://")) and not names else None

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSHOWN:
            self._unshown = max(0, self._unshown - 1)
        elif tag == "a" and self._link is not None:
            self.pieces.append(self._link)
            self._link = None

    def handle_data(self, data: str) -> None:
        if not self._unshown and self._link is None:
            self.pieces.append(data)
