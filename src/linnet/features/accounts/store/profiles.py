"""Rows of accounts: loaded in batches with exact counts, found by name, changed by their owner."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, LiteralString

import asyncpg
import msgspec

from linnet.features.accounts.models import (
    NO_PORTRAIT,
    Account,
    AccountVersion,
    Portrait,
    Preferences,
    ProfileChanges,
    ProfileField,
    Role,
)
from linnet.platform.postgres import Database, Queries
from linnet.platform.together import Asked

_REMEMBERED_MAX = 20_000
"""Accounts this process keeps, to be used again while their rows say the same: about 20 MB at most."""

_recalled: dict[int, Account] = {}
_usernames: dict[int, str] = {}

_WANTED: LiteralString = """
    , changes as (
        select x.account_id, sum(x.followers) as followers, sum(x.following) as following, sum(x.statuses) as statuses,
            max((x.made_at at time zone 'utc')::date) filter (where x.statuses > 0) as posted_on
        from account_counter_changes x where x.account_id in (select id from wanted) group by x.account_id
    )
    select a.id, a.username, a.display_name, a.note, a.fields::text as fields, a.locked, a.bot, a.discoverable,
        a.indexable, a.hides_collections, a.created_at, a.avatar::text as avatar, a.header::text as header,
        a.avatar_description, a.header_description, a.hides_media, a.hides_media_replies, a.hides_featured,
        greatest(a.last_status_on, p.posted_on) as last_status_on,
        a.suspended_at is not null as suspended, a.silenced_at is not null as limited, coalesce(u.role, 'user') as role,
        (coalesce(c.followers, 0) + coalesce(p.followers, 0))::bigint as followers,
        (coalesce(c.following, 0) + coalesce(p.following, 0))::bigint as following,
        (coalesce(c.statuses, 0) + coalesce(p.statuses, 0))::bigint as statuses,
        a.xmin::text || '.' || coalesce(u.xmin::text, '') as version
    from wanted
    join accounts a on a.id = wanted.id and a.deleted_at is null
    left join users u on u.account_id = a.id
    left join account_counters c on c.account_id = a.id
    left join changes p on p.account_id = a.id
"""
"""The accounts whose ids are in `wanted`, those deleted left out; counts include changes that are not folded yet.

