"""Statuses loaded in batches, with everything a viewer needs to be told about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, LiteralString

import asyncpg

from linnet.features.accounts.models import AccountVersion
from linnet.features.media.statements import SHOWN, shown_of
from linnet.features.relationships.models import Stance
from linnet.features.statuses.cards.store import CARD, card_of
from linnet.features.statuses.models import Application, Marks, QuotePolicy, ReplyPolicy, Status, Visibility
from linnet.features.statuses.polls.store import POLL, VOTE, poll_of, vote_of
from linnet.features.statuses.store.moderated import MODERATED, moderated_of
from linnet.features.statuses.store.visible import VISIBLE
from linnet.platform.postgres import Queries

_VISIBILITIES = {one.value: one for one in Visibility}
_QUOTE_POLICIES = {one.value: one for one in QuotePolicy}
_REPLY_POLICIES = {one.value: one for one in ReplyPolicy}


@dataclass(frozen=True, slots=True)
class Found:
    """Statuses by id, the viewer's marks on each, and who wrote them by account id."""

    statuses: dict[int, Status]
    marks: dict[int, Marks]
    authors: dict[int, AccountVersion]
    stances: dict[int, Stance]
    """How the viewer stands to authors, and to whom they answer."""


WANTED: LiteralString = """
    with page as materialized (
        select id, reblog_of_id, quote_of_id from statuses where id = any((select $ids::bigint[])::bigint[])
    ), shown as materialized (
        select id, quote_of_id from page
        union all select r.id, r.quote_of_id from page
            cross join lateral (select id, quote_of_id from statuses where id = page.reblog_of_id limit 1) r
    ), quoted as materialized (
        select q.id, q.quote_of_id from shown
            cross join lateral (select id, quote_of_id from statuses where id = shown.quote_of_id limit 1) q
    ), wanted as materialized (
        select id from shown union select id from quoted
        union select quote_of_id from quoted where quote_of_id is not null
    )
"""
"""The ids `$ids` of statuses, and of those they lead to, as `wanted`."""

COLUMNS: LiteralString = """
    select s.id, s.account_id, s.visibility::text, s.text, s.html, s.spoiler_text,
        s.sensitive or author.sensitized_at is not null, s.language,
        s.in_reply_to_id, s.in_reply_to_account_id, s.reblog_of_id, s.quote_of_id, s.thread_id, s.mention_ids,
        s.tags, s.quote_policy, s.application_name, s.application_website, s.created_at, s.edited_at,
        coalesce(c.replies, 0) + coalesce(p.replies, 0) as replies,
        coalesce(c.reblogs, 0) + coalesce(p.reblogs, 0) as reblogs,
        coalesce(c.favourites, 0) + coalesce(p.favourites, 0) as favourites,
        coalesce(c.quotes, 0) + coalesce(p.quotes, 0) as quotes,
        s.reply_policy, s.hidden_at is not null, s.quote_revoked_at is not null,
"""
"""What `status_of` takes, of each of them as `s`, by `author`; more may follow, and what is `OPTIONAL` comes last."""

COLUMNS_NUMBER: Final = 27

OPTIONAL: LiteralString = POLL + ", " + CARD + ", " + SHOWN + ", " + MODERATED
"""Of `s` as well, what only some have."""

OPTIONAL_NUMBER: Final = 4

AUTHOR: LiteralString = """
        author.xmin::text || '.' || coalesce(u.xmin::text, '') as version,
        coalesce(n.followers, 0), coalesce(n.following, 0), coalesce(n.statuses, 0)
"""
"""What an `AccountVersion` is made of."""

JOINS: LiteralString = """
    join accounts author on author.id = s.account_id
    left join users u on u.account_id = s.account_id
    left join account_counters n on n.account_id = s.account_id
    left join status_counters c on c.status_id = s.id
    left join (
        select x.status_id, sum(x.replies) as replies, sum(x.reblogs) as reblogs, sum(x.favourites) as favourites,
            sum(x.quotes) as quotes
        from status_counter_changes x where x.status_id in (select id from wanted) group by x.status_id
    ) p on p.status_id = s.id
"""
"""Where the two come from besides `s`; counts include changes that are not folded yet."""


