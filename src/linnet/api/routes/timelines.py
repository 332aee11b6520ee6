"""`/api/v1/timelines`, and the lists of statuses that belong to accounts: statuses, favourites."""

from typing import cast

import msgspec

from linnet.api.at_once import AtOnce
from linnet.api.endpoint import Call, endpoint
from linnet.api.marked import marked_page
from linnet.api.paging import Page, PageForm
from linnet.features.accounts import reads as accounts
from linnet.features.conversations import reads as conversations
from linnet.features.filters.models import Context
from linnet.features.filters.reads import without_hidden
from linnet.features.statuses import reads as statuses
from linnet.features.statuses.cards import reads as cards
from linnet.features.statuses.entities import tag_name
from linnet.features.statuses.models import Hydrated
from linnet.features.timelines import cold, reads, warm
from linnet.mastodon.entities.status import Status
from linnet.mastodon.presenters.encoded import encoded_page, encoded_statuses
from linnet.platform.errors import NotFound

TAGS_MAX = 4
"""Further hashtags of each kind (any, all, none) that a hashtag timeline takes, as in Mastodon."""


class PublicForm(PageForm):
    """A public timeline; `remote` asks for other servers' posts, of which there are none."""

    local: bool = False
    remote: bool = False
    only_media: bool = False


class TagForm(PublicForm):
    """A hashtag timeline with further tags: at least one of `any`, every one of `all`, not one of `none`."""

    any: list[str] = []
    all: list[str] = []
    none: list[str] = []


class LinkForm(PageForm):
    """Which address."""

    url: str = ""


class AccountStatusesForm(PageForm):
    """Which of an account's statuses."""

    only_media: bool = False
    exclude_replies: bool = False
    exclude_reblogs: bool = False
    pinned: bool = False
    tagged: str | None = None


@endpoint("GET", "/api/v1/timelines/home", scope="read:statuses", at_once=AtOnce(warm.asks, warm.page))
async def home_timeline(call: Call, form: PageForm) -> Page[Status]:
    """The statuses of the people one follows, newest first."""
    learned = await cold.learn(call.engines, call.me)
    known = warm.page(call.engines, call.me, form.window, learned)
    encoded = encoded_page(call.engines, call.me, known) if known is not None else None
    if known is None or encoded is None:
        return await _page(call, await reads.home(call.engines, call.me, form.window), form)
    items = cast("list[Status]", msgspec.Raw(encoded[0]))  # a list, encoded
    return Page[Status].of(items, known.page.row_ids, form.window, more=known.page.more)


@endpoint("GET", "/api/v1/timelines/public", scope="read:statuses", viewer="optional")
async def public_timeline(call: Call, form: PublicForm) -> Page[Status]:
    """Everyone's public statuses, newest first."""
    if form.remote:
        return Page[Status].of([], [], form.window)
    page = await reads.public(call.engines, call.viewer, form.window, only_media=form.only_media)
    return await _page(call, page, form)


@endpoint("GET", "/api/v1/timelines/tag/{hashtag}", scope="read:statuses", viewer="optional")
async def tag_timeline(call: Call, hashtag: str, form: TagForm) -> Page[Status]:
    """Public statuses under a hashtag, newest first."""
    if form.remote:
        return Page[Status].of([], [], form.window)
    page = await reads.tagged(
        call.engines,
        call.viewer,
        form.window,
        any_of=[tag_name(hashtag), *_names(form.any)],
        all_of=_names(form.all),
        none_of=_names(form.none),
        only_media=form.only_media,
    )
    return await _page(call, page, form)


@endpoint("GET", "/api/v1/timelines/link", scope="read:statuses", viewer="optional")
async def link_timeline(call: Call, form: LinkForm) -> Page[Status]:
    """Public statuses that show a preview of an address, newest first."""
    page = await cards.linked(call.engines, call.viewer, form.window, form.url)
    shown = await without_hidden(call.engines, call.viewer, page, Context.PUBLIC)
    return await _page(call, shown, form)


def _names(tags: list[str]) -> list[str]:
    return [tag_name(tag.lstrip("#")) for tag in tags[:TAGS_MAX]]


@endpoint("GET", "/api/v1/accounts/{account_id}/statuses", scope="read:statuses", viewer="optional")
async def account_timeline(call: Call, account_id: int, form: AccountStatusesForm) -> Page[Status]:
    """An account's statuses that the viewer may see, newest first."""
    if account_id not in await accounts.load(call.engines.db, [account_id]):
        raise NotFound
    page = await statuses.by_account(
        call.engines,
        call.viewer,
        account_id,
        form.window,
        replies=not form.exclude_replies,
        reblogs=not form.exclude_reblogs,
        pinned=form.pinned,
        tag=tag_name(form.tagged) if form.tagged else None,
        only_media=form.only_media,
    )
    return await _page(call, await without_hidden(call.engines, call.viewer, page, Context.ACCOUNT), form)


@endpoint("GET", "/api/v1/favourites", scope="read:favourites")
async def list_favourites(call: Call, form: PageForm) -> Page[Status]:
    """What one has favourited, the latest first."""
    rows, page = await statuses.favourites(call.engines, call.me, form.window)
    messages = await conversations.favourites(call.engines, call.me, form.window)
    return await marked_page(call, form, rows, page, messages)


async def _page(call: Call, page: Hydrated, form: PageForm) -> Page[Status]:
    presented = await encoded_statuses(call.engines, call.viewer, page)
    return Page[Status].of(presented, page.row_ids, form.window, more=page.more)
