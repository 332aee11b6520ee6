"""`/api/v1/accounts`: looking people up, one's own profile, and the lists on a profile."""

from collections.abc import Sequence
from typing import BinaryIO, Final, cast

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import AccountsPageForm, Page
from linnet.api.uploads import Upload
from linnet.features.accounts import reads as accounts
from linnet.features.accounts.handles import local_name
from linnet.features.accounts.models import ProfileChanges, ProfileField
from linnet.features.media import portraits
from linnet.features.media.models import Purpose
from linnet.features.media.portraits import Brought
from linnet.features.relationships import reads as relationships
from linnet.features.relationships.models import Keyed
from linnet.mastodon.entities.account import Account, CredentialAccount
from linnet.mastodon.presenters.accounts import (
    present_account,
    present_credentials,
    present_in_order,
)
from linnet.platform.errors import NotFound
from linnet.platform.ids import parse_id
from linnet.platform.site import Site

BULK_MAX: Final = 40
"""Accounts of one `GET /api/v1/accounts?id[]=`."""

SEARCH_LIMIT: Final = 40
SEARCH_LIMIT_MAX: Final = 80
SEARCH_OFFSET_MAX: Final = 1_000

PROFILE_BYTES_MAX: Final = 2 * portraits.PICTURE_BYTES_MAX + 1024 * 1024
"""Both pictures, and all else that a profile says."""


class BulkForm(Form):
    """Several accounts by id."""

    id: tuple[str, ...] = ()


class LookupForm(Form):
    """`name`, `@name` or `name@domain`."""

    acct: str = ""


class SearchForm(Form):
    """A piece of a name; `resolve` would ask other servers, of which there are none."""

    q: str = ""
    limit: int = SEARCH_LIMIT
    offset: int = 0
    following: bool = False
    resolve: bool = False


class FieldForm(Form):
    """One line of a profile's table."""

    name: str = ""
    value: str = ""


class SourceForm(Form):
    """Defaults for one's posts; an empty `language` is none of one's own."""

    privacy: str | None = None
    sensitive: bool | None = None
    language: str | None = None
    quote_policy: str | None = None


class ProfileForm(Form):
    """What to change of one's own account; what is absent stays as it is."""

    display_name: str | None = None
    note: str | None = None
    avatar: Upload | None = None
    header: Upload | None = None
    avatar_description: str | None = None
    header_description: str | None = None
    locked: bool | None = None
    bot: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    hide_collections: bool | None = None
    show_media: bool | None = None
    show_media_replies: bool | None = None
    show_featured: bool | None = None
    attribution_domains: tuple[str, ...] | None = None
    fields_attributes: list[FieldForm] | None = None
    source: SourceForm | None = None


@endpoint("GET", "/api/v1/accounts/verify_credentials", scope="profile")
async def verify_credentials(call: Call) -> CredentialAccount:
    """One's own account, with what one typed."""
    return await present_credentials(call.engines, call.me)


@endpoint("PATCH", "/api/v1/accounts/update_credentials", scope="write:accounts", body_bytes_max=PROFILE_BYTES_MAX)
async def update_credentials(call: Call, form: ProfileForm) -> CredentialAccount:
    """Change one's own profile, its pictures, and the defaults of one's posts."""
    await update_profile(call, form)
    return await present_credentials(call.engines, call.me)


async def update_profile(call: Call, form: ProfileForm) -> None:
    """Do what a form says about one's own profile, or nothing of it."""
    sent = {Purpose.AVATAR: form.avatar, Purpose.HEADER: form.header}
    brought = {
        purpose: Brought(cast("BinaryIO", upload.file), upload.filename, upload.size)
        for purpose, upload in sent.items()
        if upload is not None
    }
    await portraits.update_profile(call.engines, call.me, _changes(form), brought)


