"""`/api/v1/trends`: hashtags, posts and links that more people speak of now than before."""

from typing import Final

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.features.filters.models import Context
from linnet.features.filters.reads import without_hidden
from linnet.features.statuses import reads as statuses
from linnet.features.statuses.cards import reads as cards
from linnet.features.trends import reads
from linnet.mastodon.entities.status import Status
from linnet.mastodon.entities.tag import Tag
from linnet.mastodon.entities.trends import TrendsLink
from linnet.mastodon.presenters.encoded import encoded_statuses
from linnet.mastodon.presenters.tags import present_tags
from linnet.mastodon.presenters.trends import present_links
from linnet.platform.site import Site

TAGS: Final = 10
TAGS_MAX: Final = 20
STATUSES: Final = 20
STATUSES_MAX: Final = 40


class TrendsForm(Form):
    """A part of the list. `language`, an extension, leaves out what is spoken of in other languages."""

    limit: int | None = None
    offset: int = 0
    language: str | None = None

    def part(self, usual: int, most: int) -> tuple[int, int]:
        """How many, from which on."""
        return min(max(usual if self.limit is None else self.limit, 1), most), max(self.offset, 0)


@endpoint("GET", "/api/v1/trends/tags", viewer="optional")
async def list_tags(call: Call, form: TrendsForm) -> list[Tag]:
    """List hashtags that more people use now than before."""
    return await _tags(call, form)


@endpoint("GET", "/api/v1/trends", viewer="optional")
async def list_trends(call: Call, form: TrendsForm) -> list[Tag]:
    """List the same, as older clients ask for it."""
    return await _tags(call, form)


@endpoint("GET", "/api/v1/trends/statuses", viewer="optional")
async def list_statuses(call: Call, form: TrendsForm) -> list[Status]:
    """List posts that many favourite and boost now."""
    limit, offset = form.part(STATUSES, STATUSES_MAX)
    ids = await reads.status_ids(call.engines, call.viewer, language=form.language, limit=limit, offset=offset)
    page = await statuses.hydrate(call.engines, call.viewer, ids)
    shown = await without_hidden(call.engines, call.viewer, page, Context.PUBLIC)
    return await encoded_statuses(call.engines, call.viewer, shown)


@endpoint("GET", "/api/v1/trends/links", viewer="optional")
async def list_links(call: Call, form: TrendsForm) -> list[TrendsLink]:
    """List links that more people share now than before."""
    limit, offset = form.part(TAGS, TAGS_MAX)
    found = await reads.links(call.engines, call.viewer, language=form.language, limit=limit, offset=offset)
    shown = await cards.of_links(call.engines, [one.url for one in found])
    return present_links(call.engines.config(Site), found, shown)


async def _tags(call: Call, form: TrendsForm) -> list[Tag]:
    limit, offset = form.part(TAGS, TAGS_MAX)
    found = await reads.tags(call.engines, call.viewer, language=form.language, limit=limit, offset=offset)
    return await present_tags(call.engines, call.viewer, found)
