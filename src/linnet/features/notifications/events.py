"""What can have happened in notifications. `reactions.py` says what follows."""

from linnet.platform.jobs import Event


class Notified(Event, frozen=True):
    """People were told something new: these notifications, each to the account at the same place.

    Only of what their policy lets through; one that replaces an earlier notice, as an edit's does, is new.
    """

    notification_ids: tuple[int, ...]
    account_ids: tuple[int, ...]


class RequestsAccepted(Event, frozen=True):
    """`account_id` takes all notifications of these accounts from now on, and those that waited."""

    account_id: int
    from_account_ids: tuple[int, ...]


class RequestsDismissed(Event, frozen=True):
    """`account_id` does not want what waited of these accounts, up to the notification `up_to_id`."""

    account_id: int
    from_account_ids: tuple[int, ...]
    up_to_id: int


class NotificationsMerged(Event, frozen=True):
    """All that waited of the requests that `account_id` accepted is among its notifications now."""

    account_id: int
