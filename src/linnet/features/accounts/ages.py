"""How old one must be to join: a date of birth is looked at and forgotten; only that it was enough is kept."""

from datetime import date
from typing import Final

from linnet.platform.errors import Problem

AGE_MAX: Final = 150


def age_on(today: date, born_on: date) -> int:
    """Whole years. Who was born on 29 February grows older on 1 March where there is none.

    >>> age_on(date(2026, 2, 28), date(2010, 2, 28)), age_on(date(2026, 2, 27), date(2010, 2, 28))
    (16, 15)
    """
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def check_age(date_of_birth: str, age_minimum: int, today: date) -> list[Problem]:
    """What is wrong with a date of birth, written as 2001-12-31, where one must be `age_minimum` years old."""
    if not date_of_birth.strip():
        return [Problem("ERR_BLANK", "can't be blank")]
    try:
        age = age_on(today, date.fromisoformat(date_of_birth.strip()))
    except ValueError:
        return [Problem("ERR_INVALID", "is not a date such as 2001-12-31")]
    if not 0 <= age <= AGE_MAX:
        return [Problem("ERR_INVALID", "cannot be right")]
    return [Problem("ERR_BELOW_LIMIT", f"is below the age limit of {age_minimum} years")] if age < age_minimum else []
