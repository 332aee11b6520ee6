"""What can follow from a decision of the engine. `reactions.py` says what follows."""

from linnet.platform.jobs import Event


class AccountToLimit(Event, frozen=True):
    """A decision of the engine limits an account, until somebody has looked."""

    account_id: int
    decision_id: int
