"""What may be fetched of uploads."""

import msgspec

from linnet.features.media.models import Variant
from linnet.platform.postgres import Queries


async def find(db: Queries, media_id: int) -> tuple[int, int | None, bool, tuple[Variant, ...]] | None:
    """Whose an upload is, which status has it, whether anything uses it, and its files.

    None while its files are not there, and while its account is suspended. Uses media_pkey and accounts_pkey.
    """
    row = await db.row(
        """
        select m.account_id, m.status_id, m.loose_since is null as is_used, m.variants
        from media m join accounts a on a.id = m.account_id
        where m.id = $1 and m.state = 'ready' and a.suspended_at is null and a.deleted_at is null
        """,
        media_id,
    )
    if row is None:
        return None
    variants = msgspec.convert(row["variants"], tuple[Variant, ...])
    return row["account_id"], row["status_id"], row["is_used"], variants
