"""A network for measurements, put straight into the tables: people, whom they follow, what they have posted.

Made up from a seed, with a heavy tail of followers, or from a list of edges. People are in this order: the *readers*
who are measured; *even authors*, each with exactly so many of the readers as followers; everybody else; the *stars*.
"""

import gzip
import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import asyncpg
import numpy as np

from bench import degrees
from bench.bulk import copy_numbers, without_indexes
from bench.degrees import Edges, Places

WORDS = (  # noqa: SIM905 -- words are read as words
    "morning river copper sail quiet market lantern because winter always street music under window "
    "bread garden letter slowly harbour engine paper signal orange after people again together someone "
    "thinks maybe that this bird sings over old town while rain falls on roofs and trains leave late"
).split()

POSTS_EVERY_S = 20
EVEN_SHARE = 0.4
"""Of all posts so many are by even authors, so that these have pages to show."""

TEXTS_MAX = 100_000
THREAD_REPLIES = 30
AGE_DAYS = 30
_TABLES = ("accounts", "users", "oauth_tokens", "follows", "statuses", "account_counters", "home_visits")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to make."""

    people: int
    readers: int
    follows: int = 150
    """Whom a reader follows: the median."""
    follows_others: int = 30
    """The same for everybody else."""
    even_authors: int = 0
    even_followers: int = 150
    stars: Sequence[int] = ()
    """Followers of each star: so many of those who are no readers, from the first on."""
    active_share: float = 1.0
    """How many of the others have been here lately: the first ones."""
    posts: int = 20_000
    threads: int = 0
    """Conversations of one post and `THREAD_REPLIES` replies."""
    seed: int = 1
    graph: Path | None = None
    texts: Path | None = None


@dataclass(frozen=True)
class Network:
    """What was made."""

    plan: Plan
    account_ids: Sequence[int]
    followers: Places = field(repr=False)
    """How many followers each has, in the order of `account_ids`."""
    followed: Places = field(repr=False)
    """How many each follows."""
    root_ids: Sequence[int] = ()
    """The first posts of the threads."""

    @property
    def words(self) -> str:
        """What it is like."""
        readers, largest = self.followed[: self.plan.readers], self.followers.max(initial=0)
        source = f"follows from {self.plan.graph.name}" if self.plan.graph else "a heavy tail"
        return (
            f"{len(self.account_ids):,} accounts, {self.followed.sum():,} follows ({source}; the largest has "
            f"{largest:,} followers); {self.plan.readers:,} readers, each follows {np.median(readers):.0f} (median)"
        )

    def token(self, place: int) -> str:
        """The token of an account by its place."""
        return f"bench-{place}-{self.plan.seed}"

    @property
    def tokens(self) -> list[str]:
        """The tokens of all readers."""
        return [self.token(place) for place in range(self.plan.readers)]

    @property
    def even_places(self) -> range:
        """Where the even authors are."""
        return range(self.plan.readers, self.plan.readers + self.plan.even_authors)

    @property
    def star_places(self) -> range:
        """Where the stars are."""
        return range(len(self.account_ids) - len(self.plan.stars), len(self.account_ids))

    @property
    def active_places(self) -> range:
        """Those of the others who have been here lately."""
        others = len(self.account_ids) - self.plan.readers
        return range(self.plan.readers, self.plan.readers + round(others * self.plan.active_share))


def text(chance: random.Random) -> str:
    """A post of 8 to 40 words."""
    return " ".join(chance.choices(WORDS, k=chance.randint(8, 40)))


def edges_of(plan: Plan, chance: np.random.Generator) -> Edges:
    """Who follows whom, by the plan."""
    readers, fixed = np.arange(plan.readers), plan.readers + plan.even_authors
    parts: list[Edges] = []
    if plan.even_authors:
        authors = np.arange(plan.readers, fixed)
        parts.append(degrees.even(authors, readers, plan.even_followers, chance))
    free = plan.people - fixed - len(plan.stars)
    if free > 0:
        most = max(1, free // 2)
        counts = degrees.follow_counts(plan.readers, plan.follows, most, chance)
        taken = np.bincount(parts[0][0], minlength=plan.readers) if parts else np.zeros(plan.readers, np.int64)
        others = degrees.follow_counts(plan.people - plan.readers, plan.follows_others, most, chance)
        counts = np.concatenate([np.maximum(counts - taken, 1), others])
        parts.append(degrees.heavy_tail(counts, fixed, degrees.popularity(free, chance), chance))
    for number, followers in enumerate(plan.stars):
        star = plan.people - len(plan.stars) + number
        assert followers <= free, "a star's followers are people"
        parts.append((np.arange(plan.readers, plan.readers + followers), np.full(followers, star)))
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def edges_in(path: Path, plan: Plan, chance: np.random.Generator) -> tuple[Edges, int]:
    """The edges of a file (`follower followed …` in each line, gzip), and how many people there are then.

    Those who follow most are the readers; even authors, who are in no file, are added.
    """
    with gzip.open(path, "rt") as lines:
        pairs = np.array([line.split()[:2] for line in lines], dtype=np.int64)
    names, found = np.unique(pairs, return_inverse=True)
    found = found.reshape(pairs.shape)
    found = np.unique(found[found[:, 0] != found[:, 1]], axis=0)
    order = np.argsort(-np.bincount(found[:, 0], minlength=len(names)), kind="stable")
    places = np.empty(len(names), dtype=np.int64)
    places[order] = np.arange(len(names))
    places[places >= plan.readers] += plan.even_authors
    authors = np.arange(plan.readers, plan.readers + plan.even_authors)
    extra = degrees.even(authors, np.arange(plan.readers), plan.even_followers, chance)
    edges = (np.concatenate([places[found[:, 0]], extra[0]]), np.concatenate([places[found[:, 1]], extra[1]]))
    return edges, len(names) + plan.even_authors


async def build(url: str, plan: Plan, *, progress: Callable[[str], None]) -> Network:
    """Fill an empty database as `plan` says; indexes, statistics and the visibility map are as after long use."""
    chance, now = np.random.default_rng(plan.seed), datetime.now(UTC)
    people = plan.people
    if plan.graph:
        edges, people = edges_in(plan.graph, plan, chance)
    else:
        edges = edges_of(plan, chance)
    first = int((now - timedelta(days=AGE_DAYS + 1)).timestamp() * 1000)
    ids = (first + np.arange(people) * 60_000 // max(people, 60_000)) * 65_536 + np.arange(people) % 65_536
    followers = np.bincount(edges[1], minlength=people)
    followed = np.bincount(edges[0], minlength=people)
    network = Network(plan, ids.tolist(), followers, followed, _root_ids(plan, now))
    connection = await asyncpg.connect(url)
    async with without_indexes(connection, _TABLES):
        progress(f"{people:,} people")
        await _people(connection, network, now)
        progress(f"{len(edges[0]):,} follows")
        edge_ids = (first + 60_000 + np.arange(len(edges[0])) // 65_536) * 65_536 + np.arange(len(edges[0])) % 65_536
        await copy_numbers(
            connection, "follows", ("account_id", "target_id", "id"), (ids[edges[0]], ids[edges[1]], edge_ids)
        )
        progress(f"{plan.posts:,} posts")
        own = await _posts(connection, network, now)
        columns = ("account_id", "followers", "following", "statuses")
        await copy_numbers(connection, "account_counters", columns, (ids, followers, followed, own))
        progress("indexes")
    progress("vacuum analyze")
    await connection.execute("vacuum analyze", timeout=3600)
    await connection.execute("checkpoint") if await _may_checkpoint(connection) else None
    await connection.close()
    return network


async def _may_checkpoint(connection: "asyncpg.Connection[asyncpg.Record]") -> bool:
    return await connection.fetchval("select pg_has_role('pg_checkpoint', 'usage')")


def _root_ids(plan: Plan, now: datetime) -> list[int]:
    oldest = int((now - timedelta(days=AGE_DAYS)).timestamp() * 1000)
    return [(oldest + n * 1000) << 16 for n in range(plan.threads)]


async def _people(connection: "asyncpg.Connection[asyncpg.Record]", network: Network, now: datetime) -> None:
    ids, today = network.account_ids, now.date()
    await connection.copy_records_to_table(
        "accounts",
        records=((i, f"bench{n}", f"Bench {n}", "I measure things.", now) for n, i in enumerate(ids)),
        columns=["id", "username", "display_name", "note", "created_at"],
        timeout=3600,
    )
    await connection.copy_records_to_table(
        "users",
        records=((i, f"bench{n}@example.org", "!", now, now) for n, i in enumerate(ids)),
        columns=["account_id", "email", "password_hash", "approved_at", "confirmed_at"],
        timeout=3600,
    )
    await connection.copy_records_to_table(
        "oauth_tokens",
        records=(
            (hashlib.sha256(network.token(n).encode()).digest(), i, ["read", "write", "follow"], now)
            for n, i in enumerate(ids)
        ),
        columns=["hash", "account_id", "scopes", "created_at"],
        timeout=3600,
    )
    lately = [*range(network.plan.readers), *network.active_places]
    await connection.copy_records_to_table(
        "home_visits", records=((ids[n], today) for n in lately), columns=["account_id", "visited_on"], timeout=3600
    )


async def _posts(connection: "asyncpg.Connection[asyncpg.Record]", network: Network, now: datetime) -> Places:
    """How many each has posted."""
    own = np.zeros(len(network.account_ids), dtype=np.int64)
    chance = random.Random(network.plan.seed)

    def records() -> Iterator[tuple[object, ...]]:
        for status_id, author, words, html, root, at in _written(network, now, chance):
            own[author] += 1
            replied_to = network.account_ids[own.size - 1] if root else None
            yield (
                status_id, network.account_ids[author], "public", words, html, "en", root or status_id,
                root or None, replied_to, at,
            )  # fmt: skip

    await connection.copy_records_to_table(
        "statuses",
        records=records(),
        columns=[
            "id", "account_id", "visibility", "text", "html", "language", "thread_id", "in_reply_to_id",
            "in_reply_to_account_id", "created_at",
        ],
        timeout=3600,
    )  # fmt: skip
    return own


def _written(
    network: Network, now: datetime, chance: random.Random
) -> Iterator[tuple[int, int, str, str, int, datetime]]:
    """Id, author's place, text, HTML, the thread that it replies in (or 0) and time of each post, oldest first.

    Threads are begun by the last account, and are older than all other posts: they stand in few homes.
    """
    texts = _texts(network.plan, chance)
    people, posts = len(network.account_ids), network.plan.posts
    for root in network.root_ids:
        for n in range(THREAD_REPLIES + 1):
            words, html = chance.choice(texts)
            author = chance.randrange(people) if n else people - 1
            at = datetime.fromtimestamp((root >> 16) / 1000, UTC)
            yield root + n, author, words, html, root if n else 0, at
    every_s = min(POSTS_EVERY_S, (AGE_DAYS - 2) * 86_400 / max(posts, 1))
    for n in range(posts):
        words, html = chance.choice(texts)
        at = now - timedelta(seconds=(posts - n) * every_s)
        by_even = network.plan.even_authors and chance.random() < EVEN_SHARE
        author = chance.choice(network.even_places) if by_even else chance.randrange(people)
        yield (int(at.timestamp() * 1000) << 16) + n % 65_536, author, words, html, 0, at


def _texts(plan: Plan, chance: random.Random) -> list[tuple[str, str]]:
    """Texts with their HTML: real ones of a file (one a line, gzip), or made of words."""
    if plan.texts is None:
        made = [text(chance) for _ in range(min(plan.posts + 1, TEXTS_MAX))]
        return [(words, f"<p>{words}</p>") for words in made]
    with gzip.open(plan.texts, "rt", encoding="utf-8") as lines:
        read = [line.strip() for line in islice(lines, TEXTS_MAX)]
    escaped = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
    return [(words, f"<p>{words.translate(escaped)}</p>") for words in read if words]
