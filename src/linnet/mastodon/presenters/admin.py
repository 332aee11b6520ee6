"""What staff see, for the wire: accounts with their private half, and the audit log; batches in, batches out."""

from collections.abc import Mapping, Sequence

from msgspec import UNSET

from linnet.features.accounts.audit import Entry
from linnet.features.accounts.members import Member
from linnet.features.sessions.addresses import AddressUsed, addresses_of
from linnet.mastodon import dates
from linnet.mastodon.entities import admin as entities
from linnet.mastodon.presenters.accounts import ROLES, present_accounts
from linnet.platform.engines import Engines


async def present_members(engines: Engines, members: Sequence[Member]) -> list[entities.AdminAccount]:
    """Members in their order, with the addresses they signed in from."""
    ids = [member.account_id for member in members]
    accounts = await present_accounts(engines, ids)
    addresses: Mapping[int, Sequence[AddressUsed]] = await addresses_of(engines, ids)
    return [
        entities.AdminAccount(
            id=str(member.account_id),
            username=member.username,
            created_at=dates.moment(member.created_at),
            email=member.email,
            ip=used[0].address if (used := addresses.get(member.account_id, ())) else None,
            ips=[entities.Ip(one.address, dates.moment(one.used_at)) for one in used],
            locale=member.locale,
            invite_request=member.reason or None,
            role=ROLES[member.role],
            confirmed=member.is_confirmed,
            approved=member.is_approved,
            disabled=member.is_disabled or member.is_frozen,
            silenced=member.is_silenced,
            sensitized=member.is_sensitized,
            suspended=member.is_suspended,
            account=accounts[member.account_id],
            invited_by_account_id=UNSET if member.invited_by is None else str(member.invited_by),
        )
        for member in members
        if member.account_id in accounts
    ]


async def present_entries(engines: Engines, entries: Sequence[Entry]) -> list[entities.AuditEntry]:
    """Entries of the audit log in their order, with the accounts they name as far as those are still there."""
    named = {one for entry in entries for one in (entry.actor_id, entry.target_id) if one is not None}
    accounts = await present_accounts(engines, named)
    return [
        entities.AuditEntry(
            id=str(entry.id),
            actor=None if entry.actor_id is None else accounts.get(entry.actor_id),
            action=entry.action,
            target_id=None if entry.target_id is None else str(entry.target_id),
            target=None if entry.target_id is None else accounts.get(entry.target_id),
            detail=entry.detail,
            address=entry.address,
            created_at=dates.moment(entry.made_at),
        )
        for entry in entries
    ]
