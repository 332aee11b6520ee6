"""What can have happened to a poll. `reactions.py` says what follows."""

from linnet.platform.jobs import Event


class PollVoted(Event, frozen=True):
    """`account_id` voted in the poll of `status_id`."""

    poll_id: int
    status_id: int
    account_id: int


class PollEnded(Event, frozen=True):
    """A poll is over: its author is `account_id`, and nobody can vote any more."""

    poll_id: int
    status_id: int
    account_id: int


class PollReplaced(Event, frozen=True):
    """The poll `poll_id`, with all its votes, is its status's no longer."""

    poll_id: int
    status_id: int
