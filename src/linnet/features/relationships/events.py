"""What can have happened between two accounts. `reactions.py` says what follows. `account_id` did it to `target_id`."""

from linnet.platform.jobs import Event


class Followed(Event, frozen=True):
    """`account_id` now follows `target_id`; `accepted`: after asking for it."""

    account_id: int
    target_id: int
    accepted: bool = False


class FollowRequested(Event, frozen=True):
    """`account_id` asks `target_id`, who is locked, for leave to follow."""

    account_id: int
    target_id: int


class FollowRequestRemoved(Event, frozen=True):
    """The request of `account_id` to follow `target_id` was rejected or taken back."""

    account_id: int
    target_id: int


class Unfollowed(Event, frozen=True):
    """`account_id` no longer follows `target_id`, whichever of the two ended it."""

    account_id: int
    target_id: int


class Blocked(Event, frozen=True):
    """`account_id` blocked `target_id`: neither follows, or asks to follow, the other any more."""

    account_id: int
    target_id: int


class Unblocked(Event, frozen=True):
    """`account_id` no longer blocks `target_id`."""

    account_id: int
    target_id: int


class Muted(Event, frozen=True):
    """`account_id` muted `target_id`, or changed how."""

    account_id: int
    target_id: int


class Unmuted(Event, frozen=True):
    """`account_id` no longer mutes `target_id`. A mute that just runs out says nothing."""

    account_id: int
    target_id: int
