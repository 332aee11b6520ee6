"""Numbers for staff: Admin::Measure, Admin::Dimension and Admin::Cohort of https://docs.joinmastodon.org/entities/."""

import msgspec


class MeasureDay(msgspec.Struct):
    """How much of it there was on a day."""

    date: str
    value: str


class AdminMeasure(msgspec.Struct, kw_only=True):
    """One measure over some days. `previous_total` is of as many days before; null where that says nothing."""

    key: str
    unit: str | None = None
    total: str
    human_value: str | msgspec.UnsetType = msgspec.UNSET
    previous_total: str | None = None
    data: list[MeasureDay]


class DimensionPart(msgspec.Struct, kw_only=True):
    """A part of something; `unit` and `human_value` of what is measured in bytes."""

    key: str
    human_key: str
    value: str
    unit: str | msgspec.UnsetType = msgspec.UNSET
    human_value: str | msgspec.UnsetType = msgspec.UNSET


class AdminDimension(msgspec.Struct, kw_only=True):
    """What something is made up of."""

    key: str
    data: list[DimensionPart]


class CohortPart(msgspec.Struct, kw_only=True):
    """Of those who joined in a period, how many, and which share, were active in this one."""

    date: str
    rate: float
    value: str


class AdminCohort(msgspec.Struct, kw_only=True):
    """Those who joined in a day or month, in that and each later one."""

    period: str
    frequency: str
    data: list[CohortPart]
