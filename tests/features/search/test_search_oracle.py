"""Random small networks and random queries: does everybody find exactly what the definition says, no more and no less?

The stories come from a fixed seed. To look for longer:

    SEARCH_STORIES=100 SEARCH_SEED=7 python -m pytest tests/features/search/test_search_oracle.py
"""

import contextlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from streams import Socket, ids_of, serving
from world import Person, World

STORIES = int(os.environ.get("SEARCH_STORIES", "2"))
SEED = int(os.environ.get("SEARCH_SEED", "20261130"))
POSTS = 40
EDGES = 25
QUERIES = 25
"""Asked by everybody."""

LISTENED = 8
"""Searches that each of them listens to,"""
NEW_POSTS = 25
"""while so much is posted."""

WORDS: tuple[str, ...] = ("apfel", "birne", "kirsche", "dattel", "feige", "quitte")
VISIBILITIES: tuple[str, ...] = ("public", "public", "public", "unlisted", "private", "direct")
TAGS = ("obst", "garten")
NAMES = ("ann", "ben", "cleo", "dan", "eve")


@dataclass
class Post:
    """A post as the definition knows it."""

    id: int
    author: str
    words: list[str]
    tags: set[str]
    visibility: str
    mentions: set[str]
    answers: str | None
    language: str
    sensitive: bool
    link: bool
    day: str
    favoured: set[str] = field(default_factory=set[str])
    kept: set[str] = field(default_factory=set[str])
    boosted: set[str] = field(default_factory=set[str])
    deleted: bool = False


Matches = Callable[[Post], bool]


@dataclass
class Network:
    """Everything that has happened."""

    random: Random
    people: dict[str, Person]
    posts: list[Post] = field(default_factory=list[Post])
    indexable: set[str] = field(default_factory=set[str])
    edges: dict[str, set[tuple[str, str]]] = field(
        default_factory=lambda: {verb: set() for verb in ("follow", "block", "mute")}
    )

    def sees(self, viewer: str, post: Post) -> bool:
        """Whether somebody may see a post at all."""
        if post.deleted or (post.author, viewer) in self.edges["block"]:
            return False
        return (
            post.visibility in {"public", "unlisted"}
            or viewer == post.author
            or viewer in post.mentions
            or (post.visibility == "private" and (viewer, post.author) in self.edges["follow"])
        )

    def finds(self, viewer: str, post: Post, where: str) -> bool:
        """Whether somebody may find it."""
        marked = viewer in post.favoured | post.kept | post.boosted
        library = marked or viewer == post.author or viewer in post.mentions
        public = post.visibility == "public" and post.author in self.indexable
        silenced = any((viewer, post.author) in self.edges[verb] for verb in ("block", "mute"))
        scopes = {
            "": public or library,
            "public": public,
            "library": library,
            "bookmarks": viewer in post.kept,
            "home": (public or library) and (viewer == post.author or (viewer, post.author) in self.edges["follow"]),
        }
        return self.sees(viewer, post) and post.visibility != "direct" and not silenced and scopes[where]

    def query(self, viewer: str, depth: int = 0) -> tuple[str, Matches]:
        """A random query, and what it means."""
        choice = self.random.random()
        if depth < 3 and choice < 0.45:
            parts = [self.query(viewer, depth + 1) for _ in range(self.random.randint(2, 3))]
            texts, means = [text for text, _ in parts], [mean for _, mean in parts]
            if choice < 0.2:
                return f"({' OR '.join(texts)})", lambda post: any(mean(post) for mean in means)
            return f"({' '.join(texts)})", lambda post: all(mean(post) for mean in means)
        if choice < 0.6:
            text, mean = self.query(viewer, depth + 1)
            return f"-({text})" if text.startswith("-") else f"-{text}", lambda post: not mean(post)
        return self.random.choice(self._leaves(viewer))

    def _leaves(self, viewer: str) -> list[tuple[str, Matches]]:
        random = self.random
        word, other, tag = random.choice(WORDS), random.choice(WORDS), random.choice(TAGS)
        name, number = random.choice(NAMES), random.randint(1, 3)
        day = random.choice(sorted({post.day for post in self.posts}))
        return [
            (word, lambda post: word in post.words),
            (word.upper(), lambda post: word in post.words),
            (f"{word[:3]}*", lambda post: any(one.startswith(word[:3]) for one in [*post.words, *post.tags])),
            (f'"{word} {other}"', lambda post: (word, other) in list(zip(post.words, post.words[1:], strict=False))),
            (f"#{tag}", lambda post: tag in post.tags),
            (f"from:{name}", lambda post: post.author == name),
            ("from:me", lambda post: post.author == viewer),
            (f"to:{name}", lambda post: post.answers == name),
            (f"mentions:{name}", lambda post: name in post.mentions),
            ("is:reply", lambda post: post.answers is not None),
            ("is:sensitive", lambda post: post.sensitive),
            ("has:link", lambda post: post.link),
            (f"lang:{'de' if number == 1 else 'fr'}", lambda post: post.language == ("de" if number == 1 else "fr")),
            (f"min_favourites:{number}", lambda post: len(post.favoured) >= number),
            (f"since:{day}", lambda post: post.day >= day),
            (f"before:{day}", lambda post: post.day < day),
        ]


@pytest.mark.parametrize("number", range(SEED, SEED + STORIES))
async def test_everybody_finds_what_they_may_and_what_they_asked_for(world: World, number: int) -> None:
    random = Random(number)
    network = Network(random, {name: await world.person(name) for name in NAMES})
    await happen(world, network)
    await world.settle(periodics=True)
    for _ in range(QUERIES):
        where = random.choice(("", "", "public", "library", "bookmarks", "home"))
        for viewer in NAMES:
            text, means = network.query(viewer)
            asked = f"{text} in:{where}" if where else text
            expected = [post.id for post in network.posts if network.finds(viewer, post, where) and means(post)][::-1]
            answer = await network.people[viewer].get("/api/v2/search", q=asked, type="statuses", limit=40)
            got = [int(one["id"]) for one in answer["statuses"]]
            assert got == expected[:40], f"{viewer} asked for {asked}; SEARCH_SEED={number} SEARCH_STORIES=1"


