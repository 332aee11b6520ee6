"""What can have happened to blocklists. `reactions.py` says what follows."""

from linnet.platform.jobs import Event


class BlocklistChanged(Event, frozen=True):
    """Accounts came into a list or left it; or, with none named, it was deleted."""

    blocklist_id: int
    target_ids: tuple[int, ...] = ()


class SubscriptionChanged(Event, frozen=True):
    """`account_id` subscribed to a list, for something else than before, or does no more."""

    account_id: int
    blocklist_id: int
