"""What can have happened in casework. `reactions.py` says what follows."""

from linnet.platform.jobs import Event


class CaseOpened(Event, frozen=True):
    """Somebody was reported for something that no open case was about."""

    case_id: int
    report_id: int


class Struck(Event, frozen=True):
    """Something was done about an account, and its person is to be told."""

    strike_id: int
    account_id: int
    by_mail: bool = True
