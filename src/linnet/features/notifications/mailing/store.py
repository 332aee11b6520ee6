"""Rows of what people chose about letters, and of letters that wait."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from linnet.features.notifications.mailing.models import Digest, MailChoice, Waiting
from linnet.platform.postgres import Queries


async def choice(db: Queries, account_id: int) -> MailChoice | None:
    """What an account chose; None for the default (primary key)."""
    row = await db.row("select kinds, digest from mail_choices where account_id = $1", account_id)
    return MailChoice(frozenset(row["kinds"]), Digest(row["digest"])) if row else None


async def put_choice(db: Queries, account_id: int, chosen: MailChoice, due_at: datetime | None, after_id: int) -> None:
    """Keep what an account chose. A digest that it had already stays due when it was (primary key)."""
    await db.execute(
        """
        insert into mail_choices as known (account_id, kinds, digest, digest_due_at, digest_after_id)
        values ($1, $2, $3, $4, $5)
        on conflict (account_id) do update set kinds = $2, digest = $3,
            digest_due_at = case when known.digest = $3 then known.digest_due_at else $4 end,
            digest_after_id = case when known.digest = $3 then known.digest_after_id else $5 end
        """,
        account_id,
        sorted(chosen.kinds),
        chosen.digest,
        due_at,
        after_id,
    )


async def note(
    db: Queries,
    told: Sequence[tuple[int, int]],
    default_kinds: Collection[str],
    *,
    at: datetime,
    away: timedelta,
    pause: timedelta,
) -> None:
    """Of pairs (account id, notification id) note who is to get a letter, and when at the earliest. One statement.

    Whoever waits for one already is left as they are. Uses primary keys.
    """
    await db.execute(
        """
        insert into mail_news as known (account_id, first_id, told_at, due_at)
        select distinct on (told.account_id) told.account_id, told.id, $4, $4::timestamptz + $5::interval
        from unnest($1::bigint[], $2::bigint[]) as told (account_id, id)
        join users u on u.account_id = told.account_id and u.confirmed_at is not null and u.disabled_at is null
        cross join lateral (
            select kind from notifications where id = told.id and account_id = told.account_id limit 1
        ) n
        left join mail_choices c on c.account_id = told.account_id
        where n.kind = any (coalesce(c.kinds, $3::text[]))
        order by told.account_id, told.id
        on conflict (account_id) do update set first_id = excluded.first_id, told_at = excluded.told_at,
            due_at = greatest(excluded.due_at, known.written_at + $6::interval)
        where known.due_at is null
        """,
        [account_id for account_id, _ in told],
        [notification_id for _, notification_id in told],
        list(default_kinds),
        at,
        away,
        pause,
    )


async def take_due(db: Queries, at: datetime, limit: int) -> list[Waiting]:
    """Up to `limit` of those whose letter is due, who wait for none from then on. Uses mail_news_due."""
    rows = await db.rows(
        """
        update mail_news set due_at = null where account_id = any (array(
            select account_id from mail_news where due_at <= $1 order by due_at limit $2 for update skip locked
        ))
        returning account_id, first_id, told_at
        """,
        at,
        limit,
    )
    return [Waiting(*row) for row in rows]


async def note_written(db: Queries, account_id: int, at: datetime) -> None:
    """Note that a letter went out (primary key)."""
    await db.execute("update mail_news set written_at = $2 where account_id = $1", account_id, at)


async def take_due_digests(
    db: Queries, at: datetime, up_to_id: int, periods: Sequence[tuple[str, timedelta]], limit: int
) -> list[Waiting]:
    """Up to `limit` of those whose digest is due, which is due again after its period. Uses mail_choices_digest."""
    rows = await db.rows(
        """
        with due as (
            select account_id, digest_after_id, digest_due_at from mail_choices
            where digest_due_at <= $1 order by digest_due_at limit $3 for update skip locked
        )
        update mail_choices as known set digest_after_id = $2, digest_due_at = $1::timestamptz + period.length
        from due, unnest($4::text[], $5::interval[]) as period (digest, length)
        where known.account_id = due.account_id and period.digest = known.digest
        returning known.account_id, due.digest_after_id + 1, due.digest_due_at
        """,
        at,
        up_to_id,
        limit,
        [digest for digest, _ in periods],
        [length for _, length in periods],
    )
    return [Waiting(*row) for row in rows]


async def forget_account(db: Queries, account_id: int) -> None:
    """Forget what an account chose, and what waits for it (primary keys)."""
    await db.execute(
        """
        with chosen as (delete from mail_choices where account_id = $1)
        delete from mail_news where account_id = $1
        """,
        account_id,
    )
