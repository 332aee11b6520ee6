"""What is between readers and others, and what they have done with statuses: all of it in one statement."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linnet.features.relationships.circles import EDGES, EDGES_COLUMNS, circle_of
from linnet.features.relationships.models import Circle
from linnet.features.statuses.models import Marks
from linnet.features.statuses.polls.store import vote_of
from linnet.platform.postgres import Queries


@dataclass(frozen=True, slots=True)
class Read:
    """What one account has done with statuses: all of it with those from `floor` on."""

    floor: int
    marks: Mapping[int, Marks]
    """Of those that are marked at all, but for mutes of threads."""
    threads: Sequence[int]
    """Threads that are muted."""
    tags: Mapping[str, int]
    """Ids of the hashtags that are followed, by their normalised names."""


async def load(
    db: Queries, account_ids: Collection[int], *, edges_max: int, marks_max: int, threads_max: int, tags_max: int
) -> dict[int, tuple[Circle, Read]]:
    """The circle of each account, and the newest `marks_max` statuses that it has marked in each way.

    Of muted threads and of each kind of edges one more comes than the most there may be, as a sign that there are more.
    Uses the indexes of `EDGES`, favourites_pkey, statuses_reblog_once, bookmarks_pkey, pins_pkey, poll_votes_pkey,
    thread_mutes_pkey and tag_follows_pkey.
    """
    rows = await db.rows(
        "select "
        + EDGES.replace("$edges", "$2")
        + """,
            array(select status_id from favourites where account_id = reader.id order by status_id desc limit $3),
            array(select reblog_of_id from statuses where account_id = reader.id and reblog_of_id is not null
                and deleted_at is null order by reblog_of_id desc limit $3),
            array(select status_id from bookmarks where account_id = reader.id order by status_id desc limit $3),
            array(select status_id from pins where account_id = reader.id order by status_id desc limit $3),
            array(select array[status_id, poll_id, choices] from poll_votes where account_id = reader.id
                order by status_id desc limit $3),
            array(select thread_id from thread_mutes where account_id = reader.id limit $4),
            (select jsonb_object_agg(t.name, t.id) from (
                select tag_id from tag_follows where account_id = reader.id order by tag_id limit $5
            ) f join tags t on t.id = f.tag_id),
            reader.id
        from unnest((select $1::bigint[])::bigint[]) as reader (id)
        """,
        list(account_ids),
        edges_max + 1,
        marks_max,
        threads_max + 1,
        tags_max,
    )
    return {row[-1]: (circle_of(row[:EDGES_COLUMNS]), _read(row[EDGES_COLUMNS:-1], marks_max)) for row in rows}


def _read(columns: Sequence[Any], marks_max: int) -> Read:
    *kinds, ballots, threads, tags = columns
    if not any(kinds) and not ballots:
        return Read(0, {}, threads, tags or {})
    votes = {status_id: vote_of(ballot) for status_id, *ballot in ballots}
    kinds.append([*votes])
    favourited, reblogged, bookmarked, pinned, voted = map(frozenset, kinds)
    return Read(
        floor=max((ids[-1] for ids in kinds if len(ids) == marks_max), default=0),
        marks={
            i: Marks(i in favourited, i in reblogged, i in bookmarked, i in pinned, vote=votes.get(i))
            for i in favourited | reblogged | bookmarked | pinned | voted
        },
        threads=threads,
        tags=tags or {},
    )
