"""How pages write times and numbers: what templates use as filters."""

from datetime import UTC, datetime


def when(moment: str) -> str:
    """A moment as on the wire, as people write it.

    >>> when("2026-03-01T12:05:00.000Z")
    '1 Mar 2026, 12:05 UTC'
    """
    at = datetime.fromisoformat(moment).astimezone(UTC)
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


def day(moment: str) -> str:
    """The day of a moment as on the wire.

    >>> day("2026-03-01T12:05:00.000Z")
    '1 March 2026'
    """
    at = datetime.fromisoformat(moment).astimezone(UTC)
    return f"{at.day} {at:%B %Y}"


def date_of(moment: datetime) -> str:
    """The day of a moment.

    >>> date_of(datetime(2026, 3, 1, 12, 5, tzinfo=UTC))
    '1 March 2026'
    """
    at = moment.astimezone(UTC)
    return f"{at.day} {at:%B %Y}"


def counted(number: int, one: str, many: str) -> str:
    """A number of things.

    >>> counted(1, "reply", "replies"), counted(1200, "reply", "replies")
    ('1 reply', '1,200 replies')
    """
    return f"{number:,} {one if number == 1 else many}"
