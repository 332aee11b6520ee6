"""Rows of known devices."""

from datetime import datetime

from linnet.platform.postgres import Queries


async def standing(db: Queries, account_id: int | None, hash_: bytes) -> tuple[bool, bool]:
    """Whether a device is known to this account, and whether to any (`known_devices_hash`)."""
    row = await db.row(
        """
        select coalesce(bool_or(account_id = $1), false) as ours, count(*) > 0 as anybodys
        from (select account_id from known_devices where hash = $2 order by account_id = $1 desc limit 1) one
        """,
        account_id,
        hash_,
    )
    assert row is not None
    return row["ours"], row["anybodys"]


async def keep(db: Queries, account_id: int, hash_: bytes, at: datetime, devices_max: int) -> None:
    """Know a device from now on, or still; of an account's devices those used last stay (primary key)."""
    await db.execute(
        """
        with outdated as (
            delete from known_devices where (account_id, hash) in (
                select account_id, hash from known_devices where account_id = $1 and hash <> $2
                order by used_at desc offset $4 - 1 limit 100
            )
        )
        insert into known_devices (account_id, hash, created_at, used_at) values ($1, $2, $3, $3)
        on conflict (account_id, hash) do update set used_at = $3
        """,
        account_id,
        hash_,
        at,
        devices_max,
    )


async def forget(db: Queries, account_id: int, hash_: bytes) -> None:
    """A device is a stranger's to this account again (primary key)."""
    await db.execute("delete from known_devices where account_id = $1 and hash = $2", account_id, hash_)


async def forget_all(db: Queries, account_id: int) -> None:
    """Every device is a stranger's to this account again (primary key)."""
    await db.execute("delete from known_devices where account_id = $1", account_id)


async def forget_others(db: Queries, account_id: int, session_id: int) -> None:
    """Every device but that of a session of the account is a stranger's to it again (primary keys)."""
    await db.execute(
        """
        delete from known_devices where account_id = $1
            and hash <> coalesce((select device_hash from sessions where id = $2 and account_id = $1), '')
        """,
        account_id,
        session_id,
    )


async def forget_unused(db: Queries, before: datetime, rows_max: int) -> int:
    """Delete devices that nobody signed in with since that moment; how many (`known_devices_use`)."""
    return await db.execute(
        """
        delete from known_devices where (account_id, hash) in (
            select account_id, hash from known_devices where used_at < $1
            order by used_at limit $2 for update skip locked
        )
        """,
        before,
        rows_max,
    )
