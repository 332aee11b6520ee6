"""Numbers for staff, for the wire: no statement at all."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final

from msgspec import UNSET

from linnet.features.dashboard.models import OF_SERVERS, Cohort, Made, Measure, Measured, Part
from linnet.mastodon import dates
from linnet.mastodon.entities.dashboard import (
    AdminCohort,
    AdminDimension,
    AdminMeasure,
    CohortPart,
    DimensionPart,
    MeasureDay,
)

_STEP: Final = 1024
_UNITS: Final = ("bytes", "kB", "MB", "GB", "TB", "PB")


def present_measures(found: Iterable[Measured]) -> list[AdminMeasure]:
    """Measures in their order."""
    return [
        AdminMeasure(
            key=one.key,
            unit="bytes" if one.key is Measure.INSTANCE_MEDIA_ATTACHMENTS else None,
            total=str(one.total),
            human_value=size_words(one.total) if one.key is Measure.INSTANCE_MEDIA_ATTACHMENTS else UNSET,
            previous_total=None if one.former is None or one.key in OF_SERVERS else str(one.former),
            data=[MeasureDay(_midnight(day), str(number)) for day, number in one.by_day],
        )
        for one in found
    ]


def present_dimensions(found: Iterable[Made]) -> list[AdminDimension]:
    """Dimensions in their order."""
    return [AdminDimension(key=one.key, data=[_part(part) for part in one.parts]) for one in found]


def present_cohorts(found: Iterable[Cohort]) -> list[AdminCohort]:
    """Cohorts, the oldest first."""
    return [
        AdminCohort(
            period=_midnight(one.begins),
            frequency=one.frequency,
            data=[CohortPart(date=_midnight(part.at), rate=part.share, value=str(part.number)) for part in one.stayed],
        )
        for one in found
    ]


def size_words(size: float) -> str:
    """A number of bytes as people say it.

    >>> size_words(1536), size_words(12)
    ('1.5 kB', '12 bytes')
    """
    place = 0
    while size >= _STEP and place < len(_UNITS) - 1:
        size, place = size / _STEP, place + 1
    return f"{size:.{1 if place else 0}f} {_UNITS[place]}"


def _part(part: Part) -> DimensionPart:
    if part.unit is None:
        return DimensionPart(key=part.key, human_key=part.words, value=part.value)
    words = size_words(int(part.value))
    return DimensionPart(key=part.key, human_key=part.words, value=part.value, unit=part.unit, human_value=words)


def _midnight(day: date) -> str:
    return dates.moment(datetime(day.year, day.month, day.day, tzinfo=UTC))
