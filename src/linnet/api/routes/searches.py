"""`/api/v1/searches`: searches one keeps, and each as a timeline; endpoints of our own."""

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page, PageForm
from linnet.features.filters.models import Context
from linnet.features.filters.reads import without_hidden
from linnet.features.search import saved
from linnet.features.statuses import reads as statuses
from linnet.mastodon.entities.saved_search import SavedSearch as SavedSearchEntity
from linnet.mastodon.entities.status import Status
from linnet.mastodon.presenters.encoded import encoded_statuses
from linnet.mastodon.presenters.searches import present_search, present_searches

READ = "read:search"
WRITE = "write:lists"
"""There is no scope for writing searches; what is kept is used like a list."""


class KeepForm(Form):
    """What to look for, as in `/api/v2/search`, and what to call it."""

    query: str
    title: str | None = None


class ReviseForm(Form):
    """What to change."""

    query: str | None = None
    title: str | None = None


@endpoint("GET", "/api/v1/searches", scope=READ)
async def list_searches(call: Call) -> list[SavedSearchEntity]:
    """List the searches one keeps, newest first."""
    return present_searches(await saved.mine(call.engines, call.me))


@endpoint("POST", "/api/v1/searches", scope=WRITE)
async def keep(call: Call, form: KeepForm) -> SavedSearchEntity:
    """Keep a search."""
    return present_search(await saved.keep(call.engines, call.me, form.query, form.title))


@endpoint("GET", "/api/v1/searches/{search_id}", scope=READ)
async def show(call: Call, search_id: int) -> SavedSearchEntity:
    """Show a search one keeps."""
    return present_search(await saved.show(call.engines, call.me, search_id))


@endpoint("PUT", "/api/v1/searches/{search_id}", scope=WRITE)
async def revise(call: Call, search_id: int, form: ReviseForm) -> SavedSearchEntity:
    """Change a search one keeps."""
    return present_search(await saved.revise(call.engines, call.me, search_id, form.query, form.title))


@endpoint("DELETE", "/api/v1/searches/{search_id}", scope=WRITE)
async def drop(call: Call, search_id: int) -> None:
    """Keep a search no longer."""
    await saved.drop(call.engines, call.me, search_id)


@endpoint("GET", "/api/v1/timelines/search/{search_id}", scope=READ)
async def search_timeline(call: Call, search_id: int, form: PageForm) -> Page[Status]:
    """What a search one keeps finds now, newest first."""
    ids = await saved.timeline(call.engines, call.me, search_id, form.window)
    page = await statuses.hydrate(call.engines, call.me, ids)
    shown = await without_hidden(call.engines, call.me, page, Context.PUBLIC)
    return Page[Status].of(await encoded_statuses(call.engines, call.me, shown), ids, form.window)
