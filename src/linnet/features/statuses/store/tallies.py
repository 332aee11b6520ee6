"""Who posted how much in a while."""

from linnet.features.moderation.standings import Posted
from linnet.platform.postgres import Queries


async def posted(db: Queries, above_id: int, through_id: int) -> list[Posted]:
    """What accounts posted from after one id to another, who is followed by how many.

    Neither reblogs count, nor what is withheld or reaches followers only.
    Uses statuses_pkey and account_counters_pkey. Bounded by the time between both ids.
    """
    rows = await db.rows(
        """
        select s.account_id, count(*), count(*) filter (where position('://' in s.text) > 0),
            coalesce((select c.followers from account_counters c where c.account_id = s.account_id), 0)
        from statuses s
        where s.id > $1 and s.id <= $2 and s.reblog_of_id is null and s.deleted_at is null
            and s.withheld_at is null and s.limited_at is null
        group by s.account_id
        """,
        above_id,
        through_id,
    )
    return [Posted(*row) for row in rows]
