"""`/api/v1/lists`: one's own lists of people, hashtags and searches, and who and what is on them."""

from dataclasses import replace
from typing import Literal

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import AccountsPageForm, Page, PageForm
from linnet.api.routes.accounts import accounts_page, ids_of
from linnet.features.search import listed
from linnet.features.search.models import LISTED_MAX
from linnet.features.timelines.lists import actions, reads
from linnet.features.timelines.lists.models import ACCOUNTS_MAX, TAGS_MAX, RepliesPolicy
from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.saved_search import SavedSearch
from linnet.mastodon.entities.status import Status
from linnet.mastodon.entities.user_list import ListedTag, UserList
from linnet.mastodon.presenters.encoded import encoded_statuses
from linnet.mastodon.presenters.lists import present_list, present_listed_tags, present_lists
from linnet.mastodon.presenters.searches import present_searches
from linnet.platform.errors import NotFound
from linnet.platform.paging import Window
from linnet.platform.site import Site

Policy = Literal["followed", "list", "none"]


class ListForm(Form):
    """A list to be made."""

    title: str = ""
    replies_policy: Policy = "list"
    exclusive: bool = False


class ListChangesForm(Form):
    """What is to be changed of a list; what is absent stays as it is."""

    title: str | None = None
    replies_policy: Policy | None = None
    exclusive: bool | None = None


class ListAccountsForm(AccountsPageForm):
    """A page of who is on a list; with a `limit` of 0 everybody at once, as in Mastodon."""

    @property
    def window(self) -> Window:
        """As of any page, but for that."""
        return replace(super().window, limit=ACCOUNTS_MAX) if self.limit == 0 else super().window


class AccountIdsForm(Form):
    """Whom to put on a list, or to take off it."""

    account_ids: tuple[str, ...] = ()


class TagsForm(Form):
    """Which hashtags to put on a list, or to take off it, in any spelling."""

    tags: tuple[str, ...] = ()


class SearchesForm(Form):
    """Which of the searches one keeps to put on a list, or to take off it."""

    search_ids: tuple[str, ...] = ()


@endpoint("GET", "/api/v1/lists", scope="read:lists")
async def list_lists(call: Call) -> list[UserList]:
    """One's lists, the oldest first."""
    return present_lists(await reads.all_of(call.engines.db, call.me))


@endpoint("POST", "/api/v1/lists", scope="write:lists")
async def make_list(call: Call, form: ListForm) -> UserList:
    """Make a list; people and hashtags are put on it afterwards."""
    policy = RepliesPolicy(form.replies_policy)
    return present_list(await actions.make(call.engines, call.me, form.title, policy, exclusive=form.exclusive))


@endpoint("GET", "/api/v1/lists/{list_id}", scope="read:lists")
async def show_list(call: Call, list_id: int) -> UserList:
    """One of one's lists."""
    return present_list(await reads.show(call.engines.db, call.me, list_id))


@endpoint("PUT", "/api/v1/lists/{list_id}", scope="write:lists")
async def change_list(call: Call, list_id: int, form: ListChangesForm) -> UserList:
    """Change a list's title, whose replies it shows, or whether it keeps those on it out of one's home."""
    policy = None if form.replies_policy is None else RepliesPolicy(form.replies_policy)
    changed = await actions.change(
        call.engines, call.me, list_id, title=form.title, policy=policy, exclusive=form.exclusive
    )
    return present_list(changed)


@endpoint("DELETE", "/api/v1/lists/{list_id}", scope="write:lists")
async def drop_list(call: Call, list_id: int) -> dict[str, str]:
    """Delete a list; the people on it are followed as before."""
    await actions.drop(call.engines, call.me, list_id)
    return {}


@endpoint("GET", "/api/v1/lists/{list_id}/accounts", scope="read:lists")
async def list_accounts_of_list(call: Call, list_id: int, form: ListAccountsForm) -> Page[Account]:
    """Who is on a list, whoever was put there last first."""
    found = await reads.accounts_on(call.engines.db, call.me, list_id, form.window)
    return await accounts_page(call, found, form)


