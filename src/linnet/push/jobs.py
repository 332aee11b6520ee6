"""Pushing: from people being told something to their phones. Every job here may run twice.

Which apps are to hear of it is found by one statement for a batch of notifications, and nothing follows where nobody
has subscribed. Each message is then a job of its own, sent together with others, and tried again by itself.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog

from linnet.features.notifications.events import Notified
from linnet.features.notifications.subscriptions import actions, reads
from linnet.features.notifications.subscriptions.models import Due, Push
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job, Work
from linnet.push import metrics
from linnet.push.messages import Message, compose
from linnet.push.outcomes import Outcome, Verdict, delay_s
from linnet.push.senders import send

QUEUE: Final = "push"
"""A queue of its own: slow services keep nothing else waiting."""

TOLD_MAX: Final = 1_000
"""Notifications looked at by one statement."""

TTL: Final = timedelta(days=2)
"""How long a message is of use, from the notification on; a phone that is off gets it when it comes back."""

ATTEMPTS_MAX: Final = 56
"""What fits into that time with pauses that double up to an hour."""

SEND_TIMEOUT_S: Final = 120.0

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class Delivery(Work, frozen=True):
    """A notification to be pushed to a subscription; `attempt` counts tries that failed."""

    subscription_id: int
    notification_id: int
    attempt: int = 0


async def _choose(engines: Engines, works: Sequence[Notified]) -> None:
    told = [pair for work in works for pair in zip(work.account_ids, work.notification_ids, strict=True)]
    for at in range(0, len(told), TOLD_MAX):
        dues = await reads.due(engines, told[at : at + TOLD_MAX])
        if dues:
            async with engines.transaction() as tx:
                await tx.enqueue(SEND, [Delivery(one.subscription_id, one.notification_id) for one in dues])


async def _send(engines: Engines, works: Sequence[Delivery]) -> None:
    attempts = {Due(work.subscription_id, work.notification_id): work.attempt for work in works}
    pushes = await reads.pushes(engines, attempts)
    messages = await compose(engines, pushes)
    sent = [push for push in pushes if push.due in messages and engines.clock.now() < push.notified_at + TTL]
    outcomes = await asyncio.gather(*(_send_one(engines, push, messages[push.due]) for push in sent))
    await _settle(engines, list(zip(sent, outcomes, strict=True)), attempts)


async def _send_one(engines: Engines, push: Push, message: Message) -> Outcome:
    left = push.notified_at + TTL - engines.clock.now()
    ttl_s = max(int(left.total_seconds()), 0)
    outcome = await send(engines, push, message, ttl_s=ttl_s)
    metrics.sent.labels(push.target.channel.value, outcome.verdict.value).inc()
    return outcome


async def _settle(engines: Engines, sent: Sequence[tuple[Push, Outcome]], attempts: dict[Due, int]) -> None:
    """Write down what became of each message: forget who is gone, try again later what failed."""
    waiting: defaultdict[float, list[Delivery]] = defaultdict(list)
    gone, failing, working = set[int](), set[int](), set[int]()
    for push, outcome in sent:
        subscription_id, attempt = push.due.subscription_id, attempts[push.due] + 1
        wait_s = delay_s(attempt, outcome.retry_after_s)
        is_late = engines.clock.now() + timedelta(seconds=wait_s) >= push.notified_at + TTL
        match outcome.verdict:
            case Verdict.TAKEN:
                if push.failing_since is not None:
                    working.add(subscription_id)
            case Verdict.GONE:
                gone.add(subscription_id)
            case Verdict.LATER if attempt < ATTEMPTS_MAX and not is_late:
                waiting[wait_s].append(Delivery(subscription_id, push.due.notification_id, attempt))
            case Verdict.LATER | Verdict.REFUSED:
                failing.add(subscription_id)
        if outcome.verdict is not Verdict.TAKEN:
            log.info("push", channel=push.target.channel.value, outcome=outcome.verdict.value, reason=outcome.reason)
    await actions.settle(engines, gone=gone, failing=failing, working=working - failing)
    if waiting:
        async with engines.transaction() as tx:
            for wait_s, deliveries in waiting.items():
                await tx.enqueue(SEND, deliveries, delay_s=wait_s)


CHOOSE: Final = Job("push.choose", Notified, _choose, queue=QUEUE, priority=1)
SEND: Final = Job("push.send", Delivery, _send, queue=QUEUE, timeout_s=SEND_TIMEOUT_S)
