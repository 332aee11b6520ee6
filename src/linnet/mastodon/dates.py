"""Dates as Mastodon's clients parse them, to the letter."""

from datetime import UTC, date, datetime


def moment(at: datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS.mmmZ` of an aware datetime: Ice Cubes takes any other form for the present moment.

    >>> moment(datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
    '2026-03-01T12:00:00.000Z'
    """
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def day(on: date) -> str:
    """`YYYY-MM-DD`, without a time."""
    return on.isoformat()
