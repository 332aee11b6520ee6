"""Later work about accounts: folding counters, forgetting the person behind a deleted account."""

from collections.abc import Sequence

from linnet.features.accounts import addresses, erasing, proofs
from linnet.features.accounts.events import (
    AccountDeleted,
    AccountLocked,
    AccountRestricted,
    AccountSuspended,
    AccountUnsuspended,
    DeletionDone,
    PasswordChanged,
    ProfileUpdated,
    RoleChanged,
)
from linnet.features.accounts.ip_blocks import actions as ip_blocks
from linnet.features.accounts.store import counters, profiles
from linnet.features.moderation import decisions, standings
from linnet.platform.changes import Kind, change
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job, Periodic

FOLD_MAX = 5_000
"""Changes folded by one transaction, so that none holds locks for long."""

FOLD_EVERY_S = 2.0
FORGET_EVERY_S = 3600.0


_Changed = (
    AccountSuspended
    | AccountUnsuspended
    | AccountLocked
    | RoleChanged
    | ProfileUpdated
    | AccountDeleted
    | PasswordChanged
)


async def _erase(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    for work in works:
        async with engines.transaction() as tx:
            await standings.erase(tx, work.account_id)
            person = await profiles.erase(tx, work.account_id)
            if person is not None:  # else this job has run before
                await tx.record(DeletionDone(work.account_id, person["username"], person["email"]))


async def _erase_decisions(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    for work in works:
        await decisions.erase(engines.db, work.account_id)


async def _retell(engines: Engines, works: Sequence[_Changed]) -> None:
    """Tell again that accounts look or may do something else: the process that changed them may have died first."""
    ids = {work.account_id for work in works}
    await engines.changes.tell(change(kind, account_id) for account_id in ids for kind in (Kind.ACCOUNT, Kind.ACCESS))


async def _retell_restricted(engines: Engines, works: Sequence[AccountRestricted]) -> None:
    """The same, and that all they posted may look another way."""
    ids, kinds = {work.account_id for work in works}, (Kind.ACCOUNT, Kind.ACCESS, Kind.AUTHOR)
    await engines.changes.tell(change(kind, account_id) for account_id in ids for kind in kinds)


async def fold_counters(engines: Engines) -> None:
    """Fold every pending change; may run in many processes at once, and be killed anywhere, without a wrong count."""
    folded = FOLD_MAX
    while folded == FOLD_MAX:
        async with engines.transaction() as tx:
            rows = await counters.fold(tx, FOLD_MAX)
            for one in rows:
                tx.changed(Kind.COUNTERS, one.account_id, one.followers, one.following, one.statuses)
                if one.dated:
                    tx.changed(Kind.ACCOUNT, one.account_id)
        folded = sum(one.changes for one in rows)


RETELL_SUSPENDED = Job("accounts.retell_suspended", AccountSuspended, _retell, queue="maintenance")
RETELL_UNSUSPENDED = Job("accounts.retell_unsuspended", AccountUnsuspended, _retell, queue="maintenance")
RETELL_RESTRICTED = Job("accounts.retell_restricted", AccountRestricted, _retell_restricted, queue="maintenance")
RETELL_LOCKED = Job("accounts.retell_locked", AccountLocked, _retell, queue="maintenance")
RETELL_ROLE = Job("accounts.retell_role", RoleChanged, _retell, queue="maintenance")
RETELL_PROFILE = Job("accounts.retell_profile", ProfileUpdated, _retell, queue="maintenance")
RETELL_DELETED = Job("accounts.retell_deleted", AccountDeleted, _retell, queue="maintenance")
RETELL_PASSWORD = Job("accounts.retell_password", PasswordChanged, _retell, queue="maintenance")
ERASE = Job("accounts.erase", AccountDeleted, _erase, queue="maintenance")
ERASE_DECISIONS = Job("accounts.erase_decisions", AccountDeleted, _erase_decisions, queue="maintenance", batch_max=1)

PERIODICS = (
    Periodic("accounts.fold_counters", FOLD_EVERY_S, fold_counters),
    Periodic("accounts.forget_proofs", FORGET_EVERY_S, proofs.forget_expired),
    Periodic("accounts.forget_unconfirmed", FORGET_EVERY_S, addresses.forget_unconfirmed),
    Periodic("accounts.erase_suspended", FORGET_EVERY_S, erasing.erase_suspended),
    Periodic("accounts.forget_ip_blocks", FORGET_EVERY_S, ip_blocks.forget_expired),
)
