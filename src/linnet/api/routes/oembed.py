"""`/api/oembed`: what other sites need to show a post of this server."""

import re
from typing import Final

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.features.accounts import reads as accounts
from linnet.features.statuses import reads
from linnet.mastodon.entities.oembed import OEmbed
from linnet.mastodon.presenters.oembed import WIDTH_DEFAULT, present_embed
from linnet.platform.errors import NotFound
from linnet.platform.ids import parse_id
from linnet.platform.site import Site

_STATUS: Final = re.compile(r"/@[A-Za-z0-9_.-]+/([0-9]{1,19})/?")


class OEmbedForm(Form):
    """The address of a post, and how much room there is for it."""

    url: str = ""
    maxwidth: int = WIDTH_DEFAULT
    maxheight: int | None = None


@endpoint("GET", "/api/oembed", viewer="none")
async def show_oembed(call: Call, form: OEmbedForm) -> OEmbed:
    """How to embed a post that everybody may see."""
    site = call.engines.config(Site)
    found = _STATUS.fullmatch(form.url.partition("?")[0].partition("#")[0].removeprefix(site.public_url))
    status_id = parse_id(found[1]) if found and form.url.startswith(site.public_url) else None
    if status_id is None:
        raise NotFound
    status = await reads.subject(call.engines.db, None, status_id)
    return present_embed(site, await accounts.show(call.engines.db, status.account_id), status, form.maxwidth)
