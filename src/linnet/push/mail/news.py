"""Letters about notifications: to who is away, and digests to who wants them. Every job here may run twice.

Being told of something notes that a letter is due in a while; whether there is still anything to write is found out
then: nothing is written to who has been here since, or has read it elsewhere.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.accounts.recipients import Recipient, recipient
from linnet.features.notifications.events import Notified
from linnet.features.notifications.mailing import actions, reads, waiting
from linnet.features.notifications.mailing.models import KINDS, MailList, News
from linnet.features.sessions.sightings import last_seen
from linnet.mastodon.presenters.accounts import present_accounts
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job, Periodic, Work
from linnet.platform.site import Site
from linnet.push.mail.delivery import deliver
from linnet.push.mail.letters import Letter, Writer
from linnet.push.mail.rules import MailRules
from linnet.push.messages import beginning, sentence

TOLD_MAX: Final = 1_000
DUE_MAX: Final = 500
COLLECT_EVERY_S: Final = 60.0
TIMEOUT_S: Final = 120.0
ATTEMPTS_MAX: Final = 16
"""Some nine hours of trying; news that is older is told with the next letter."""


class Due(Work, frozen=True):
    """Whose letter is due, about what they were told from `first_id` on."""

    account_id: int
    first_id: int
    told_at: datetime


async def _note(engines: Engines, works: Sequence[Notified]) -> None:
    if engines.config(MailRules).server is None:  # nobody looks for news in an operator's outbox
        return
    told = [pair for work in works for pair in zip(work.account_ids, work.notification_ids, strict=True)]
    for at in range(0, len(told), TOLD_MAX):
        await waiting.note(engines, told[at : at + TOLD_MAX])


async def collect(engines: Engines) -> None:
    """Have the letters and digests written that are due; slice by slice."""
    for take, job in ((waiting.take_due, NEWS), (waiting.take_due_digests, DIGEST)):
        more = True
        while more:
            async with engines.transaction() as tx:
                due = await take(engines, tx, DUE_MAX)
                await tx.enqueue(job, [Due(one.account_id, one.first_id, one.told_at) for one in due])
            more = len(due) == DUE_MAX


async def _write_news(engines: Engines, works: Sequence[Due]) -> None:
    for work in works:
        seen_at = await last_seen(engines.db, work.account_id)
        if seen_at is not None and seen_at > work.told_at:
            continue
        viewer = Viewer(work.account_id)
        chosen = await reads.choice(engines, viewer)
        if await _tell(engines, work, MailList.NEWS, await reads.news(engines, viewer, work.first_id, chosen.kinds)):
            await waiting.note_written(engines, work.account_id)


async def _write_digest(engines: Engines, works: Sequence[Due]) -> None:
    for work in works:
        news = await reads.news(engines, Viewer(work.account_id), work.first_id, KINDS)
        await _tell(engines, work, MailList.DIGEST, news)


async def _tell(engines: Engines, work: Due, letters: MailList, news: News) -> bool:
    """Write one letter, if there is anything in it and somebody to read it; whether it went out."""
    person = await recipient(engines.db, work.account_id)
    if person is None or not person.is_confirmed or not news.items or engines.config(MailRules).server is None:
        return False
    return await deliver(engines, letters.value, person, partial(_letter, engines, person, letters, news))


async def _letter(engines: Engines, person: Recipient, letters: MailList, news: News) -> Letter:
    senders = await present_accounts(engines, {one.from_account_id for one in news.items})
    lines: list[str] = []
    for item in news.items:
        sender = senders.get(item.from_account_id)
        if sender is not None:
            what = sentence(item.kind, f"{sender.display_name or sender.username} (@{sender.username})")
            lines.append(f"{what}: “{beginning(item.words)}”" if item.words else f"{what}.")
    token = actions.unsubscribe_token(engines, person.account_id, letters)
    site = engines.config(Site)
    writer = Writer(site, person.username, person.email)
    write = writer.digest if letters is MailList.DIGEST else writer.news
    unsubscribe = f"{site.public_url}/mail/unsubscribe/{token}"
    return write(lines, news.others, is_more=news.is_more, unsubscribe=unsubscribe)


NOTE: Final = Job("mail.note_news", Notified, _note, queue="notifications")
NEWS: Final = Job(
    "mail.news", Due, _write_news, queue="mail", batch_max=1, attempts_max=ATTEMPTS_MAX, timeout_s=TIMEOUT_S
)
DIGEST: Final = Job(
    "mail.digest", Due, _write_digest, queue="mail", batch_max=1, attempts_max=ATTEMPTS_MAX, timeout_s=TIMEOUT_S
)
COLLECT: Final = Periodic("mail.collect_news", COLLECT_EVERY_S, collect)
