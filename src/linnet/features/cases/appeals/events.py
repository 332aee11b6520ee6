"""What can have happened with appeals. `reactions.py` says what follows."""

from linnet.platform.jobs import Event


class Appealed(Event, frozen=True):
    """Somebody appealed; those who answer appeals are to look at it."""

    appeal_id: int
    account_id: int


class AppealAnswered(Event, frozen=True):
    """An appeal was answered, and its person is to be told."""

    appeal_id: int
    account_id: int


class DecisionReviewed(Event, frozen=True):
    """Somebody looked at a decision without being asked to, and its person is to be told what came of it."""

    decision_id: int
    account_id: int
    upheld: bool
