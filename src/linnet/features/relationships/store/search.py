"""Accounts found by a piece of their names, for somebody who follows and blocks."""

from linnet.platform.postgres import Queries


async def account_ids(
    db: Queries,
    viewer_id: int,
    query: str,
    *,
    limit: int,
    offset: int,
    following_only: bool,
    candidates_max: int,
    piece_length_min: int,
) -> list[int]:
    """Accounts whose user or display name has a word that begins with `query` (lower case), contains it or is like it.

    The whole user name comes first, then those that begin with it, then those that contain it; among equals whom the
    viewer follows, then by likeness and by followers. Pieces shorter than `piece_length_min` are looked for at the
    beginnings of words only: the index holds groups of three letters. Deleted, suspended and unapproved accounts, and
    blocks in either direction, are left out, and limited accounts to who neither follows them nor knows the whole user
    name; but whoever the viewer has blocked is found by the whole user name, for that is how apps find whom to unblock.
    Of more than `candidates_max` matches an arbitrary part is compared.
    Uses accounts_username, accounts_search and the unique index of blocks.
    """
    escaped = query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    anywhere = f"%{escaped}%" if len(query) >= piece_length_min else f"% {escaped}%"
    rows = await db.rows(
        """
        with candidates as (
            select id from accounts where lower(username) = $2
            union
            (select a.id from accounts a
            where a.deleted_at is null and a.suspended_at is null
                and (lower(a.username || ' ' || a.display_name) like $6
                    or lower(a.username || ' ' || a.display_name) like $7
                    or lower(a.username || ' ' || a.display_name) %> $2)
                and (not $5 or a.id in (select f.target_id from follows f where f.account_id = $1))
            limit $8)
        )
        select a.id
        from candidates c
        join accounts a on a.id = c.id
        left join users u on u.account_id = a.id
        left join account_counters n on n.account_id = a.id
        left join follows f on f.account_id = $1 and f.target_id = a.id
        where a.deleted_at is null and a.suspended_at is null
            and (u.account_id is null or u.approved_at is not null)
            and (not $5 or f.id is not null)
            and (a.silenced_at is null or lower(a.username) = $2 or f.id is not null or a.id = $1)
            and not exists (select from blocks b where b.account_id = a.id and b.target_id = $1)
            and (lower(a.username) = $2
                or not exists (select from blocks b where b.account_id = $1 and b.target_id = a.id))
        order by
            lower(a.username) = $2 desc, lower(a.username) like $6 desc,
            lower(a.username || ' ' || a.display_name) like $7 desc, f.id is not null desc,
            word_similarity($2, lower(a.username || ' ' || a.display_name)) desc, coalesce(n.followers, 0) desc, a.id
        limit $3 offset $4
        """,
        viewer_id,
        query,
        limit,
        offset,
        following_only,
        f"{escaped}%",
        anywhere,
        candidates_max,
    )
    return [row["id"] for row in rows]
