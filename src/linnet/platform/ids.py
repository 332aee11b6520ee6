"""Snowflake ids in Mastodon's layout: 48 bits of Unix milliseconds, then 16 bits of sequence.

They are made in PostgreSQL (`snowflake(timestamptz)` in the second migration), or out of its sequence, which keeps them
unique across every process without anyone having to hand out node numbers. Clients rely on the layout: Mastodon.py
turns dates into ids.
"""

from datetime import UTC, datetime

ID_MAX = 2**63 - 1
"""The largest id PostgreSQL's bigint holds."""

_SEQUENCE_BITS = 16
_DIGITS_MAX = 19


def parse_id(text: str) -> int | None:
    """The id written in `text` (decimal, ASCII), or None when it cannot be one."""
    if not text or len(text) > _DIGITS_MAX or not (text.isascii() and text.isdigit()):
        return None
    number = int(text)
    return number if number <= ID_MAX else None


def first_id_at(moment: datetime) -> int:
    """The smallest id that a row made at `moment` can have."""
    return (int(moment.timestamp() * 1000) << _SEQUENCE_BITS) if moment.timestamp() > 0 else 0


def snowflake(moment: datetime, number: int) -> int:
    """The id of a row made at `moment` with a number of `snowflake_sequence`, as PostgreSQL's `snowflake` makes it."""
    return first_id_at(moment) | (number & ((1 << _SEQUENCE_BITS) - 1))


def made_at(row_id: int) -> datetime:
    """When the row with this id was made, to the millisecond, in UTC."""
    return datetime.fromtimestamp((row_id >> _SEQUENCE_BITS) / 1000, UTC)