@pytest.mark.parametrize("number", range(SEED, SEED + STORIES))
async def test_everybody_is_told_of_what_their_searches_find_as_it_comes(world: World, number: int) -> None:
    random = Random(number)
    network = Network(random, {name: await world.person(name) for name in NAMES})
    await happen(world, network)
    asked: dict[tuple[str, str], tuple[str, Matches]] = {}
    async with serving(world) as streams, contextlib.AsyncExitStack() as stack:
        sockets: dict[str, Socket] = {}
        for viewer, person in network.people.items():
            sockets[viewer] = await stack.enter_async_context(streams.socket(person))
            for _ in range(LISTENED):
                where = random.choice(("", "", "public", "library", "home"))
                text, means = network.query(viewer)
                query = f"{text} in:{where}" if where else text
                kept = await person.do("POST", "/api/v1/searches", query=query)
                await sockets[viewer].subscribe("search", search=kept["id"])
                asked[viewer, kept["id"]] = (where, means)
        began = len(network.posts)
        for _ in range(NEW_POSTS):
            await post_something(world, network, VISIBILITIES[:-1])
            await world.settle()
        for viewer, socket in sockets.items():
            heard = await socket.hear_all()
            assert {one.event for one in heard} <= {"update", "delete"}, viewer
            for (who, search_id), (where, means) in asked.items():
                if who == viewer:
                    new = network.posts[began:]
                    expected = [post.id for post in new if network.finds(viewer, post, where) and means(post)]
                    told = [int(i) for i in ids_of([one for one in heard if one.stream == ("search", search_id)])]
                    query = (await network.people[viewer].get(f"/api/v1/searches/{search_id}"))["query"]
                    assert told == expected, f"{viewer} listens for {query}; SEARCH_SEED={number} SEARCH_STORIES=1"


async def happen(world: World, network: Network) -> None:
    """People post, mark, follow, block, mute, delete and change their minds, over some days."""
    random = network.random
    for name in NAMES:
        if random.random() < 0.7:
            await be_found(network, name, indexable=True)
    for _ in range(POSTS):
        await post_something(world, network)
        world.clock.move(hours=random.choice((0, 1, 30, 600)))
    await world.settle()
    for _ in range(POSTS):
        await mark_something(network)
    for _ in range(EDGES):
        await relate(network)
    await world.settle(periodics=True)
    for name in random.sample(NAMES, 2):
        await be_found(network, name, indexable=name not in network.indexable)
    for post in random.sample(network.posts, 4):
        await network.people[post.author].do("DELETE", f"/api/v1/statuses/{post.id}")
        post.deleted = True


async def be_found(network: Network, name: str, *, indexable: bool) -> None:
    await network.people[name].do("PATCH", "/api/v1/accounts/update_credentials", indexable=indexable)
    (network.indexable.add if indexable else network.indexable.discard)(name)


async def post_something(world: World, network: Network, visibilities: Sequence[str] = VISIBILITIES) -> None:
    random = network.random
    author = random.choice(NAMES)
    visible = [post for post in network.posts if network.sees(author, post) and post.visibility != "direct"]
    answered = random.choice(visible) if visible and random.random() < 0.3 else None
    mentions = {random.choice(NAMES)} if random.random() < 0.25 else set[str]()
    words: list[str] = random.choices(WORDS, k=random.randint(1, 4))
    tags = {random.choice(TAGS)} if random.random() < 0.3 else set[str]()
    link = random.random() < 0.2
    text = " ".join(
        [*words, *(f"#{tag}" for tag in tags), *(f"@{name}" for name in mentions), *["https://example.com"] * link]
    )
    more: dict[str, Any] = {
        "visibility": random.choice(visibilities),
        "language": random.choice(("de", "fr")),
        "sensitive": random.random() < 0.2,
    }
    if answered is not None:
        more["in_reply_to_id"] = str(answered.id)
    made = await network.people[author].post(text, **more)
    network.posts.append(
        Post(
            id=int(made["id"]),
            author=author,
            words=words,
            tags=tags,
            visibility=more["visibility"],
            mentions=mentions,
            answers=answered.author if answered else None,
            language=more["language"],
            sensitive=more["sensitive"],
            link=link,
            day=world.clock.now().date().isoformat(),
        )
    )


async def mark_something(network: Network) -> None:
    random = network.random
    name = random.choice(NAMES)
    post = random.choice([post for post in network.posts if network.sees(name, post)])
    verb, marks = random.choice((("favourite", post.favoured), ("bookmark", post.kept), ("reblog", post.boosted)))
    if verb == "reblog" and post.visibility not in {"public", "unlisted"}:
        return
    await network.people[name].mark(verb, {"id": str(post.id)})
    marks.add(name)


async def relate(network: Network) -> None:
    random = network.random
    one, other = random.sample(NAMES, 2)
    verb = random.choice(("follow", "follow", "follow", "unfollow", "block", "unblock", "mute", "unmute"))
    if verb == "follow" and {(one, other), (other, one)} & network.edges["block"]:
        return
    await network.people[one].relate(verb, network.people[other])
    kind = verb.removeprefix("un")
    (network.edges[kind].discard if verb.startswith("un") else network.edges[kind].add)((one, other))
    if verb == "block":
        network.edges["follow"] -= {(one, other), (other, one)}
