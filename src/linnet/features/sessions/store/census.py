"""Counting sign-ins as a whole."""

from collections.abc import Sequence

from linnet.platform.postgres import Queries


async def signed_in_between(db: Queries, bounds: Sequence[int], limit: int) -> list[int]:
    """How many accounts began a session or let an app in, from each bound (an id) to the next one.

    Of each kind up to `limit` rows are looked at. Uses sessions_pkey and oauth_tokens_pkey.
    """
    rows = await db.rows(
        """
        select (select count(distinct account_id) from (
            (select account_id from sessions where id >= span.first_id and id < span.end_id limit $3)
            union all
            (select account_id from oauth_tokens
             where id >= span.first_id and id < span.end_id and account_id is not null limit $3)) begun) as signed_in
        from unnest($1::bigint[], $2::bigint[]) with ordinality as span (first_id, end_id, place)
        order by span.place
        """,
        list(bounds[:-1]),
        list(bounds[1:]),
        limit,
    )
    return [row["signed_in"] for row in rows]
