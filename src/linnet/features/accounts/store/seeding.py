"""Many accounts at once, for `linnet demo`."""

from collections.abc import Mapping, Sequence

from linnet.platform.postgres import Queries


async def insert_all(db: Queries, people: Sequence[Mapping[str, object]], password_hash: str) -> dict[str, int]:
    """Write accounts with their users and counters in one statement, all with one password; ids by user name."""
    rows = await db.rows(
        """
        with person as (
            select *, snowflake(created_at) as id from jsonb_to_recordset($1) as x (
                username text, display_name text, note text, fields jsonb, locked boolean, bot boolean,
                language text, email text, created_at timestamptz)
        ), account as (
            insert into accounts (id, username, display_name, note, fields, locked, bot, created_at)
            select id, username, display_name, note, fields, locked, bot, created_at from person
        ), users as (
            insert into users (account_id, email, password_hash, role, locale, default_language, approved_at,
                confirmed_at, created_at)
            select id, email, $2, 'user', 'en', language, created_at, created_at, created_at from person
        ), counters as (
            insert into account_counters (account_id) select id from person
        )
        select username, id from person
        """,
        people,
        password_hash,
    )
    return {row["username"]: row["id"] for row in rows}


async def any_account(db: Queries) -> bool:
    """Whether there is any account at all."""
    return await db.value("select exists (select from accounts)")
