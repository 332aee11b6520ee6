"""What the finding of accounts must not overlook, asked of the primary about ids that a replica found."""

from collections.abc import Sequence

from linnet.platform.postgres import Queries


async def still(db: Queries, viewer_id: int, ids: Sequence[int], *, listed: bool = False) -> list[int]:
    """Those of `ids`, in their order, whom the viewer may find now; with `listed` who agrees to be in the directory.

    Left out is who was deleted, suspended or not let in, and who blocks the viewer. What the viewer did themselves is
    known where the ids come from. Uses accounts_pkey and the unique index of blocks.
    """
    rows = await db.rows(
        """
        select a.id from unnest($2::bigint[]) with ordinality as found (id, place)
        join accounts a on a.id = found.id and a.deleted_at is null and a.suspended_at is null
            and (a.discoverable and a.silenced_at is null or not $3)
        left join users u on u.account_id = a.id
        where (u.account_id is null or u.approved_at is not null)
            and (select true from blocks b where b.account_id = a.id and b.target_id = $1 limit 1) is null
        order by found.place
        """,
        viewer_id,
        ids,
        listed,
    )
    return [row["id"] for row in rows]
