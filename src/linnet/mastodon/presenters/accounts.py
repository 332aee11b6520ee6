"""Accounts for the wire: ids in, entities out, with at most two statements however many they are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

import msgspec
from msgspec import UNSET

from linnet.features.accounts import reads
from linnet.features.accounts.models import Account, AccountVersion, Portrait, Preferences, Role, Viewer
from linnet.features.accounts.permissions import ROLE_PERMISSIONS
from linnet.features.relationships import reads as relationships
from linnet.features.relationships.models import Muted
from linnet.mastodon import dates
from linnet.mastodon.entities import account as entities
from linnet.mastodon.entities.field import Field
from linnet.mastodon.entities.profile import Profile
from linnet.mastodon.entities.role import FLAGS, AccountRole
from linnet.mastodon.entities.role import Role as RoleEntity
from linnet.mastodon.presenters.profiles import ProfileTexts, profile_texts
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.site import Site

_PRESENTED_MAX = 20_000
_presented: dict[int, tuple[Account, Site, entities.Account]] = {}
"""What accounts looked like when they were last presented, by id: valid for the very same `Account` and no other."""


def _mask(role: Role) -> str:
    return str(sum(FLAGS[permission] for permission in ROLE_PERMISSIONS[role]))


ROLES: Final = {
    Role.USER: RoleEntity(id="-99", name="", permissions=_mask(Role.USER)),
    Role.MODERATOR: RoleEntity(id="2", name="Moderator", permissions=_mask(Role.MODERATOR), highlighted=True),
    Role.ADMIN: RoleEntity(id="3", name="Admin", permissions=_mask(Role.ADMIN), highlighted=True),
}
"""Each role as clients see it, with what it may do as bits."""


async def present_accounts(engines: Engines, ids: Iterable[int]) -> dict[int, entities.Account]:
    """The accounts among `ids` that are not deleted, by id."""
    accounts = await reads.load(engines.db, ids)
    site = engines.config(Site)
    words = await profile_texts(engines.db, site, accounts.values())
    return {account_id: _account(site, words, account) for account_id, account in accounts.items()}


async def present_authors(engines: Engines, authors: Mapping[int, AccountVersion]) -> dict[int, entities.Account]:
    """Accounts of known versions, by id: no statement when this process has seen them all."""
    accounts = await reads.recall(engines.db, authors)
    site = engines.config(Site)
    presented = {i: known[2] for i, account in accounts.items() if (known := _known(site, account)) is not None}
    others = [account for i, account in accounts.items() if i not in presented]
    if others:
        words = await profile_texts(engines.db, site, others)
        presented.update((account.id, _account(site, words, account)) for account in others)
    return presented


def _known(site: Site, account: Account) -> tuple[Account, Site, entities.Account] | None:
    known = _presented.get(account.id)
    return known if known is not None and known[0] is account and known[1] is site else None


async def present_in_order(engines: Engines, ids: Sequence[int]) -> list[entities.Account]:
    """The accounts in the order of `ids`, without those that are deleted."""
    accounts = await present_accounts(engines, ids)
    return [accounts[account_id] for account_id in ids if account_id in accounts]


async def present_account(engines: Engines, account_id: int) -> entities.Account:
    """One account; `NotFound` when there is none, or it was deleted."""
    accounts = await present_accounts(engines, [account_id])
    if account_id not in accounts:
        raise NotFound
    return accounts[account_id]


async def present_muted(engines: Engines, rows: Sequence[Muted]) -> list[entities.MutedAccount]:
    """The accounts of a list of mutes, in its order, each with the end of its mute."""
    accounts = await present_accounts(engines, [row.account_id for row in rows])
    return [
        entities.MutedAccount(
            **msgspec.structs.asdict(accounts[row.account_id]),
            mute_expires_at=dates.moment(row.expires_at) if row.expires_at else None,
        )
        for row in rows
        if row.account_id in accounts
    ]


async def present_credentials(engines: Engines, viewer: Viewer) -> entities.CredentialAccount:
    """The viewer's own account as it is now; `NotFound` when it was deleted."""
    return await present_own_account(
        engines,
        await reads.show(engines.db, viewer.account_id),
        await reads.preferences(engines.db, viewer),
        await relationships.follow_requests_count(engines.db, viewer),
    )


