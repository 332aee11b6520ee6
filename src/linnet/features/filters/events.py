"""What can have happened to somebody's filters. `reactions.py` says what follows."""

from linnet.platform.jobs import Event


class FiltersChanged(Event, frozen=True):
    """The filters of an account are others than before."""

    account_id: int
