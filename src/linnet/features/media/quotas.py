"""What an account may have in the store, and what it has."""

from typing import Final

from linnet.features.accounts.models import Viewer
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
    most = engines.config(MediaRules).account_bytes_max
    if most == 0:
        return
    await uploads.lock_account(db, account_id)
    taken = (await uploads.usage(db, account_id)).bytes + await resumable.bytes_coming(db, account_id)
    if taken + size_bytes > most:
        raise Invalid(
            f"There is no room for this file: your media take {_mb(taken)} of the {_mb(most)} that an account has "
            "here. Delete posts with media that you no longer need, or choose a smaller file."
        )


async def bytes_coming(engines: Engines, viewer: Viewer) -> int:
    """What the viewer's unfinished uploads have, or will."""
    return await resumable.bytes_coming(engines.db, viewer.account_id)


def bytes_max(engines: Engines) -> int | None:
    """What one account may have; None: any amount."""
    return engines.config(MediaRules).account_bytes_max or None


def _mb(size_bytes: int) -> str:
    return f"{size_bytes / MB:,.0f} MB"
