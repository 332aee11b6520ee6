"""What can have happened in notifications. `reactions.py` says what follows."""

from linnet.platform.jobs import Event


class Notified(Event, frozen=True):
    """People were told something new: these notifications, each to the account at the same place.

    Only of what their policy lets through; one that replaces an earlier notice, as an edit's does, is new.
    """

    notification_ids: tuple[int, ...]
    account_ids: tuple[int, ...]