async def load(db: Queries, viewer_id: int, ids: Iterable[int]) -> Found:
    """Of `ids` the statuses this viewer may see, with the reblogged and quoted ones they lead to.

    One statement for any number, with the viewer's marks and what is needed to know each author again. Counters of
    statuses include changes the worker has not folded yet. Uses statuses_pkey and the primary keys of every mark.
    What a quoted status quotes is there as well, though only as a sign that it may be seen. `limit 1` keeps the
    planner from joining, where a wrong guess at the number of rows, as on a young server, has it read all statuses.
    The inner select keeps it from seeing how many ids there are: a plan for one costs less than a plan for any number,
    so for single statuses it would plan each call anew, which takes several times as long as the answer.
    """
    rows = await db.rows(
        WANTED.replace("$ids", "$2")
        + COLUMNS
        + """
            $1::bigint <> 0 and (select true from favourites x
                where x.account_id = $1 and x.status_id = s.id limit 1) is not null,
            $1::bigint <> 0 and (select true from statuses x
                where x.account_id = $1 and x.reblog_of_id = s.id and x.deleted_at is null limit 1) is not null,
            $1::bigint <> 0 and (select true from bookmarks x
                where x.account_id = $1 and x.status_id = s.id limit 1) is not null,
            $1::bigint = s.account_id and (select true from pins x
                where x.account_id = $1 and x.status_id = s.id limit 1) is not null,
            $1::bigint <> 0 and (select true from thread_mutes x
                where x.account_id = $1 and x.thread_id = s.thread_id limit 1) is not null,
            """
        + AUTHOR
        + """,
            f.id is not null, coalesce(f.shows_reblogs, false), f.languages,
            $1::bigint <> 0 and ((select true from blocks
                where account_id = $1 and target_id = s.account_id limit 1) is not null
            or (select true from mutes where account_id = $1 and target_id = s.account_id
                and (expires_at is null or expires_at > now()) limit 1) is not null),
            $1::bigint <> 0 and (select true from blocks
                where account_id = $1 and target_id = s.account_id limit 1) is not null,
            coalesce(f.at_home, true),
            r.answered is not null and (select true from follows
                where account_id = $1 and target_id = r.answered limit 1) is not null,
            r.answered is not null and ((select true from blocks
                where account_id = $1 and target_id = r.answered limit 1) is not null
            or (select true from blocks where account_id = r.answered and target_id = $1 limit 1) is not null
            or (select true from mutes where account_id = $1 and target_id = r.answered
                and (expires_at is null or expires_at > now()) limit 1) is not null),
            r.answered is not null and (select true from blocks
                where account_id = $1 and target_id = r.answered limit 1) is not null,
            case when s.poll_id is not null and $1::bigint <> 0 then
            """
        + VOTE
        + " end, "
        + OPTIONAL
        + """
        from wanted
        cross join lateral (select * from statuses where id = wanted.id limit 1) s
        cross join lateral (select case when $1::bigint not in (0, s.in_reply_to_account_id)
            then nullif(s.in_reply_to_account_id, s.account_id) end as answered) r
        left join lateral (select id, shows_reblogs, languages, at_home from follows
            where account_id = $1 and target_id = s.account_id limit 1) f on true
        """
        + JOINS
        + """
        where
        """
        + VISIBLE,
        viewer_id,
        list(ids),
    )
    return Found(
        {row[0]: status_of(row) for row in rows},
        {row[0]: Marks(*row[_MARKS], vote=vote_of(row[-OPTIONAL_NUMBER - 1])) for row in rows},
        {row[1]: AccountVersion(*row[_VERSION]) for row in rows},
        {row[9]: Stance(row[_ANSWERED], *(False, None), *row[_SILENCED]) for row in rows if row[9]}
        | {row[1]: Stance(*row[_STANCE]) for row in rows},
    )


_MARKS: Final = slice(COLUMNS_NUMBER, COLUMNS_NUMBER + 5)
_VERSION: Final = slice(COLUMNS_NUMBER + 5, COLUMNS_NUMBER + 9)
_STANCE: Final = slice(COLUMNS_NUMBER + 9, COLUMNS_NUMBER + 15)
_ANSWERED: Final = COLUMNS_NUMBER + 15
_SILENCED: Final = slice(COLUMNS_NUMBER + 16, COLUMNS_NUMBER + 18)
"""Where the columns of `load` are that follow those of the status; the vote and what is optional come last."""


def status_of(row: asyncpg.Record) -> Status:
    """The columns of `load` are in the order of the fields of `Status`; an application is two columns."""
    application = Application(row[16], row[17]) if row[16] else None
    fields: list[Any] = [
        row[0],
        row[1],
        _VISIBILITIES[row[2]],
        *row[3:13],
        tuple(row[13]),
        tuple(row[14]),
        _QUOTE_POLICIES[row[15]],
        application,
        *row[18:24],
        _REPLY_POLICIES[row[24]],
        *row[25:27],
        poll_of(row[-4]),
        card_of(row[-3]),
        shown_of(row[-2]),
        moderated_of(row[-1]),
    ]
    return Status(*fields)