The changes are looked at once for all accounts, so that a plan made while there were none is never a bad one for long.
"""


async def load(db: Queries, ids: Iterable[int]) -> dict[int, Account]:
    """The accounts among `ids` that are not deleted, by id. Uses accounts_pkey and account_counter_changes_account."""
    rows = await db.rows("with wanted as (select unnest($1::bigint[]) as id)" + _WANTED, list(ids))
    return {row["id"]: _account(row) for row in rows}


async def by_usernames(db: Queries, names: Iterable[str]) -> dict[str, Account]:
    """The accounts with these names in any case, by lower-case name. Uses accounts_username."""
    rows = await db.rows(
        "with wanted as materialized (select id from accounts where lower(username) = any($1))" + _WANTED,
        [name.lower() for name in names],
    )
    return {row["username"].lower(): _account(row) for row in rows}


@lru_cache(_REMEMBERED_MAX)
def _account(row: asyncpg.Record) -> Account:
    """The same row gives the same object, which presenters know again by its identity."""
    fields = msgspec.json.decode(row["fields"], type=list[ProfileField])
    return Account(
        id=row["id"],
        username=row["username"],
        display_name=row["display_name"],
        note=row["note"],
        fields=tuple(fields),
        locked=row["locked"],
        bot=row["bot"],
        discoverable=row["discoverable"],
        indexable=row["indexable"],
        hides_collections=row["hides_collections"],
        created_at=row["created_at"],
        last_status_on=row["last_status_on"],
        suspended=row["suspended"],
        role=Role(row["role"]),
        followers=row["followers"],
        following=row["following"],
        statuses=row["statuses"],
        version=row["version"],
        avatar=_portrait(row["avatar"]),
        header=_portrait(row["header"]),
        avatar_description=row["avatar_description"],
        header_description=row["header_description"],
        hides_media=row["hides_media"],
        hides_media_replies=row["hides_media_replies"],
        hides_featured=row["hides_featured"],
        limited=row["limited"],
    )


def _portrait(text: str | None) -> Portrait | None:
    return None if text is None else msgspec.json.decode(text, type=Portrait)


async def recall(db: Database, wanted: Mapping[int, AccountVersion]) -> dict[int, Account]:
    """Accounts of these versions, with these counters: those this process has seen, and the others loaded.

    One statement, which is shared by whoever asks at the same time.
    """
    found = {
        account_id: known
        for account_id, now in wanted.items()
        if (known := _recalled.get(account_id)) is not None and known.version == now.version
    }
    missing = wanted.keys() - found.keys()
    if missing:
        loaded = await _profiles.ask(db, frozenset(missing))
        found |= {account_id: loaded[account_id] for account_id in missing if account_id in loaded}
        if len(_recalled) + len(missing) > _REMEMBERED_MAX:
            _recalled.clear()
    for account_id, known in found.items():
        now = wanted[account_id]
        if (known.followers, known.following, known.statuses) != (now.followers, now.following, now.statuses):
            found[account_id] = replace(known, followers=now.followers, following=now.following, statuses=now.statuses)
    _recalled.update(found)
    return found


async def _load_all(db: Queries, asked: Sequence[frozenset[int]]) -> list[dict[int, Account]]:
    """What was loaded for all, to each."""
    return [await load(db, frozenset[int]().union(*asked))] * len(asked)


_profiles: Asked[frozenset[int], dict[int, Account]] = Asked(_load_all)


async def usernames(db: Queries, ids: Iterable[int]) -> dict[int, str]:
    """Names by id, which never change; of deleted accounts too, as long as somebody remembers."""
    wanted = set(ids)
    missing = wanted - _usernames.keys()
    if missing:
        rows = await db.rows("select id, username from accounts where id = any($1)", list(missing))
        if len(_usernames) + len(rows) > _REMEMBERED_MAX:
            _usernames.clear()
        _usernames.update((row["id"], row["username"]) for row in rows)
    return {account_id: _usernames[account_id] for account_id in wanted if account_id in _usernames}


async def indexable_among(db: Queries, ids: Collection[int]) -> set[int]:
    """Those of the accounts that let their posts be found. Uses accounts_pkey."""
    return {row["id"] for row in await db.rows("select id from accounts where id = any($1) and indexable", list(ids))}


async def ids_by_usernames(db: Queries, names: Iterable[str]) -> dict[str, int]:
    """Ids by lower-case name, of those that are neither deleted nor suspended. Uses accounts_username."""
    rows = await db.rows(
        """
        select lower(username) as name, id from accounts
        where lower(username) = any($1) and deleted_at is null and suspended_at is null
        """,
        [name.lower() for name in names],
    )
    return {row["name"]: row["id"] for row in rows}


async def preferences(db: Queries, account_id: int) -> Preferences:
    """What an account has chosen; the defaults when it has nobody behind it. Uses users_pkey."""
    row = await db.row(
        """
        select default_visibility, default_sensitive, default_language, default_quote_policy, locale,
            attribution_domains
        from users where account_id = $1
        """,
        account_id,
    )
    return Preferences(*row[:-1], attribution_domains=tuple(row["attribution_domains"])) if row else Preferences()


@dataclass(frozen=True, slots=True)
class Before:
    """What an account was before it was changed."""

    locked: bool
    portraits: tuple[Portrait, ...]
    """Those of its pictures that it does not show any more."""


async def update(db: Queries, account_id: int, changes: ProfileChanges) -> Before | None:
    """Change what a profile shows, leaving what is None; what it was before, None when it is deleted."""
    fields: Sequence[Any] | None = None
    if changes.fields is not None:
        fields = [{"name": field.name, "value": field.value} for field in changes.fields]
    row = await db.row(
        """
        update accounts a set
            display_name = coalesce($2, a.display_name), note = coalesce($3, a.note), fields = coalesce($4, a.fields),
            locked = coalesce($5, a.locked), bot = coalesce($6, a.bot), discoverable = coalesce($7, a.discoverable),
            indexable = coalesce($8, a.indexable), hides_collections = coalesce($9, a.hides_collections),
            avatar = nullif(coalesce($10, a.avatar), '{}'), header = nullif(coalesce($11, a.header), '{}'),
            avatar_description = coalesce($12, a.avatar_description),
            header_description = coalesce($13, a.header_description),
            hides_media = coalesce($14, a.hides_media),
            hides_media_replies = coalesce($15, a.hides_media_replies),
            hides_featured = coalesce($16, a.hides_featured)
        from (select id, locked, avatar, header from accounts where id = $1 and deleted_at is null for update) before
        where a.id = before.id
        returning before.locked,
            case when before.avatar is distinct from a.avatar then before.avatar::text end as avatar,
            case when before.header is distinct from a.header then before.header::text end as header
        """,
        account_id,
        changes.display_name,
        changes.note,
        fields,
        changes.locked,
        changes.bot,
        changes.discoverable,
        changes.indexable,
        changes.hides_collections,
        _shown(changes.avatar),
        _shown(changes.header),
        changes.avatar_description,
        changes.header_description,
        changes.hides_media,
        changes.hides_media_replies,
        changes.hides_featured,
    )
    if row is None:
        return None
    gone = (_portrait(row["avatar"]), _portrait(row["header"]))
    return Before(row["locked"], tuple(portrait for portrait in gone if portrait is not None))


def _shown(portrait: Portrait | None) -> Any:  # noqa: ANN401 -- JSON
    """None to leave what is there; an empty object for the drawn one."""
    return {} if portrait == NO_PORTRAIT else None if portrait is None else msgspec.to_builtins(portrait)


async def update_preferences(db: Queries, account_id: int, changes: ProfileChanges) -> None:
    """Change the defaults of an account's posts, leaving what is None. Uses users_pkey."""
    await db.execute(
        """
        update users set
            default_visibility = coalesce($2, default_visibility), default_sensitive = coalesce($3, default_sensitive),
            default_language = nullif(coalesce($4, default_language), ''),
            default_quote_policy = coalesce($5, default_quote_policy),
            attribution_domains = coalesce($6, attribution_domains)
        where account_id = $1
        """,
        account_id,
        changes.visibility,
        changes.sensitive,
        changes.language,
        changes.quote_policy,
        changes.attribution_domains,
    )


async def bury(db: Queries, account_id: int, at: datetime) -> bool:
    """Mark an account deleted and blank its profile; its name stays taken. False when it was not there."""
    touched = await db.execute(
        """
        update accounts set deleted_at = $2, display_name = '', note = '', fields = '[]', locked = false, bot = false,
            discoverable = false, indexable = false, hides_collections = true, last_status_on = null, avatar = null,
            header = null, avatar_description = '', header_description = ''
        where id = $1 and deleted_at is null
        """,
        account_id,
        at,
    )
    return touched == 1


async def erase(db: Queries, account_id: int) -> asyncpg.Record | None:
    """Forget the person behind a deleted account and its counters; the tombstone keeps id, name and two dates.

    `username, email` of the person, to say goodbye; None when there was none any more.
    """
    return await db.row(
        """
        with gone as (select id, username from accounts where id = $1 and deleted_at is not null),
            person as (delete from users where account_id in (select id from gone) returning email),
            letters as (delete from proofs where account_id in (select id from gone)),
            changes as (delete from account_counter_changes where account_id in (select id from gone)),
            counters as (delete from account_counters where account_id in (select id from gone))
        select gone.username, person.email from gone cross join person
        """,
        account_id,
    )
