"""What staff ask of the server in numbers. They are at most a minute old; sizes, ten."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.dashboard import store
from linnet.features.dashboard.models import (
    COHORT_DAYS_MAX,
    COHORT_MONTHS_MAX,
    COUNTED_MAX,
    DAYS_MAX,
    OF_SERVERS,
    USES_MAX,
    About,
    Cohort,
    Frequency,
    Measure,
    Measured,
    Period,
    Stayed,
    first_id_of,
    first_of_month,
    month_after,
)
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, Problem
from linnet.platform.postgres import Queries
from linnet.platform.remembered import remembered

KEPT_S: Final = 60


async def measures(
    engines: Engines, actor: Actor | Operator, keys: Sequence[Measure], period: Period, about: About
) -> list[Measured]:
    """Each measure over some days, in the order asked. Raises `Forbidden`, `Invalid` for too many days."""
    require(actor, Permission.VIEW_DASHBOARD)
    period.check(DAYS_MAX)
    return [await _measure(engines, key, period, about.tag_ids.get(key)) for key in dict.fromkeys(keys)]


async def retention(
    engines: Engines, actor: Actor | Operator, period: Period, frequency: Frequency
) -> Sequence[Cohort]:
    """Who joined in each day or month, and how many of them came back in each later one. Raises as `measures` does."""
    require(actor, Permission.VIEW_DASHBOARD)
    spans = _spans(period, frequency)

    async def count() -> list[Cohort]:
        db = await engines.replica_for(0)
        first, last, bounds = spans[0], period.last, [first_id_of(one) for one in spans]
        ask = store.stayed_by_day if frequency is Frequency.DAY else store.stayed_by_month
        rows = await ask(db, first, last, bounds[0], bounds[-1])
        joined = await store.joined_between(db, bounds, COUNTED_MAX)
        numbers = {(row["cohort"], row["at"]): row["number"] for row in rows}
        return [
            Cohort(begins, frequency, [_stayed(at, numbers.get((begins, at), 0), size) for at in spans[place:-1]])
            for place, (begins, size) in enumerate(zip(spans[:-1], joined, strict=True))
        ]

    key = f"retention:{frequency}:{spans[0]}:{period.last}"
    return await remembered(engines.valkey, key, list[Cohort], count, kept_s=KEPT_S)


async def _measure(engines: Engines, key: Measure, period: Period, tag_id: int | None) -> Measured:
    if key in OF_SERVERS:
        return Measured(key, 0, None, [(day, 0) for day in period.days])

    async def count() -> Measured:
        db = await engines.replica_for(0)
        match key:
            case Measure.ACTIVE_USERS:
                return await _active(db, period)
            case Measure.NEW_USERS:
                return await _joined(db, period)
            case Measure.INTERACTIONS:
                now, former = period, period.former
                found = await store.interactions_by_day(db, former.first, now.last)
                return _summed(key, period, found)
            case _:
                return await _of_tag(db, key, period, tag_id or 0)

    name = f"measure:{key}:{tag_id or ''}:{period.first}:{period.last}"
    return await remembered(engines.valkey, name, Measured, count, kept_s=KEPT_S)


async def _active(db: Queries, period: Period) -> Measured:
    found = await store.active_by_day(db, period.first, period.last)
    total = await store.active_between(db, period.first, period.last)
    former = await store.active_between(db, period.former.first, period.former.last)
    return Measured(Measure.ACTIVE_USERS, total, former, [(day, found.get(day, 0)) for day in period.days])


async def _joined(db: Queries, period: Period) -> Measured:
    bounds = [*period.former.bounds, *period.bounds[1:]]
    days = [*period.former.days, *period.days]
    counted = await store.joined_between(db, bounds, COUNTED_MAX)
    return _summed(Measure.NEW_USERS, period, dict(zip(days, counted, strict=True)))


async def _of_tag(db: Queries, key: Measure, period: Period, tag_id: int) -> Measured:
    bounds = (period.bounds, period.former.bounds)
    now, former = [await store.tag_by_day(db, tag_id, one[0], one[-1], USES_MAX) for one in bounds]
    column = "accounts" if key is Measure.TAG_ACCOUNTS else "uses"
    found = {row["day"]: row[column] for row in now}
    before = next((row[column] for row in former if row["day"] is None), 0)
    total = found.pop(None, 0)
    if key is Measure.TAG_SERVERS:  # this server or none
        total, before, found = min(total, 1), min(before, 1), dict.fromkeys(found, 1)
    return Measured(key, total, before, [(day, found.get(day, 0)) for day in period.days])


def _summed(key: Measure, period: Period, found: dict[date, int]) -> Measured:
    """A measure whose total is the sum of its days."""
    by_day = [(day, found.get(day, 0)) for day in period.days]
    former = sum(found.get(day, 0) for day in period.former.days)
    return Measured(key, sum(number for _, number in by_day), former, by_day)


def _spans(period: Period, frequency: Frequency) -> list[date]:
    """The first day of each span, and of the one after the last."""
    if frequency is Frequency.DAY:
        period.check(COHORT_DAYS_MAX)
        return [*period.days, period.last + timedelta(days=1)]
    spans = [first_of_month(period.first)]
    while spans[-1] <= period.last:
        spans.append(month_after(spans[-1]))
        if len(spans) > COHORT_MONTHS_MAX + 1:
            problem = Problem("ERR_INVALID", f"must be within {COHORT_MONTHS_MAX} months of end_at")
            raise Invalid.of({"start_at": [problem]})
    return spans


def _stayed(at: date, number: int, size: int) -> Stayed:
    return Stayed(at, number, number / size if size else 0.0)
