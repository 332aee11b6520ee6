"""From a page's metadata to what is kept of them: OpenGraph first, then Twitter's, then HTML's own. Pure.

The names are those of https://ogp.me, https://developer.x.com/en/docs/x-for-websites/cards and https://oembed.com.
"""

import re
from datetime import UTC, datetime
from html import escape
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from linnet.features.accounts.languages import is_language
from linnet.features.statuses.cards.markup import Markup, read_text
from linnet.features.statuses.cards.models import (
    DESCRIPTION_LENGTH_MAX,
    NAME_LENGTH_MAX,
    SIDE_MAX,
    TITLE_LENGTH_MAX,
    Found,
)
from linnet.platform.addresses import BadAddress
from linnet.platform.http import checked

_UNWANTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_PLAYER_WIDTH: Final = 480
_PLAYER_HEIGHT: Final = 270


def found_in(markup: Markup, url: str) -> Found | None:
    """What a page at `url` says of itself; None when it does not even say what it is called."""
    metas = markup.metas
    title = text(_first(metas, "og:title", "twitter:title") or markup.title, TITLE_LENGTH_MAX)
    if not title:
        return None
    language = markup.language.partition("-")[0].lower()
    player = address(_first(metas, "twitter:player", "og:video:secure_url"), url, secure=True)
    is_player = bool(player) and _first(metas, "og:video:type") in {"", "text/html"}
    return Found(
        url=canonical(markup, url),
        title=title,
        kind="video" if is_player else "link",
        description=text(_first(metas, "og:description", "twitter:description", "description"), DESCRIPTION_LENGTH_MAX),
        language=language if is_language(language) else None,
        author_name=text(_first(metas, "author", "article:author:name"), NAME_LENGTH_MAX),
        provider_name=text(_first(metas, "og:site_name"), NAME_LENGTH_MAX) or urlsplit(url).hostname or "",
        image_url=address(_first(metas, "og:image:secure_url", "og:image", "og:image:url", "twitter:image"), url),
        image_description=text(_first(metas, "og:image:alt", "twitter:image:alt"), DESCRIPTION_LENGTH_MAX),
        published_at=moment(_first(metas, "article:published_time")),
        **(_player(player, metas) if is_player else {}),
    )


def _player(source: str, metas: dict[str, str]) -> dict[str, Any]:
    width = side(_first(metas, "twitter:player:width", "og:video:width")) or _PLAYER_WIDTH
    height = side(_first(metas, "twitter:player:height", "og:video:height")) or _PLAYER_HEIGHT
    return {"html": frame(source, width, height), "width": width, "height": height}


def embedded(before: Found | None, said: dict[str, Any], url: str) -> Found | None:
    """What a page is with what its oEmbed says: a video, a photo, or just names of who made it. None for nothing.

    Of an oEmbed's HTML nothing is taken over but the address and the size of its frame.
    """
    kind, title = said.get("type"), text(said.get("title"), TITLE_LENGTH_MAX) or (before.title if before else "")
    if not title:
        return before
    base = before or Found(url, title, provider_name=urlsplit(url).hostname or "")
    width, height = side(said.get("width")), side(said.get("height"))
    more: dict[str, Any] = {
        "title": title,
        "author_name": text(said.get("author_name"), NAME_LENGTH_MAX) or base.author_name,
        "author_url": address(said.get("author_url"), url) or base.author_url,
        "provider_name": text(said.get("provider_name"), NAME_LENGTH_MAX) or base.provider_name,
        "provider_url": address(said.get("provider_url"), url) or base.provider_url,
        "image_url": base.image_url or address(said.get("thumbnail_url"), url),
    }
    if kind == "photo" and (picture := address(said.get("url"), url)):
        more |= {"kind": "photo", "embed_url": picture, "image_url": picture, "width": width, "height": height}
        more["html"] = ""
    elif kind == "video" and isinstance(said.get("html"), str):
        attributes = read_text(said["html"]).frame or {}
        if source := address(attributes.get("src"), url, secure=True):
            width, height = width or side(attributes.get("width")), height or side(attributes.get("height"))
            width, height = width or _PLAYER_WIDTH, height or _PLAYER_HEIGHT
            more |= {"kind": "video", "html": frame(source, width, height), "width": width, "height": height}
    fields = {name: getattr(base, name) for name in Found.__dataclass_fields__}
    return Found(**{**fields, **more})


def frame(source: str, width: int, height: int) -> str:
    """A frame that shows `source`, written by us, in a sandbox."""
    return (
        f'<iframe src="{escape(source)}" width="{width}" height="{height}" allowfullscreen '
        'sandbox="allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-forms" '
        'style="border: 0"></iframe>'
    )


def canonical(markup: Markup, url: str) -> str:
    """The address a page calls its own, if that is on the same host: nobody speaks for others."""
    for said in (markup.links.get("canonical"), markup.metas.get("og:url")):
        own = address(said, url)
        if own and urlsplit(own).hostname == urlsplit(url).hostname:
            return own
    return url


def text(said: object, length_max: int) -> str:
    """A text in one line, without controls, cut to its length; empty when it is none."""
    if not isinstance(said, str):
        return ""
    plain = " ".join(_UNWANTED.sub(" ", said).split())
    return plain if len(plain) <= length_max else plain[: length_max - 1].rstrip() + "…"


def address(said: object, base: str, *, secure: bool = False) -> str:
    """An absolute address of HTTP that can be asked; empty when it is none. `secure`: only one of HTTPS."""
    if not isinstance(said, str) or not said.strip():
        return ""
    try:
        found = checked(urljoin(base, said.strip()).partition("#")[0])
    except (BadAddress, ValueError):
        return ""
    return found if not secure or found.startswith("https://") else ""


def side(said: object) -> int:
    """A number of pixels; 0 when it is none."""
    if isinstance(said, str) and re.fullmatch(r"\s*[0-9]{1,4}(px)?\s*", said):
        said = int(said.strip().removesuffix("px"))
    return said if isinstance(said, int) and not isinstance(said, bool) and 0 < said <= SIDE_MAX else 0


def moment(said: str) -> datetime | None:
    """A moment in ISO 8601; None when it is none."""
    try:
        found = datetime.fromisoformat(said.strip())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _first(metas: dict[str, str], *names: str) -> str:
    return next((metas[name] for name in names if metas.get(name)), "")
