"""Pages for everybody, without scripts: the front page, profiles, single posts with their thread, hashtags."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from linnet.api.answers import Html, Redirect
from linnet.api.browser import PageHandler, form_token, page, signed_in
from linnet.api.endpoint import Call, endpoint
from linnet.api.pages import render
from linnet.api.paging import PageForm
from linnet.features.accounts import reads as accounts
from linnet.features.accounts.handles import local_name
from linnet.features.accounts.signup import SignupMode, SignupRules
from linnet.features.statuses import hashtags
from linnet.features.statuses import reads as statuses
from linnet.features.statuses.models import Hydrated
from linnet.features.timelines import reads as timelines
from linnet.features.timelines.census import census
from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.status import Status
from linnet.mastodon.presenters.accounts import present_account
from linnet.mastodon.presenters.statuses import present_statuses
from linnet.platform.errors import NotFound
from linnet.platform.paging import Window
from linnet.platform.site import Site

NEWEST: Final = 20
"""Posts on the front page."""

DESCRIPTION_LENGTH_MAX: Final = 200
"""Characters of a post that other sites show when somebody shares its address."""


_DESCRIBED: Final = "media"
"""What a post without words is called by."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What other sites show when somebody shares a page's address (https://ogp.me)."""

    kind: str
    url: str
    title: str
    description: str
    picture: str
    picture_words: str = ""
    is_large: bool = False
    """Whether the picture is what the page is about."""


def missing_is_a_page(handler: PageHandler) -> PageHandler:
    """Let what is not there be a page of its own; goes below `@page`, which does so for other errors."""

    @functools.wraps(handler)
    async def answer(call: Call, **arguments: object) -> object:
        try:
            return await handler(call, **arguments)
        except NotFound:
            return render(call.engines.config(Site), "missing", status=404, title="Nothing here")

    return answer


@endpoint("GET", "/", viewer="none", hidden=True)
@page
async def show_front(call: Call) -> Html:
    """Say what this server is, how to sign in with an app, and what was posted last."""
    newest = await timelines.public(call.engines, None, Window(limit=NEWEST))
    access = await signed_in(call)
    known = await present_account(call.engines, access.viewer.account_id) if access and access.viewer else None
    mode = call.engines.config(SignupRules).mode
    site = call.engines.config(Site)
    logo = f"{site.public_url}/pictures/logos/512.png"
    return render(
        call.engines.config(Site),
        "front",
        title=site.domain,
        shared=Shared("website", f"{site.public_url}/", site.title, site.description, logo),
        numbers=await census(call.engines),
        known=known,
        form_token=form_token(call) if known else "",
        may_join=mode is not SignupMode.CLOSED,
        needs_approval=mode is SignupMode.APPROVAL,
        statuses=await _presented(call, newest),
    )


@endpoint("GET", "/@{handle}", viewer="none", hidden=True)
@page
@missing_is_a_page
async def show_profile(call: Call, handle: str, form: PageForm) -> Html | Redirect:
    """Show somebody and what they posted for everybody."""
    account = await _account(call, handle)
    if handle != account.username:
        return Redirect(f"/@{account.username}", 301)
    found = await statuses.by_account(call.engines, None, int(account.id), form.window, replies=False)
    description = (await accounts.show(call.engines.db, int(account.id))).note
    return render(
        call.engines.config(Site),
        "profile",
        title=f"{account.display_name or account.username} (@{account.username})",
        shared=_shared("profile", account, account.url, description),
        hidden_from_search=not account.indexable,
        account=account,
        statuses=await _presented(call, found),
        max_id=_older(found.row_ids, form),
    )


@endpoint("GET", "/@{handle}/{status_id}", viewer="none", hidden=True)
@page
@missing_is_a_page
async def show_post(call: Call, handle: str, status_id: int) -> Html | Redirect:
    """Show a post that everybody may see, with its thread."""
    found = await statuses.subject(call.engines.db, None, status_id)
    above, below = await statuses.context(call.engines, None, found.id)
    itself = await statuses.show(call.engines, None, found.id)
    (status,) = await _presented(call, itself)
    author = status.account
    if (handle, status_id) != (author.username, found.id):
        return Redirect(f"/@{author.username}/{found.id}", 301)
    name = author.display_name or author.username
    return render(
        call.engines.config(Site),
        "post",
        title=f"{name}: {_excerpt(found.spoiler_text or found.text or _DESCRIBED)}",
        shared=_with_picture(_shared("article", author, status.url, found.spoiler_text or found.text), status),
        hidden_from_search=not author.indexable or status.visibility != "public",
        ancestors=await _presented(call, above),
        itself=status,
        descendants=await _presented(call, below),
    )


@endpoint("GET", "/tags/{name}", viewer="none", hidden=True)
@page
@missing_is_a_page
async def show_tag(call: Call, name: str, form: PageForm) -> Html:
    """Show what was posted for everybody under a hashtag."""
    tag = await hashtags.show(call.engines, None, name)
    found = await timelines.tagged(call.engines, None, form.window, any_of=[tag.name])
    return render(
        call.engines.config(Site),
        "tag",
        title=f"#{tag.display_name}",
        hidden_from_search=True,
        tag=tag,
        uses_today=tag.history[0].uses,
        uses_week=sum(use.uses for use in tag.history),
        statuses=await _presented(call, found),
        max_id=_older(found.row_ids, form),
    )


async def _account(call: Call, handle: str) -> Account:
    """Who is meant; `NotFound` for the suspended too."""
    name = local_name(handle, call.engines.config(Site).domain)
    found = await accounts.ids_by_usernames(call.engines.db, [name] if name else [])
    if not found:
        raise NotFound
    return await present_account(call.engines, next(iter(found.values())))


async def _presented(call: Call, found: Hydrated) -> list[Status]:
    return await present_statuses(call.engines, None, found)


def _older(row_ids: Sequence[int], form: PageForm) -> int | None:
    """Where the next older page begins, if this one is full."""
    return row_ids[-1] if len(row_ids) >= form.window.limit else None


def _shared(kind: str, author: Account, url: str, text: str) -> Shared:
    name = f"{author.display_name or author.username} (@{author.acct})"
    return Shared(kind, url, name, _excerpt(text), author.avatar)


def _with_picture(shared: Shared, status: Status) -> Shared:
    """What a post shows in place of its author's picture, unless it is behind a warning."""
    shown = next((one for one in status.media_attachments if one.preview_url), None)
    if shown is None or shown.preview_url is None or status.sensitive:
        return shared
    words = shown.description or ""
    picture = (shown.url or shown.preview_url) if shown.type == "image" else shown.preview_url
    return replace(shared, description=shared.description or words, picture=picture, picture_words=words, is_large=True)


def _excerpt(text: str) -> str:
    """The beginning of a text in one line, cut between words where there are any."""
    line = " ".join(text.split())
    if len(line) <= DESCRIPTION_LENGTH_MAX:
        return line
    return (line[:DESCRIPTION_LENGTH_MAX].rpartition(" ")[0] or line[: DESCRIPTION_LENGTH_MAX - 1]) + "…"
