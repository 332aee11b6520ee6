"""`/api/v1/blocklists`: lists of accounts to block or mute, which one keeps or subscribes to. Linnet's own."""

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import AccountsPageForm, Page
from linnet.api.routes.accounts import accounts_page, ids_of
from linnet.features.relationships.blocklists import actions, reads
from linnet.features.relationships.blocklists.models import AT_ONCE_MAX, Effect, Wording
from linnet.mastodon.entities.account import Account
from linnet.mastodon.entities.blocklist import Blocklist
from linnet.mastodon.presenters.blocklists import present_blocklist, present_blocklists


class BlocklistForm(Form):
    """A list to be made."""

    name: str = ""
    description: str = ""
    public: bool = True
    account_ids: list[str] = []


class BlocklistChangesForm(Form):
    """What is to be changed of a list; what is absent stays as it is."""

    name: str | None = None
    description: str | None = None
    public: bool | None = None


class EntriesForm(Form):
    """Accounts to put into a list or to take out."""

    account_ids: list[str] = []


class SubscriptionForm(Form):
    """What is to be done with the accounts of the list."""

    effect: Effect = Effect.MUTE


@endpoint("POST", "/api/v1/blocklists", scope="write:blocks")
async def make_blocklist(call: Call, form: BlocklistForm) -> Blocklist:
    """Make a list of accounts for others to block or mute."""
    wording = Wording(form.name.strip(), form.description.strip(), form.public)
    made = await actions.make(call.engines, call.me, wording, ids_of(form.account_ids, AT_ONCE_MAX + 1))
    return await present_blocklist(call.engines, made)


@endpoint("GET", "/api/v1/blocklists", scope="read:blocks")
async def list_blocklists(call: Call) -> list[Blocklist]:
    """One's own lists and those one subscribes to, the latest first; all of them."""
    return await present_blocklists(call.engines, await reads.of_viewer(call.engines.db, call.me))


@endpoint("GET", "/api/v1/accounts/{account_id}/blocklists", scope="read:blocks", viewer="optional")
async def list_blocklists_of_account(call: Call, account_id: int) -> list[Blocklist]:
    """The lists that an account keeps, as far as one may see them, the latest first; all of them."""
    return await present_blocklists(call.engines, await reads.of_account(call.engines.db, call.viewer, account_id))


@endpoint("GET", "/api/v1/blocklists/{blocklist_id}", scope="read:blocks", viewer="optional")
async def show_blocklist(call: Call, blocklist_id: int) -> Blocklist:
    """One list."""
    return await present_blocklist(call.engines, await reads.show(call.engines.db, call.viewer, blocklist_id))


@endpoint("PATCH", "/api/v1/blocklists/{blocklist_id}", scope="write:blocks")
async def change_blocklist(call: Call, blocklist_id: int, form: BlocklistChangesForm) -> Blocklist:
    """Change what one says about a list, or who may see it."""
    said = (await reads.show(call.engines.db, call.me, blocklist_id)).wording
    wording = Wording(
        name=said.name if form.name is None else form.name.strip(),
        description=said.description if form.description is None else form.description.strip(),
        public=said.public if form.public is None else form.public,
    )
    return await present_blocklist(call.engines, await actions.reword(call.engines, call.me, blocklist_id, wording))


@endpoint("DELETE", "/api/v1/blocklists/{blocklist_id}", scope="write:blocks")
async def drop_blocklist(call: Call, blocklist_id: int) -> dict[str, str]:
    """Delete a list; whom it blocked or muted for those who subscribe no longer is."""
    await actions.drop(call.engines, call.me, blocklist_id)
    return {}


@endpoint("GET", "/api/v1/blocklists/{blocklist_id}/accounts", scope="read:blocks", viewer="optional")
async def list_blocklist_accounts(call: Call, blocklist_id: int, form: AccountsPageForm) -> Page[Account]:
    """The accounts of a list, the latest first."""
    found = await reads.entries(call.engines.db, call.viewer, blocklist_id, form.window)
    return await accounts_page(call, found, form)


@endpoint("POST", "/api/v1/blocklists/{blocklist_id}/accounts", scope="write:blocks")
async def put_into_blocklist(call: Call, blocklist_id: int, form: EntriesForm) -> dict[str, str]:
    """Put up to 200 accounts into a list; those who are not there are left out."""
    await actions.put(call.engines, call.me, blocklist_id, ids_of(form.account_ids, AT_ONCE_MAX + 1))
    return {}


@endpoint("DELETE", "/api/v1/blocklists/{blocklist_id}/accounts", scope="write:blocks")
async def take_out_of_blocklist(call: Call, blocklist_id: int, form: EntriesForm) -> dict[str, str]:
    """Take up to 200 accounts out of a list."""
    await actions.take(call.engines, call.me, blocklist_id, ids_of(form.account_ids, AT_ONCE_MAX + 1))
    return {}


@endpoint("POST", "/api/v1/blocklists/{blocklist_id}/subscribe", scope="write:blocks")
async def subscribe_to_blocklist(call: Call, blocklist_id: int, form: SubscriptionForm) -> Blocklist:
    """Have all accounts of a list muted or blocked, now and later, but whom one follows or lets off by hand."""
    found = await actions.subscribe(call.engines, call.me, blocklist_id, form.effect)
    return await present_blocklist(call.engines, found)


@endpoint("POST", "/api/v1/blocklists/{blocklist_id}/unsubscribe", scope="write:blocks")
async def unsubscribe_from_blocklist(call: Call, blocklist_id: int) -> Blocklist:
    """Subscribe to a list no more; the answer is the list as it was until now."""
    return await present_blocklist(call.engines, await actions.unsubscribe(call.engines, call.me, blocklist_id))
