"""Later work about notifications by e-mail. The letters themselves are written in `push/mail`."""

from collections.abc import Sequence
from typing import Final

from linnet.features.accounts.events import AccountDeleted
from linnet.features.notifications.mailing import store
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job


async def _forget_accounts(engines: Engines, works: Sequence[AccountDeleted]) -> None:
    for work in works:
        await store.forget_account(engines.db, work.account_id)


FORGET_ACCOUNT: Final = Job("mailing.forget_account", AccountDeleted, _forget_accounts, queue="maintenance")
