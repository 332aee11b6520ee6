"""What can follow from a decision of the engine, and what can have been noticed. `reactions.py` says what follows."""

from linnet.platform.jobs import Event


class AccountToLimit(Event, frozen=True):
    """A decision of the engine limits an account, until somebody has looked."""

    account_id: int
    decision_id: int


class AlikeNoticed(Event, frozen=True, omit_defaults=True):
    """Posts are alike, and by more than chance or habit; or one is like those of a campaign that is known."""

    place: int
    chorus_id: int
    """With `place` the group of near-duplicates that they are in."""
    newcomers_usual: float = 0.0
    """Share of newcomers among whoever posts just now."""
    status_ids: tuple[int, ...] = ()
    """Posts that may not be written down in the group any more, being too many."""
    again: bool = False
    """Somebody has looked before, and looks for those who came meanwhile."""
