"""What the engine says of messages to strangers: only those who have not let somebody in are asked to be protected.

Whether a message is such a request is known when the conversation is locked. What is found in it is found before, and
what follows from a refusal after, when the transaction has taken everything back.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime

from linnet.features.accounts.models import Viewer
from linnet.features.moderation import judging
from linnet.features.moderation.judging import Weighed
from linnet.features.moderation.measures import About, Part, Subject, joined
from linnet.features.moderation.models import Surface
from linnet.platform.engines import Engines
from linnet.platform.errors import Conflict
from linnet.platform.postgres import Queries


class _Stopped(Exception):
    """A request that is not to be sent."""


async def weigh(engines: Engines, viewer: Viewer, spoiler_text: str, text: str, language: str | None) -> Weighed:
    """What is found in a message, and what follows from it should it be a request."""
    parts = Part.of_status(spoiler_text, text)
    subject = Subject(
        viewer.account_id,
        About.MESSAGE,
        Surface.MESSAGE_REQUEST,
        joined(parts),
        language=language,
        aimed_at_person=True,
        parts=parts,
    )
    return await judging.heeding(engines, await judging.weigh(engines, subject))


@asynccontextmanager
async def judged(engines: Engines, weighed: Weighed) -> AsyncGenerator[None]:
    """Around the transaction that sends a message: what `check` stops in it is refused, as `judging.stop` does."""
    try:
        yield
    except _Stopped:
        await judging.stop(engines, weighed)
        raise Conflict("The same message is being sent by another request.") from None


def check(weighed: Weighed) -> None:
    """Leave the transaction with a request that is not to be sent."""
    if weighed.stops:
        raise _Stopped


async def keep(db: Queries, weighed: Weighed, message_id: int, at: datetime) -> None:
    """Keep the decision about a request that is sent, if there is anything to keep."""
    if weighed.counts:
        await judging.keep(db, weighed, message_id, at)
