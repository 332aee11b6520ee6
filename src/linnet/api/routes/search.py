"""`/api/v2/search`: people, hashtags, posts, and whatever has an address here by that address."""

from dataclasses import dataclass, field
from typing import Final, Literal

from linnet.api.endpoint import Call, endpoint
from linnet.api.paging import PageForm
from linnet.features.accounts import reads as accounts
from linnet.features.accounts.handles import local_name
from linnet.features.filters.models import Context
from linnet.features.filters.reads import without_hidden
from linnet.features.relationships import reads as relationships
from linnet.features.search import reads as posts
from linnet.features.search.models import OFFSET_MAX, Order
from linnet.features.statuses import hashtags
from linnet.features.statuses import reads as statuses
from linnet.features.statuses.hashtags import UsedHashtag
from linnet.features.statuses.models import Hydrated
from linnet.features.trends import reads as trends
from linnet.mastodon.entities.search import Search, V1Search
from linnet.mastodon.presenters.accounts import present_in_order
from linnet.mastodon.presenters.statuses import present_statuses
from linnet.mastodon.presenters.tags import present_tags
from linnet.platform.ids import parse_id
from linnet.platform.site import Site

ID_DIGITS_MIN: Final = 15
"""Digits from which on a number is taken for the id of a post: ids made after 1971 have as many."""


class SearchForm(PageForm):
    """What is looked for. `resolve` would ask other servers, of which there are none.

    `max_id`, `min_id` and `account_id` are for posts, which only those who are signed in find; so is `order`, an
    extension. `exclude_unreviewed` leaves out hashtags that no moderator has looked at.
    """

    q: str = ""
    type: Literal["accounts", "hashtags", "statuses"] | None = None
    resolve: bool = False
    following: bool = False
    account_id: str | None = None
    exclude_unreviewed: bool = False
    offset: int = 0
    order: Literal["newest", "relevance"] = "newest"


@dataclass(slots=True)
class _Found:
    account_ids: list[int] = field(default_factory=list[int])
    statuses: Hydrated = field(default_factory=Hydrated)
    hashtags: list[UsedHashtag] = field(default_factory=list[UsedHashtag])


@endpoint("GET", "/api/v2/search", scope="read:search", viewer="optional")
async def search(call: Call, form: SearchForm) -> Search:
    """Find people, hashtags and posts."""
    return await _search(call, form)


@endpoint("GET", "/api/v1/search", scope="read:search", viewer="optional")
async def search_v1(call: Call, form: SearchForm) -> V1Search:
    """Find people, hashtags and posts, as older clients ask for them."""
    found = await _search(call, form)
    return V1Search(found.accounts, found.statuses, [tag.name for tag in found.hashtags])


async def _search(call: Call, form: SearchForm) -> Search:
    found = await _find(call, form)
    return Search(
        accounts=await present_in_order(call.engines, found.account_ids),
        statuses=await present_statuses(call.engines, call.viewer, found.statuses),
        hashtags=await present_tags(call.engines, call.viewer, found.hashtags),
    )


async def _find(call: Call, form: SearchForm) -> _Found:
    text = form.q.strip()
    if text.startswith(call.engines.config(Site).public_url + "/") or _is_status_id(text):
        return _only(form, await _at_address(call, text))
    found = _Found()
    window, offset = form.window, min(max(form.offset, 0), OFFSET_MAX)
    if form.type in {None, "accounts"} and not text.startswith("#"):
        name = local_name(text, call.engines.config(Site).domain)
        found.account_ids = await relationships.search_accounts(
            call.engines, call.viewer, name or "", limit=window.limit, offset=offset, following_only=form.following
        )
    if form.type in {None, "hashtags"} and not text.startswith("@"):
        found.hashtags = await trends.tags_like(
            call.engines, call.viewer, text.removeprefix("#"), limit=window.limit, offset=offset
        )
        if form.exclude_unreviewed:
            reviewed = await trends.reviewed_tags(call.engines, [tag.name for tag in found.hashtags])
            found.hashtags = [tag for tag in found.hashtags if tag.name in reviewed]
    if form.type in {None, "statuses"} and not text.startswith("@") and call.viewer is not None:
        ids = await posts.posts(
            call.engines,
            call.viewer,
            text,
            window,
            offset=offset,
            order=Order(form.order),
            author_id=parse_id(form.account_id) or 0 if form.account_id else None,
        )
        page = await statuses.hydrate(call.engines, call.viewer, ids)
        found.statuses = await without_hidden(call.engines, call.viewer, page, Context.PUBLIC)
    return found


def _is_status_id(text: str) -> bool:
    return len(text) >= ID_DIGITS_MIN and parse_id(text) is not None


async def _at_address(call: Call, text: str) -> _Found:
    """What has this address here: `/@name/<id>`, `/@name` or `/tags/<name>`, or the post with this id."""
    path = text.removeprefix(call.engines.config(Site).public_url).partition("?")[0]
    match path.strip("/").split("/"):
        case [number] | [_, number] if (status_id := parse_id(number)) is not None:
            return _Found(statuses=await statuses.hydrate(call.engines, call.viewer, [status_id], if_known=True))
        case [handle] if handle.startswith("@"):
            found = await accounts.ids_by_usernames(call.engines.db, [handle[1:]])
            return _Found(account_ids=list(found.values()))
        case ["tags", name]:
            nearest = await trends.tags_like(call.engines, call.viewer, name, limit=1)
            return _Found(hashtags=[one for one in nearest if [one.name] == hashtags.names_of([name])])
        case _:
            return _Found()


def _only(form: SearchForm, found: _Found) -> _Found:
    """Of what has an address, what was asked for."""
    if form.type is None:
        return found
    return _Found(
        account_ids=found.account_ids if form.type == "accounts" else [],
        statuses=found.statuses if form.type == "statuses" else Hydrated(),
        hashtags=found.hashtags if form.type == "hashtags" else [],
    )
