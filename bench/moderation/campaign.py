"""A spam campaign beside normal traffic, through the HTTP API: `python -m bench.moderation.campaign --data DIR`.

Several campaigns at once, each out of one text (spam of the sets, and ordinary posts for those whose words say
nothing), varied by every scheme of `mutations`, with links that rotate over dozens of domains, by accounts of which
most are new and some are old ones that were taken over. Beside them real posts: ordinary ones of many people, and
streams in which authors repeat themselves and each other. What became of each post is read from the database at the
end, when all jobs are done.
"""

import argparse
import gzip
import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg
import msgspec
import uvloop

from bench.client import drive_at, post
from bench.measuring import progress
from bench.moderation import fates, mutations
from bench.moderation.__main__ import heading
from bench.moderation.crowd import Someone, build
from bench.moderation.tables import rows
from bench.stack import running

SPAM_CAMPAIGNS: Final = 5
PLAIN_CAMPAIGNS: Final = 2
LETTERS: Final = (70, 220)
DOMAINS: Final = 40
NEW_SPAMMERS: Final = 0.8
NEW_PEOPLE: Final = 0.1
LINKED: Final = 0.9
"""Share of a campaign's posts that have a link; of real posts it is what they have."""

TEXT_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who writes what: the kind of each account's posts, and endless requests."""

    kinds: dict[int, tuple[str, str]]
    """By account: the campaign, or whence its posts are; and the scheme by which they are varied, if they are."""
    requests: Iterator[bytes]


def main() -> None:
    """Parse, run, print."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.moderation.campaign", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--posts", type=Path, help="more ordinary posts: one a line, gzip")
    parser.add_argument("--seconds", type=float, default=120.0, help="how long (default: 120)")
    parser.add_argument("--rate", type=float, default=10_000.0, help="campaign posts a minute (default: 10000)")
    parser.add_argument("--normal", type=float, default=5_000.0, help="ordinary posts a minute (default: 5000)")
    parser.add_argument("--spammers", type=int, default=1_000, help="accounts of the campaigns (default: 1000)")
    parser.add_argument("--people", type=int, default=3_000, help="accounts of everybody else (default: 3000)")
    parser.add_argument("--processes", type=int, default=2, help="API processes (default: 2)")
    parser.add_argument("--seed", type=int, default=7)
    uvloop.run(_run(parser.parse_args()))


async def _run(arguments: argparse.Namespace) -> None:
    chance = random.Random(arguments.seed)
    with (
        tempfile.TemporaryDirectory(prefix="linnet-campaign-") as folder,
        running(Path(folder), 0, LINNET_API_PROCESSES=str(arguments.processes)) as stack,
    ):
        await stack.until_ready()
        for kind in ("api", "worker", "postgres", "valkey", "scheduler"):
            stack.put(kind, range(os.cpu_count() or 1))
        spammers = round(arguments.spammers * NEW_SPAMMERS)
        fresh = [number < spammers for number in range(arguments.spammers)]
        fresh += [chance.random() < NEW_PEOPLE for _ in range(arguments.people)]
        people = await build(stack.engines.database_url, fresh, arguments.seed)
        chosen = people[: arguments.spammers]
        chance.shuffle(chosen)
        spam = campaigns(arguments.data, chosen, chance)
        normal = ordinary(arguments.data, arguments.posts, people[arguments.spammers :], chance)
        total = arguments.rate + arguments.normal
        share = arguments.rate / total
        before = stack.cpu_ms()
        began = time.monotonic()
        measured = await drive_at(
            stack.port,
            total / 60,
            arguments.seconds,
            lambda: next(spam.requests if chance.random() < share else normal.requests),
        )
        took = time.monotonic() - began
        spent = stack.cpu_ms()
        connection = await asyncpg.connect(stack.engines.database_url)
        await fates.until_done(connection)
        print(heading(arguments.data))
        sent = len(measured.latencies_s)
        cpu = {kind: round((spent[kind] - before[kind]) / max(sent, 1) * 1000) for kind in spent}
        print(
            f"{sent:,} posts in {took:.0f} s, {sent / took * 60:,.0f} a minute ({total:,.0f} were asked for), "
            f"{share:.0%} of them campaigns'; "
            f"p50 {measured.quantile_ms(0.5):.0f} ms, p99 {measured.quantile_ms(0.99):.0f} ms.\n"
            f"CPU a post, µs: {cpu}\n"
        )
        await fates.report(connection, spam.kinds, normal.kinds)
        await connection.close()


def campaigns(data: Path, spammers: Sequence[Someone], chance: random.Random) -> Crowd:
    """Accounts of several campaigns at once: each has its text, its accounts one scheme each, and all post in turn."""
    spam = _some([row["text"] for row in rows(data, "spam") if row["label"] == 1], SPAM_CAMPAIGNS, chance)
    plain = _some([row["text"] for row in rows(data, "tweets_general")], PLAIN_CAMPAIGNS, chance)
    texts = {f"spam {number}": text for number, text in enumerate(spam, 1)}
    texts |= {f"plain {number}": text for number, text in enumerate(plain, 1)}
    named, schemes = list(texts), list(mutations.SCHEMES)
    kinds = {
        one.id: (named[number % len(named)], schemes[number // len(named) % len(schemes)])
        for number, one in enumerate(spammers)
    }
    bought = {name: mutations.domains(chance, DOMAINS) for name in named}

    def requests() -> Iterator[bytes]:
        while True:
            for one in spammers:
                name, scheme = kinds[one.id]
                text = mutations.SCHEMES[scheme](texts[name], chance)
                if chance.random() < LINKED:
                    text = f"{text} {mutations.link(chance, bought[name])}"
                yield _request(text, one)

    for name, text in texts.items():
        progress(f"{name}: {text}")
    return Crowd(kinds, requests())


def _some(texts: Sequence[str], number: int, chance: random.Random) -> list[str]:
    """Texts of a usual length, with their own links taken out."""
    bare = [" ".join(word for word in text.split() if "://" not in word and "www." not in word) for text in texts]
    return chance.sample([text for text in bare if LETTERS[0] <= len(text) <= LETTERS[1]], number)


def ordinary(data: Path, more: Path | None, people: Sequence[Someone], chance: random.Random) -> Crowd:
    """Real posts: of each source by people of its own; those of a stream in their order, each by its author."""
    tweets = [row["text"] for row in rows(data, "tweets_general")]
    if more is not None:
        with gzip.open(more, "rt", encoding="utf-8") as lines:
            tweets += [text for text in map(str.strip, lines) if text]
    chance.shuffle(tweets)
    stream = sorted(rows(data, "neardup_stream"), key=lambda row: row["seq"])
    half = len(people) // 2
    authors = {
        author: people[number % half] for number, author in enumerate(dict.fromkeys(r["author"] for r in stream))
    }
    kinds = {one.id: ("stream", "") for one in people[:half]} | {one.id: ("ordinary", "") for one in people[half:]}

    def requests() -> Iterator[bytes]:
        while True:
            streamed = iter(stream)
            for number, text in enumerate(tweets):
                yield _request(text, people[half + number % (len(people) - half)])
                if (row := next(streamed, None)) is not None:
                    yield _request(row["text"], authors[row["author"]])

    return Crowd(kinds, requests())


def _request(text: str, who: Someone) -> bytes:
    body = msgspec.json.encode({"status": text[:TEXT_MAX]})
    return post("/api/v1/statuses", body, who.token, content_type="application/json")


if __name__ == "__main__":
    main()
