"""Questions to PostgreSQL that come together are asked together: what comes while one statement runs is in the next.

Nobody waits for others to come: whoever finds nothing under way is asked for at once. The busier a process is, the more
share one statement, one commit and one trip.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final, Generic, TypeVar

from linnet.platform.errors import EngineDown
from linnet.platform.postgres import Database, Queries

Q = TypeVar("Q")
A = TypeVar("A")

TOGETHER_MAX: Final = 50
"""Questions of one statement, so that none takes long."""


class Together(Generic[Q, A]):
    """Asks for many by one call of `ask_all`, which answers in the order of the questions, or raises for all."""

    def __init__(
        self, ask_all: Callable[[Sequence[Q]], Awaitable[Sequence[A]]], *, questions_max: int = TOGETHER_MAX
    ) -> None:
        self._ask_all = ask_all
        self._questions_max = questions_max
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def ask(self, question: Q) -> A:
        """The answer to one question; raises what `ask_all` raises for it."""
        return await self.put(question)

    def put(self, question: Q) -> "asyncio.Future[A]":
        """The answer to come, for whoever has more to ask meanwhile; it need not be awaited."""
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_on())
        return answer

    async def _ask_on(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting[: self._questions_max], self._waiting[self._questions_max :]
            await self._settle(asked)

    async def _settle(self, asked: Sequence[tuple[Q, "asyncio.Future[A]"]]) -> None:
        """Answer all; when something is wrong with any, each by itself, so that it is told to whom it concerns."""
        try:
            answers = await self._ask_all([question for question, _ in asked])
        except BaseException as error:
            if len(asked) > 1 and isinstance(error, Exception) and not isinstance(error, EngineDown):
                for one in asked:
                    await self._settle([one])
                return
            for _, answer in asked:
                if not answer.done():
                    answer.set_exception(error if isinstance(error, Exception) else EngineDown("postgresql"))
                    answer.exception()  # seen: whoever asked may be gone
            if not isinstance(error, Exception):
                raise
            return
        for (_, answer), found in zip(asked, answers, strict=True):
            if not answer.done():
                answer.set_result(found)


class Asked(Generic[Q, A]):
    """The same for questions that requests ask a database: a statement for all who come while the last one runs."""

    def __init__(
        self, ask_all: Callable[[Queries, Sequence[Q]], Awaitable[Sequence[A]]], *, questions_max: int = TOGETHER_MAX
    ) -> None:
        self._ask_all = ask_all
        self._questions_max = questions_max
        self._of: tuple[Database, Together[Q, A]] | None = None

    async def ask(self, db: Database, question: Q) -> A:
        """The answer to one question; a connection that `db` keeps is given back first.

        Else all connections could be held by those who wait here for one.
        """
        await db.let_go()
        return await self.put(db, question)

    def put(self, db: Database, question: Q) -> "asyncio.Future[A]":
        """The answer to come, as `Together.put`; whoever waits for it lets go of their connection before."""
        shared = db.shared
        if self._of is None or self._of[0] is not shared:
            self._of = shared, Together(partial(self._ask_all, shared), questions_max=self._questions_max)
        return self._of[1].put(question)
