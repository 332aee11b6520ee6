"""Search in a million posts: `python -m bench.search`. How long a page takes, what indexing a post costs.

The posts are made from a seed, words as common as in English (Zipf's law), in three languages, over a year; with
`--posts FILE` their texts are the lines of a file. `--folder DIR` keeps the engines' data there, for the next time.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any

import asyncpg
import psutil
import uvloop

from bench.bulk import without_indexes
from linnet.features.accounts.models import Viewer
from linnet.features.search import jobs, reads
from linnet.features.search.models import Order
from linnet.features.statuses import reads as statuses
from linnet.mastodon.presenters.encoded import encoded_statuses
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.engines import Engines
from linnet.platform.ids import first_id_at
from linnet.platform.migrations import migrate
from linnet.platform.paging import Window
from linnet.roles.wiring import open_engines
from linnet.settings import Settings

ACCOUNTS = 20_000
VOCABULARY = 60_000
TAGS = 3_000
DAYS = 365
AT_ONCE = 500
"""Posts that are indexed by one transaction while the index is not there yet."""

INDEXED = 5_000
"""Posts that are indexed while the clock runs."""

ROUNDS = 40
_SYLLABLES = [one + other for one in "bdfghklmnprstvz" for other in ("a", "e", "i", "o", "u", "an", "er", "in", "ol")]
_KANA = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめも日本東京大学生活今年人時"


@dataclass(frozen=True)
class Made:
    """What texts are made of."""

    random: Random
    words: Sequence[str]
    weights: Sequence[float]
    tags: Sequence[str]
    tag_weights: Sequence[float]

    def text(self, number: int) -> str:
        """`number` words."""
        return " ".join(self.random.choices(self.words, cum_weights=self.weights, k=number))


def make(seed: int) -> Made:
    random = Random(seed)
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        words["".join(random.choices(_SYLLABLES, k=random.randint(1, 4)))] = None
    tags = [f"tag{number}" for number in range(TAGS)]
    zipf = list(accumulate(1 / (rank + 2.7) for rank in range(VOCABULARY)))  # Mandelbrot's form of Zipf's law
    return Made(random, list(words), zipf, tags, zipf[:TAGS])


def rows(made: Made, number: int, lines: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Statuses in the order of their ids, the last of them now."""
    random, end = made.random, datetime.now(UTC)
    first = first_id_at(end - timedelta(days=DAYS))
    step = (first_id_at(end) - first) // number
    for at in range(number):
        status_id = first + at * step
        moment = end - timedelta(days=DAYS) + timedelta(days=DAYS) * at / number
        account_id = int(random.paretovariate(1.1)) % ACCOUNTS + 1
        language = random.choices(("en", "de", "ja", None), (70, 15, 10, 5))[0]
        tags: list[str] = []
        if lines:
            text = lines[at % len(lines)]
        elif language == "ja":
            text = "".join(random.choices(_KANA, k=random.randint(8, 60)))
        else:
            text = made.text(random.randint(4, 40))
        if random.random() < 0.2:
            tags = random.choices(made.tags, cum_weights=made.tag_weights, k=random.randint(1, 3))
            text += " " + " ".join(f"#{tag}" for tag in tags)
        if random.random() < 0.1:
            text += f" https://example.com/{at}"
        visibility = random.choices(("public", "unlisted", "private"), (85, 10, 5))[0]
        answered = status_id - step * random.randint(1, 500) if at > 500 and random.random() < 0.3 else None
        yield (status_id, account_id, visibility, text, text, language, status_id, moment, sorted(set(tags)), answered,
               1 if answered else None)  # fmt: skip


async def fill(url: str, made: Made, number: int, lines: Sequence[str]) -> None:
    """Accounts, posts, marks of account 1, and counters, without what only other features read."""
    connection = await asyncpg.connect(url)
    await connection.execute(
        """
        insert into accounts (id, username, indexable, created_at)
        select n, 'person' || n, n % 2 = 0 or n < 100, now() - interval '2 years' from generate_series(1, $1::int) n
        """,
        ACCOUNTS,
    )
    columns = ["id", "account_id", "visibility", "text", "html", "language", "thread_id", "created_at", "tags",
               "in_reply_to_id", "in_reply_to_account_id"]  # fmt: skip
    async with without_indexes(connection, ["statuses"]):
        await connection.copy_records_to_table("statuses", records=rows(made, number, lines), columns=columns)
    await connection.execute(
        """
        insert into status_counters (status_id, favourites)
        select id, (exp(random() * random() * 9) - 1)::int from statuses where random() < 0.4;
        insert into favourites (account_id, status_id, id)
        select 1, id, snowflake() from statuses tablesample bernoulli (0.4);
        insert into bookmarks (account_id, status_id, id)
        select 1, id, snowflake() from statuses tablesample bernoulli (0.1);
        insert into follows (account_id, target_id, id) select 1, n, snowflake() from generate_series(2, 300) n;
        insert into search_changes (status_id) select id from statuses order by id;
        analyze
        """,
        timeout=600,
    )
    await connection.close()


async def index(url: str, engines: Engines) -> tuple[float, float]:
    """Index all posts, the last of them with the clock running: CPU ms of Python and of PostgreSQL for each."""
    connection = await asyncpg.connect(url)
    held = await connection.fetch(
        "delete from search_changes where id in (select id from search_changes order by id desc limit $1)"
        " returning status_id",
        INDEXED,
    )
    async with without_indexes(connection, ["search_documents"]):
        await connection.execute("create unique index building on search_documents (status_id)")
        while await jobs.index_some(engines, AT_ONCE):
            pass
        await connection.execute("drop index building")
    await connection.execute("vacuum analyze search_documents", timeout=600)
    await connection.executemany(
        "insert into search_changes (status_id) values ($1)", [(row["status_id"],) for row in held]
    )
    await connection.close()
    python, postgres = process_time(), _postgres_s()
    await jobs.index_changes(engines)
    return (process_time() - python) / INDEXED * 1000, (_postgres_s() - postgres) / INDEXED * 1000


