"""Letters about what moderators answered: to appeals, and to decisions that nobody had appealed against.

A job that runs twice sends a letter twice; better so than never.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

from linnet.features.accounts.recipients import Recipient, recipient
from linnet.features.cases.appeals import links, news
from linnet.features.cases.appeals.events import AppealAnswered, DecisionReviewed
from linnet.features.cases.appeals.models import Against
from linnet.features.cases.appeals.news import Answered, Reviewed
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job
from linnet.platform.site import Site
from linnet.push.mail.delivery import deliver
from linnet.push.mail.jobs import ATTEMPTS_MAX, QUEUE, TIMEOUT_S
from linnet.push.mail.letters import Letter, Writer


async def _tell_answered(engines: Engines, works: Sequence[AppealAnswered]) -> None:
    for work in works:
        person = await recipient(engines.db, work.account_id)
        answered = await news.answered(engines, work.appeal_id)
        if person is not None and answered is not None:
            await deliver(engines, "appeal_answered", person, partial(_answered, engines, person, answered))


async def _tell_reviewed(engines: Engines, works: Sequence[DecisionReviewed]) -> None:
    for work in works:
        person = await recipient(engines.db, work.account_id)
        reviewed = await news.reviewed(engines, work.decision_id)
        if person is not None and reviewed is not None:
            await deliver(engines, "decision_reviewed", person, partial(_reviewed, engines, person, reviewed))


async def _answered(engines: Engines, person: Recipient, answered: Answered) -> Letter:
    writer = Writer(engines.config(Site), person.username, person.email)
    return writer.appeal_answered(answered.what, answered.answer, approved=answered.approved)


async def _reviewed(engines: Engines, person: Recipient, reviewed: Reviewed) -> Letter:
    writer = Writer(engines.config(Site), person.username, person.email)
    token = links.token_of(engines, person.account_id, Against.DECISION, reviewed.decision_id)
    return writer.reviewed(reviewed.what, token if reviewed.may_appeal else None, upheld=reviewed.upheld)


APPEAL_ANSWERED: Final = Job(
    "mail.appeal_answered",
    AppealAnswered,
    _tell_answered,
    queue=QUEUE,
    batch_max=1,
    attempts_max=ATTEMPTS_MAX,
    timeout_s=TIMEOUT_S,
)
DECISION_REVIEWED: Final = Job(
    "mail.decision_reviewed",
    DecisionReviewed,
    _tell_reviewed,
    queue=QUEUE,
    batch_max=1,
    attempts_max=ATTEMPTS_MAX,
    timeout_s=TIMEOUT_S,
)
