"""What staff take from an account without deleting it: each is a date in its row, within an act of staff."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from linnet.features.accounts.acting import Acting
from linnet.features.accounts.events import AccountRestricted, AccountSuspended, AccountUnsuspended
from linnet.features.accounts.store import staff as store
from linnet.platform.changes import Kind

GRACE: Final = timedelta(days=30)
"""How long a suspended account can be brought back before it is erased: Mastodon's number."""


class Restriction(StrEnum):
    """What an account may be without, at the word of staff."""

    FROZEN = "frozen"
    """It may sign in and read, and writes nothing."""
    SENSITIZED = "sensitized"
    """What it shows is behind a warning."""
    SILENCED = "silenced"
    """Only who follows it meets it."""
    SUSPENDED = "suspended"
    """Nobody sees it, and it may not sign in."""


_SETTERS: Final = {
    Restriction.FROZEN: store.set_frozen,
    Restriction.SENSITIZED: store.set_sensitized,
    Restriction.SILENCED: store.set_silenced,
}


async def restrict(act: Acting, restriction: Restriction) -> None:
    """Restrict the account from now on, at once on every process. A second time only moves the date."""
    at = act.clock.now()
    if restriction is Restriction.SUSPENDED:
        await store.set_suspended(act.tx, act.account_id, at, at + GRACE)
        await act.tx.record(AccountSuspended(account_id=act.account_id))
    else:
        await _SETTERS[restriction](act.tx, act.account_id, at)
        await act.tx.record(AccountRestricted(account_id=act.account_id))
    _change(act)


async def lift(act: Acting, restriction: Restriction) -> None:
    """Take a restriction back, whether or not the account has it."""
    if restriction is Restriction.SUSPENDED:
        await store.set_suspended(act.tx, act.account_id, None, None)
        await act.tx.record(AccountUnsuspended(account_id=act.account_id))
    else:
        await _SETTERS[restriction](act.tx, act.account_id, None)
        await act.tx.record(AccountRestricted(account_id=act.account_id))
    _change(act)


def _change(act: Acting) -> None:
    act.tx.changed(Kind.ACCOUNT, act.account_id)
    act.tx.changed(Kind.ACCESS, act.account_id)
    act.tx.changed(Kind.AUTHOR, act.account_id)
