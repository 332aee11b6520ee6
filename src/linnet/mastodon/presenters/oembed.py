"""A status as other sites embed it: a quotation that leads here, and nothing that runs."""

from html import escape
from typing import Final

from linnet.features.accounts.models import Account
from linnet.features.statuses.models import Status
from linnet.mastodon.entities.oembed import OEmbed
from linnet.mastodon.presenters.media import present_all
from linnet.platform.site import Site

CACHED_S: Final = 86_400
WIDTH_DEFAULT: Final = 400
WIDTH_MIN: Final = 220
WIDTH_MAX: Final = 1_000


def _pictures(site: Site, status: Status, url: str) -> str:
    """Previews of what the status shows, which lead to it; nothing of what is sensitive."""
    if status.sensitive:
        return ""
    shown = [one for one in present_all(site, status.media) if one.preview_url]
    return "".join(
        f'<p><a href="{escape(url)}"><img src="{escape(one.preview_url or "")}" alt="{escape(one.description or "")}">'
        "</a></p>"
        for one in shown
    )


def present_embed(site: Site, author: Account, status: Status, width: int) -> OEmbed:
    """The status for a place so many pixels wide. Its words are safe HTML already; behind a warning they stay here."""
    url, page = site.status_url(author.username, status.id), site.account_url(author.username)
    name, handle = author.display_name or author.username, f"@{author.username}@{site.domain}"
    words = (
        f"<p>{escape(status.spoiler_text)}</p>" if status.spoiler_text else status.html + _pictures(site, status, url)
    )
    day = status.created_at.strftime("%Y-%m-%d")
    return OEmbed(
        type="rich",
        version="1.0",
        title=f"{name} ({handle})",
        author_name=name,
        author_url=page,
        provider_name=site.domain,
        provider_url=f"{site.public_url}/",
        cache_age=CACHED_S,
        html=f'<blockquote cite="{escape(url)}">{words}<p>— {escape(name)} '
        f'(<a href="{escape(page)}">{escape(handle)}</a>), <a href="{escape(url)}">{day}</a></p></blockquote>',
        width=max(WIDTH_MIN, min(width, WIDTH_MAX)),
    )
