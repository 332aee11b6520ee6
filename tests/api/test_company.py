"""Requests from many connections ask together, and whoever comes alone or with a few waits for nobody."""

import asyncio

from linnet.api.company import CROWD_MIN, TOGETHER_S, Company


def come(company: Company, asked: list[str], *names: str) -> None:
    """These connections ask, one right after another."""
    for name in names:
        company.put(name, lambda name=name: asked.append(name))


class Time:
    """Stands still until it is moved on to the next time in which requests are counted."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def passes(self) -> None:
        self.now += 1.05 * TOGETHER_S


async def test_one_or_a_few_are_never_kept_waiting() -> None:
    time, asked = Time(), list[str]()
    company = Company(time)
    for _ in range(3):
        come(company, asked, "a", "b", "c", "a", "b", "c", "a")
        time.passes()
    assert len(asked) == 21


async def test_of_a_crowd_the_first_waits_until_as_many_have_come_again() -> None:
    time, asked = Time(), list[str]()
    company = Company(time)
    crowd = [f"c{number}" for number in range(CROWD_MIN + 2)]
    come(company, asked, *crowd)
    assert asked == crowd, "nobody knew yet that there would be so many"
    time.passes()
    come(company, asked, *crowd[:-1])
    assert asked == crowd
    come(company, asked, crowd[-1])
    assert asked == crowd * 2


async def test_who_waits_in_vain_for_others_asks_soon_and_is_alone_from_then_on() -> None:
    time, asked = Time(), list[str]()
    company = Company(time)
    come(company, asked, *(f"c{number}" for number in range(CROWD_MIN)))
    time.passes()
    asked.clear()
    come(company, asked, "one")
    assert asked == []
    await asyncio.sleep(10 * TOGETHER_S)
    assert asked == ["one"]
    time.passes()
    come(company, asked, "two")
    assert asked == ["one", "two"]