def _changes(form: ProfileForm) -> ProfileChanges:
    fields, source = form.fields_attributes, form.source or SourceForm()
    show_media, show_replies, show_featured = form.show_media, form.show_media_replies, form.show_featured
    return ProfileChanges(
        display_name=form.display_name,
        note=form.note,
        fields=None if fields is None else tuple(ProfileField(field.name, field.value) for field in fields),
        locked=form.locked,
        bot=form.bot,
        discoverable=form.discoverable,
        indexable=form.indexable,
        hides_collections=form.hide_collections,
        visibility=source.privacy,
        sensitive=source.sensitive,
        language=source.language,
        quote_policy=source.quote_policy,
        avatar_description=form.avatar_description,
        header_description=form.header_description,
        hides_media=None if show_media is None else not show_media,
        hides_media_replies=None if show_replies is None else not show_replies,
        hides_featured=None if show_featured is None else not show_featured,
        attribution_domains=form.attribution_domains,
    )


@endpoint("GET", "/api/v1/accounts", scope="read:accounts", viewer="optional")
async def list_accounts(call: Call, form: BulkForm) -> list[Account]:
    """Several accounts at once, in the order asked for; those that do not exist are left out."""
    return await present_in_order(call.engines, ids_of(form.id, BULK_MAX))


@endpoint("GET", "/api/v1/accounts/lookup", scope="read:accounts", viewer="optional")
async def lookup(call: Call, form: LookupForm) -> Account:
    """The account with a name."""
    name = local_name(form.acct, call.engines.config(Site).domain)
    if not name:
        raise NotFound
    account = await accounts.by_username(call.engines.db, name)
    return await present_account(call.engines, account.id)


@endpoint("GET", "/api/v1/accounts/search", scope="read:accounts")
async def search(call: Call, form: SearchForm) -> list[Account]:
    """Accounts whose names are like a piece of text, the likeliest first."""
    name = local_name(form.q, call.engines.config(Site).domain)
    if not name:
        return []
    ids = await relationships.search_accounts(
        call.engines,
        call.me,
        name,
        limit=min(max(form.limit, 1), SEARCH_LIMIT_MAX),
        offset=min(max(form.offset, 0), SEARCH_OFFSET_MAX),
        following_only=form.following,
    )
    return await present_in_order(call.engines, ids)


@endpoint("GET", "/api/v1/accounts/{account_id}", scope="read:accounts", viewer="optional")
async def show_account(call: Call, account_id: int) -> Account:
    """One account."""
    return await present_account(call.engines, account_id)


@endpoint("GET", "/api/v1/accounts/{account_id}/followers", scope="read:accounts", viewer="optional")
async def list_followers(call: Call, account_id: int, form: AccountsPageForm) -> Page[Account]:
    """Who follows an account, the latest first; empty when it hides that."""
    await accounts.show(call.engines.db, account_id)
    found = await relationships.followers(call.engines.db, call.viewer, account_id, form.window)
    return await accounts_page(call, found, form)


@endpoint("GET", "/api/v1/accounts/{account_id}/following", scope="read:accounts", viewer="optional")
async def list_following(call: Call, account_id: int, form: AccountsPageForm) -> Page[Account]:
    """Whom an account follows, the latest first; empty when it hides that."""
    await accounts.show(call.engines.db, account_id)
    found = await relationships.following(call.engines.db, call.viewer, account_id, form.window)
    return await accounts_page(call, found, form)


@endpoint("GET", "/api/v1/accounts/{account_id}/identity_proofs", scope="read:accounts", viewer="optional")
async def list_identity_proofs(call: Call, account_id: int) -> list[dict[str, str]]:
    """List proofs of who somebody is elsewhere: none, as in Mastodon since 3.5."""
    await accounts.show(call.engines.db, account_id)
    return []


def ids_of(texts: Sequence[str], limit: int) -> list[int]:
    """The ids among the first `limit` texts, each once, in their order."""
    return list(dict.fromkeys(found for text in texts[:limit] if (found := parse_id(text)) is not None))


async def accounts_page(call: Call, found: Keyed, form: AccountsPageForm) -> Page[Account]:
    """A page of accounts, cut by the ids of the rows that lead to them."""
    presented = await present_in_order(call.engines, [account_id for _, account_id in found])
    return Page[Account].of(presented, [row_id for row_id, _ in found], form.window)
