"""What an account may have in the store, and what it has."""

from typing import Final

from linnet.features.media.models import MediaRules
from linnet.features.media.resumable import store as resumable
from linnet.features.media.store import uploads
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid
from linnet.platform.postgres import Queries

MB: Final = 1_048_576


async def check_room(engines: Engines, db: Queries, account_id: int, size_bytes: int) -> None:
    """Refuse, with `Invalid`, what is more than an account may have; what is still on its way counts as well.

    Until the transaction ends, if there is one, nobody else adds to this account's media.
    """
    bytes_max = engines.config(MediaRules).account_bytes_max
    if bytes_max == 0:
        return
    await uploads.lock_account(db, account_id)
    taken = (await uploads.usage(db, account_id)).bytes + await resumable.bytes_coming(db, account_id)
    if taken + size_bytes > bytes_max:
        raise Invalid(
            f"There is no room for this file: your media take {_mb(taken)} of the {_mb(bytes_max)} that an account has "
            "here. Delete posts with media that you no longer need, or choose a smaller file."
        )


def _mb(size_bytes: int) -> str:
    return f"{size_bytes / MB:,.0f} MB"
