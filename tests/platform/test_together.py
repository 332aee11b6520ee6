"""Questions that come together are asked together, and what is wrong with one is nobody else's."""

import asyncio
from collections.abc import Sequence

import pytest

from linnet.platform.errors import EngineDown
from linnet.platform.together import TOGETHER_MAX, Together


class Doubling:
    """Doubles numbers; notes what was asked at once."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.go_on = asyncio.Event()
        self.is_down = False

    async def double(self, numbers: Sequence[int]) -> Sequence[int]:
        self.asked.append(list(numbers))
        await self.go_on.wait()
        if self.is_down:
            raise EngineDown("postgresql")
        if -13 in numbers:
            raise ValueError("-13 is not doubled here")
        return [2 * number for number in numbers]


async def test_what_comes_while_one_is_asked_is_asked_together_next() -> None:
    doubling = Doubling()
    together = Together(doubling.double)
    first = asyncio.create_task(together.ask(1))
    await asyncio.sleep(0)
    others = [asyncio.create_task(together.ask(number)) for number in range(2, TOGETHER_MAX + 4)]
    await asyncio.sleep(0)
    doubling.go_on.set()
    assert await asyncio.gather(first, *others) == [2 * number for number in range(1, TOGETHER_MAX + 4)]
    assert [len(numbers) for numbers in doubling.asked] == [1, TOGETHER_MAX, 2]


async def test_who_is_alone_does_not_wait_for_company() -> None:
    doubling = Doubling()
    doubling.go_on.set()
    together = Together(doubling.double)
    assert [await together.ask(number) for number in (1, 2)] == [2, 4]
    assert doubling.asked == [[1], [2]]


async def test_what_is_wrong_with_one_is_told_to_whom_it_concerns() -> None:
    doubling = Doubling()
    together = Together(doubling.double)
    asking = [asyncio.create_task(together.ask(number)) for number in (12, -13, 14)]
    await asyncio.sleep(0)
    doubling.go_on.set()
    found = await asyncio.gather(*asking, return_exceptions=True)
    assert (found[0], found[2]) == (24, 28)
    with pytest.raises(ValueError, match="-13"):
        raise found[1]  # pyright: ignore[reportGeneralTypeIssues] -- it is one


async def test_when_the_engine_is_down_nobody_is_asked_for_twice() -> None:
    doubling = Doubling()
    doubling.is_down = True
    together = Together(doubling.double)
    asking = [asyncio.create_task(together.ask(number)) for number in range(3)]
    await asyncio.sleep(0)
    doubling.go_on.set()
    found = await asyncio.gather(*asking, return_exceptions=True)
    assert [type(one) for one in found] == [EngineDown] * 3
    assert sum(map(len, doubling.asked)) == 3


async def test_who_goes_away_leaves_the_others_theirs() -> None:
    doubling = Doubling()
    together = Together(doubling.double)
    gone, stays = (asyncio.create_task(together.ask(number)) for number in (1, 2))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)
    doubling.go_on.set()
    assert await stays == 4
    assert gone.cancelled()
    assert await together.ask(3) == 6