def _postgres_s() -> float:
    """CPU seconds of every process of PostgreSQL below this one."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "postgres" in process.name():
                times = process.cpu_times()
                total += times.user + times.system
    return total


def queries(made: Made, round_: int) -> dict[str, str]:
    """A dozen and more of what people type, with other words each round."""
    common, often, rare = made.words[round_ % 10], made.words[100 + round_ * 7], made.words[30_000 + round_ * 50]
    day = (datetime.now(UTC) - timedelta(days=200 + round_)).date()
    return {
        "a rare word": rare,
        "a word in 1 of 100": often,
        "a word in 1 of 4": common,
        "two common words": f"{common} {made.words[20 + round_ % 10]}",
        "words that rarely meet": f"{often} {made.words[2_000 + round_ * 3]}",
        "words that never meet": f"{rare} {made.words[31_000 + round_ * 40]}",
        "one without the other": f"{common} -{made.words[11 + round_ % 5]}",
        "only what is not wanted": f"-{common}",
        "brackets": f"({often} OR {rare}) -({common} OR is:reply)",
        "a phrase": f'"{common} {made.words[15 + round_ % 10]}"',
        "a beginning": f"{rare[:4]}*",
        "two kana": _KANA[round_ % 20] + _KANA[(round_ * 7 + 3) % 40],
        "a popular hashtag": f"#tag{round_ % 5}",
        "somebody's, on a word": f"from:person{2 + round_ % 50} {common}",
        "links in a language": f"{often} has:link lang:en",
        "days long ago": f"{common} since:{day} before:{day + timedelta(days=3)}",
        "favourites": f"{often} min_favourites:50",
        "many favourites, few such": f"{common} min_favourites:5000",
        "days within OR": f"{common} (before:{day} OR min_favourites:100)",
        "library": f"{often} in:library",
        "bookmarks": f"{common} in:bookmarks",
        "home": f"{often} in:home",
        "public": f"{often} in:public",
    }


async def measure(engines: Engines, made: Made) -> dict[str, tuple[list[float], float]]:
    """Of each kind of query, newest first, and of the first few by relevance too, how long a presented page of 20 took.

    All times of a kind in order, and how long a page kept a core busy, in Python and PostgreSQL together; milliseconds.
    """
    viewer = Viewer(1)
    rounds = [queries(made, round_) for round_ in range(ROUNDS)]
    kinds = [(name, name, Order.NEWEST) for name in rounds[0]]
    kinds += [(f"{name}, by relevance", name, Order.RELEVANCE) for name in list(rounds[0])[:5]]
    took: dict[str, tuple[list[float], float]] = {}
    for name, kind, order in kinds:
        for texts in rounds[:3]:  # what comes before fills caches
            await reads.posts(engines, viewer, texts[kind], Window(limit=20), order=order)
        times: list[float] = []
        busy_s = process_time() + _postgres_s()
        for texts in rounds:
            started = perf_counter()
            ids = await reads.posts(engines, viewer, texts[kind], Window(limit=20), order=order)
            page = await statuses.hydrate(engines, viewer, ids)
            await encoded_statuses(engines, viewer, page)
            times.append((perf_counter() - started) * 1000)
        took[name] = sorted(times), (process_time() + _postgres_s() - busy_s) / ROUNDS * 1000
    return took


async def run(arguments: argparse.Namespace, folder: Path) -> None:
    made = make(arguments.seed)
    lines = [line for line in arguments.posts.read_text().splitlines() if line.strip()] if arguments.posts else []
    async with EmbeddedEngines(folder) as servers:
        await migrate(servers.database_url)
        settings = Settings(
            database_url=servers.database_url,
            valkey_url=servers.valkey_url,
            jwt_secret="a secret of this bench, and 0f n0b0dy 3lse",
            data_dir=str(folder),
        )
        async with open_engines(settings) as engines:
            number = await engines.db.value("select count(*) from statuses")
            if not number:
                started = perf_counter()
                await fill(servers.database_url, made, arguments.number, lines)
                print(f"{arguments.number:,} posts written in {perf_counter() - started:.0f} s")
                started = perf_counter()
                python, postgres = await index(servers.database_url, engines)
                print(f"indexed in {perf_counter() - started:.0f} s; of the last {INDEXED:,}, one by one in the index,")
                print(f"each cost {python:.2f} ms of Python and {postgres:.2f} ms of PostgreSQL")
            sizes = await engines.db.row(
                """
                select pg_size_pretty(pg_table_size('search_documents')) as documents,
                    pg_size_pretty(pg_relation_size('search_documents_words')) as words
                """
            )
            print(f"documents {sizes['documents']}, index {sizes['words']}" if sizes else "")
            took = await measure(engines, made)
    for name, (times, busy) in took.items():
        print(told(name, times, busy))
    every = sorted(ms for times, _ in took.values() for ms in times)
    print(told("all", every, sum(busy for _, busy in took.values()) / len(took)))


def told(name: str, times: Sequence[float], busy: float) -> str:
    """A line on a kind of query, of which `times` are in order."""
    p50, p99 = times[len(times) // 2], times[-1 - len(times) // 100]
    return f"{name:38} p50 {p50:6.1f} ms   p99 {p99:6.1f} ms   a core busy {busy:5.1f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=1_000_000)
    parser.add_argument("--posts", type=Path)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--seed", type=int, default=20261130)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="linnet-") as scratch:
        uvloop.run(run(arguments, arguments.folder or Path(scratch)))


if __name__ == "__main__":
    main()