async def present_own_account(
    engines: Engines, account: Account, preferences: Preferences, follow_requests: int
) -> entities.CredentialAccount:
    """An account as its owner sees it, with what they typed; `follow_requests` is how many wait for an answer."""
    site = engines.config(Site)
    public = _account(site, await profile_texts(engines.db, site, [account]), account)
    source = entities.Source(
        note=account.note,
        fields=[Field(name=field.name, value=field.value) for field in account.fields],
        privacy=preferences.visibility,
        sensitive=preferences.sensitive,
        language=preferences.language,
        follow_requests_count=follow_requests,
        hide_collections=account.hides_collections,
        discoverable=account.discoverable,
        indexable=account.indexable,
        quote_policy=preferences.quote_policy,
        attribution_domains=list(preferences.attribution_domains),
    )
    return entities.CredentialAccount(**msgspec.structs.asdict(public), source=source, role=ROLES[account.role])


def _account(site: Site, words: ProfileTexts, account: Account) -> entities.Account:
    """The entity, the one of last time when nothing has changed since. Whoever changes an entity copies it first."""
    known = _known(site, account)
    if known is not None:
        return known[2]
    entity = _new_account(site, words, account)
    if not words.mentions_anybody(account):  # whom a profile mentions may come and go without its row changing
        if len(_presented) >= _PRESENTED_MAX:
            _presented.clear()
        _presented[account.id] = (account, site, entity)
    return entity


def _new_account(site: Site, words: ProfileTexts, account: Account) -> entities.Account:
    """The entity; of a suspended account only the name and that it is suspended."""
    shown = not account.suspended
    role = ROLES[account.role]
    url = site.account_url(account.username)
    avatar, avatar_static = portrait_urls(site, account.avatar if shown else None) or drawn_urls(
        site, "avatars", account
    )
    header, header_static = portrait_urls(site, account.header if shown else None) or drawn_urls(
        site, "headers", account
    )
    return entities.Account(
        id=str(account.id),
        username=account.username,
        acct=account.username,
        display_name=account.display_name if shown else "",
        locked=account.locked,
        bot=account.bot,
        discoverable=account.discoverable and shown,
        indexable=account.indexable and shown,
        noindex=not (account.indexable and shown),
        hide_collections=account.hides_collections,
        created_at=dates.moment(account.created_at),
        note=words.note(account) if shown else "",
        url=url,
        uri=url,
        avatar=avatar,
        avatar_static=avatar_static,
        header=header,
        header_static=header_static,
        followers_count=max(account.followers, 0),
        following_count=max(account.following, 0),
        statuses_count=max(account.statuses, 0),
        last_status_at=dates.day(account.last_status_on) if account.last_status_on else None,
        fields=words.fields(account) if shown else [],
        roles=[AccountRole(role.id, role.name)] if role.highlighted and shown else [],
        suspended=UNSET if shown else True,
        limited=True if account.limited else UNSET,
        avatar_description=(shown and account.avatar_description) or UNSET,
        header_description=(shown and account.header_description) or UNSET,
        show_media=False if account.hides_media else UNSET,
        show_media_replies=False if account.hides_media_replies else UNSET,
        show_featured=False if account.hides_featured else UNSET,
    )


def portrait_urls(site: Site, portrait: Portrait | None) -> tuple[str, str] | None:
    """Where a picture of one's own is, and the same without motion; None where there is none."""
    if portrait is None:
        return None
    return site.media_url(portrait.media_id, portrait.file), site.media_url(portrait.media_id, portrait.still)


def drawn_urls(site: Site, kind: Literal["avatars", "headers"], account: Account) -> tuple[str, str]:
    """Where the picture is that is drawn for an account without one of its own, twice."""
    url = f"{site.public_url}/pictures/{kind}/{account.id}.png"
    return url, url


async def present_profile(engines: Engines, viewer: Viewer) -> Profile:
    """The viewer's own profile, for editing; `NotFound` when it was deleted."""
    account = await reads.show(engines.db, viewer.account_id)
    preferences = await reads.preferences(engines.db, viewer)
    site = engines.config(Site)
    avatar, avatar_static = portrait_urls(site, account.avatar) or (None, None)
    header, header_static = portrait_urls(site, account.header) or (None, None)
    return Profile(
        id=str(account.id),
        display_name=account.display_name,
        note=account.note,
        fields=[Field(name=field.name, value=field.value) for field in account.fields],
        avatar=avatar,
        avatar_static=avatar_static,
        avatar_description=account.avatar_description,
        header=header,
        header_static=header_static,
        header_description=account.header_description,
        locked=account.locked,
        bot=account.bot,
        hide_collections=account.hides_collections,
        discoverable=account.discoverable,
        indexable=account.indexable,
        show_media=not account.hides_media,
        show_media_replies=not account.hides_media_replies,
        show_featured=not account.hides_featured,
        attribution_domains=list(preferences.attribution_domains),
    )
