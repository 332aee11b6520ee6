"""From a letter to a mailbox: by the mail server if there is one, else into the outbox; never too many of a kind."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from linnet.features.accounts.recipients import Recipient
from linnet.platform.engines import Engines
from linnet.push.mail import store
from linnet.push.mail.letters import Letter
from linnet.push.mail.rules import MailRules
from linnet.push.mail.sending import Refused, Undelivered, send
from linnet.push.mail.templates import as_text

LETTERS_MAX: Final = 5
"""Letters of a kind that an account gets within an hour; further ones are not written, and nobody is told."""

WITHIN: Final = timedelta(hours=1)
OUTBOX_MAX: Final = 1000
OUTBOX_KEPT: Final = timedelta(days=30)
COUNTS_KEPT: Final = timedelta(days=2)
SLICE_ROWS: Final = 1000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter in the outbox."""

    id: int
    made_at: datetime
    to: str
    subject: str
    links: list[str]
    text: str


async def deliver(engines: Engines, kind: str, recipient: Recipient, write: Callable[[], Awaitable[Letter]]) -> bool:
    """Have a letter written and send it; whether one was. A server's final refusal is logged and is the end of it.

    It is counted before it is written, for to write one may end the secret of the one before. Raises `Undelivered`.
    """
    now = engines.clock.now()
    since = now - WITHIN
    account_id = recipient.account_id
    if not await store.count(engines.db, account_id, kind, at=now, since=since, letters_max=LETTERS_MAX):
        log.info("letter held back", kind=kind, account=account_id)
        return False
    try:
        await hand_over(engines, await write())
    except Refused as error:
        log.warning("letter refused", kind=kind, account=account_id, reply=error.reply)
        return False
    except Undelivered:
        await store.uncount(engines.db, account_id, kind, now)
        raise
    return True


async def hand_over(engines: Engines, letter: Letter) -> None:
    """Send one letter, or put it into the outbox when there is no server. Raises `Refused` or `Undelivered`."""
    rules, now = engines.config(MailRules), engines.clock.now()
    if rules.server is not None:
        await send(rules, letter, now)
        return
    await store.keep(engines.db, letter.to, letter.subject, as_text(letter), letter.links, now)
    await store.forget(engines.db, now - OUTBOX_KEPT, OUTBOX_MAX, SLICE_ROWS)


async def outbox(engines: Engines, limit: int = OUTBOX_MAX) -> list[KeptLetter]:
    """Letters that no server took along, newest first."""
    return [KeptLetter(*row) for row in await store.kept(engines.db, min(limit, OUTBOX_MAX))]


async def forget_letters(engines: Engines) -> None:
    """Forget letters of the outbox after 30 days, and who got how many after two."""
    now = engines.clock.now()
    while await store.forget(engines.db, now - OUTBOX_KEPT, OUTBOX_MAX, SLICE_ROWS) >= SLICE_ROWS:
        pass
    while await store.forget_times(engines.db, now - COUNTS_KEPT, SLICE_ROWS) == SLICE_ROWS:
        pass
