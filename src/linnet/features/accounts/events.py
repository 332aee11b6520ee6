"""What can have happened to an account. `reactions.py` says what follows."""

from linnet.platform.jobs import Event


class SignedUp(Event, frozen=True):
    """A person has an account; it may still wait for approval."""

    account_id: int


class ProfileUpdated(Event, frozen=True):
    """An account shows something else of itself. `unlocked`: it no longer asks before it is followed."""

    account_id: int
    unlocked: bool = False


class AccountDeleted(Event, frozen=True):
    """An account was deleted: nobody sees it any more, and what it left is to be erased."""

    account_id: int
