"""There is always an admin who can act: whoever takes one away asks here first, in the same transaction."""

from typing import Final

from linnet.features.accounts.store import staff as store
from linnet.platform.errors import Forbidden
from linnet.platform.postgres import Queries

LAST_ADMIN: Final = "This is the last admin of this server. Make somebody else an admin first."


async def keep_one(tx: Queries, account_id: int) -> None:
    """Raise `Forbidden` when the account is the last admin who can act.

    Until the transaction ends nobody else gets past this line, so that two cannot take away each other.
    """
    await store.queue_for_admins(tx)
    if await store.is_last_admin(tx, account_id):
        raise Forbidden(LAST_ADMIN)
