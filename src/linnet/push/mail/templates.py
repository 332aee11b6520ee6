"""Letters as plain text and as HTML, from one layout each. The HTML loads nothing from anywhere."""

import textwrap
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from linnet.push.mail.letters import Letter

LINE_CHARS: Final = 72

_html = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def as_html(letter: Letter) -> str:
    """The letter's HTML part; every word in it is escaped."""
    return _html.get_template("layout.html").render(letter=letter)


def as_text(letter: Letter) -> str:
    """The letter's plain part: short lines, and links whole on lines of their own."""
    parts = [letter.greeting, *letter.paragraphs]
    parts += letter.links
    parts += letter.closing
    if letter.unsubscribe:
        parts.append(f"To get no more letters like this:\n{letter.unsubscribe}")
    parts += [f"{letter.site.title}\n{letter.site.public_url}"]
    return "\n\n".join(_filled(part) for part in parts) + "\n"


def _filled(part: str) -> str:
    lines = (
        textwrap.fill(line, LINE_CHARS, break_long_words=False, break_on_hyphens=False) for line in part.splitlines()
    )
    return "\n".join(lines)
