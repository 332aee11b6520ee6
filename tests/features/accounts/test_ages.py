"""How old one must be."""

from datetime import date

import pytest

from linnet.features.accounts.ages import age_on, check_age

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("born", "code"),
    [
        ("2010-11-22", None),
        ("2010-11-23", "ERR_BELOW_LIMIT"),
        ("1950-01-01", None),
        ("2026-11-22", "ERR_BELOW_LIMIT"),
        ("2026-11-23", "ERR_INVALID"),
        ("1800-01-01", "ERR_INVALID"),
        ("yesterday", "ERR_INVALID"),
        ("2010-02-30", "ERR_INVALID"),
        (" ", "ERR_BLANK"),
    ],
)
def test_a_date_of_birth_is_enough_or_says_why_not(born: str, code: str | None) -> None:
    assert [one.code for one in check_age(born, 16, TODAY)] == ([code] if code else [])


def test_a_leap_day_counts_from_the_first_of_march() -> None:
    assert age_on(date(2025, 2, 28), date(2008, 2, 29)) == 16
    assert age_on(date(2025, 3, 1), date(2008, 2, 29)) == 17
