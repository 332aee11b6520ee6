"""What an account may have in the store."""

from linnet.features.media.models import MediaRules
from linnet.features.media.store import uploads
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid
from linnet.platform.postgres import Queries


async def check_room(engines: Engines, db: Queries, account_id: int, size_bytes: int) -> None:
    """Refuse, with `Invalid`, so many bytes more than an account may have.

    Until the transaction ends, if there is one, nobody else adds to this account's media.
    """
    bytes_max = engines.config(MediaRules).account_bytes_max
    if bytes_max == 0:
        return
    await uploads.lock_account(db, account_id)
    if (await uploads.usage(db, account_id)).bytes + size_bytes > bytes_max:
        raise Invalid(f"Your media would take more than the {bytes_max // 1_048_576} MB that an account has here")
