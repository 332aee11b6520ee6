"""What can have happened to an account. `reactions.py` says what follows."""

from linnet.platform.jobs import Event


class SignedUp(Event, frozen=True):
    """A person has an account; it may still wait for approval."""

    account_id: int


class SignupApproved(Event, frozen=True):
    """Somebody who waited for approval may come in."""

    account_id: int


class RoleChanged(Event, frozen=True):
    """An account has another role."""

    account_id: int
    role: str


class AccountLocked(Event, frozen=True):
    """An account may not sign in any more."""

    account_id: int


class AccountUnlocked(Event, frozen=True):
    """A locked account may sign in again."""

    account_id: int


class AccountSuspended(Event, frozen=True):
    """An account and all it posted are hidden from everybody."""

    account_id: int


class AccountRestricted(Event, frozen=True):
    """Staff took something from an account (its reach, its pictures, its pen), or gave it back."""

    account_id: int


class AccountUnsuspended(Event, frozen=True):
    """A suspended account is shown again."""

    account_id: int


class ProfileUpdated(Event, frozen=True):
    """An account shows something else of itself. `unlocked`: it no longer asks before it is followed."""

    account_id: int
    unlocked: bool = False


class AccountDeleted(Event, frozen=True):
    """An account was deleted: nobody sees it any more, and what it left is to be erased."""

    account_id: int


class ConfirmationAsked(Event, frozen=True):
    """A person wants a letter to the address that they have not confirmed yet: their first one or a new one."""

    account_id: int


class AddressConfirmed(Event, frozen=True):
    """A new member answered the letter to their address."""

    account_id: int


class PasswordResetAsked(Event, frozen=True):
    """Somebody who cannot sign in named an account, which may not exist."""

    identifier: str


class PasswordChanged(Event, frozen=True):
    """An account has a new password, chosen by who knew the old one or reads its mail."""

    account_id: int


class EmailChanged(Event, frozen=True):
    """An account has another confirmed address. The former one is told, and kept nowhere but here."""

    account_id: int
    former_email: str


class DeletionDone(Event, frozen=True):
    """A deleted account's person was forgotten here; their address is kept nowhere but here, for one last letter."""

    account_id: int
    username: str
    email: str