@endpoint("POST", "/api/v1/lists/{list_id}/accounts", scope="write:lists")
async def put_accounts_on_list(call: Call, list_id: int, form: AccountIdsForm) -> dict[str, str]:
    """Put people one follows on a list."""
    ids = ids_of(form.account_ids, ACCOUNTS_MAX + 1)
    if len(ids) < len(set(form.account_ids[: ACCOUNTS_MAX + 1])):
        raise NotFound
    await actions.put_accounts(call.engines, call.me, list_id, ids)
    return {}


@endpoint("DELETE", "/api/v1/lists/{list_id}/accounts", scope="write:lists")
async def take_accounts_off_list(call: Call, list_id: int, form: AccountIdsForm) -> dict[str, str]:
    """Take people off a list; they are followed as before."""
    await actions.take_accounts(call.engines, call.me, list_id, ids_of(form.account_ids, ACCOUNTS_MAX))
    return {}


@endpoint("GET", "/api/v1/lists/{list_id}/tags", scope="read:lists")
async def list_tags_of_list(call: Call, list_id: int) -> list[ListedTag]:
    """The hashtags on a list, the one put there last first."""
    return await _tags(call, list_id)


@endpoint("POST", "/api/v1/lists/{list_id}/tags", scope="write:lists")
async def put_tags_on_list(call: Call, list_id: int, form: TagsForm) -> list[ListedTag]:
    """Put hashtags on a list, which then shows every public post under them; all that are on it."""
    await actions.put_tags(call.engines, call.me, list_id, form.tags)
    return await _tags(call, list_id)


@endpoint("DELETE", "/api/v1/lists/{list_id}/tags", scope="write:lists")
async def take_tags_off_list(call: Call, list_id: int, form: TagsForm) -> list[ListedTag]:
    """Take hashtags off a list; those that are left."""
    await actions.take_tags(call.engines, call.me, list_id, form.tags[:TAGS_MAX])
    return await _tags(call, list_id)


async def _tags(call: Call, list_id: int) -> list[ListedTag]:
    return present_listed_tags(call.engines.config(Site), await reads.tags_on(call.engines.db, call.me, list_id))


@endpoint("GET", "/api/v1/lists/{list_id}/searches", scope="read:lists")
async def list_searches_of_list(call: Call, list_id: int) -> list[SavedSearch]:
    """The searches on a list, the one put there last first."""
    return await _searches(call, list_id)


@endpoint("POST", "/api/v1/lists/{list_id}/searches", scope="write:lists")
async def put_searches_on_list(call: Call, list_id: int, form: SearchesForm) -> list[SavedSearch]:
    """Put searches one keeps on a list, which then shows what they find; all that are on it."""
    ids = ids_of(form.search_ids, LISTED_MAX + 1)
    if len(ids) < len(set(form.search_ids[: LISTED_MAX + 1])):
        raise NotFound
    await listed.put(call.engines, call.me, list_id, ids)
    return await _searches(call, list_id)


@endpoint("DELETE", "/api/v1/lists/{list_id}/searches", scope="write:lists")
async def take_searches_off_list(call: Call, list_id: int, form: SearchesForm) -> list[SavedSearch]:
    """Take searches off a list; those that are left."""
    await listed.take(call.engines, call.me, list_id, ids_of(form.search_ids, LISTED_MAX))
    return await _searches(call, list_id)


async def _searches(call: Call, list_id: int) -> list[SavedSearch]:
    return present_searches(await listed.on_list(call.engines, call.me, list_id))


@endpoint("GET", "/api/v1/accounts/{account_id}/lists", scope="read:lists")
async def list_lists_with_account(call: Call, account_id: int) -> list[UserList]:
    """One's lists that an account is on."""
    return present_lists(await reads.containing(call.engines.db, call.me, account_id))


@endpoint("GET", "/api/v1/timelines/list/{list_id}", scope="read:lists")
async def list_timeline(call: Call, list_id: int, form: PageForm) -> Page[Status]:
    """What the people on a list post, and what its hashtags and searches find, newest first."""
    page = await listed.timeline(call.engines, call.me, list_id, form.window)
    presented = await encoded_statuses(call.engines, call.me, page)
    return Page[Status].of(presented, page.row_ids, form.window, more=page.more)
