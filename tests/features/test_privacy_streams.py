"""The same random stories as the privacy oracle's, heard live: does everybody hear just what the model says they may?

Everybody listens to their home, to everyone's posts and to a hashtag, over real sockets. After each thing that happens
its jobs run, and what was heard is held against the model as it was then.
"""

import contextlib
import os
from collections import defaultdict
from dataclasses import dataclass
from random import Random

import pytest
from privacy_model import Model, Post
from privacy_play import TAG, Play

from linnet.features.statuses.gone import Gone
from linnet.features.statuses.models import Visibility
from linnet.platform import live
from linnet.platform.live import Live
from linnet.streaming import hub
from linnet.streaming.readers import Reader
from streams import Heard, Socket, serving
from world import Person, World

STORIES = int(os.environ.get("ORACLE_STORIES", "2"))
SEED = int(os.environ.get("ORACLE_SEED", "20261130"))
MOVES = 60
NAMES = ("ann", "ben", "cleo", "dan", "eve")
STREAMS = (("user",), ("public",), ("hashtag", TAG))


@dataclass(frozen=True)
class Before:
    """What there was before something happened."""

    posts: dict[int, tuple[int, bool, bool]]
    """By id the number of wordings, and whether it was gone, and withheld."""
    homes: dict[str, set[int]]
    publics: dict[str, set[int]]
    seen: dict[str, set[int]]


def before(model: Model) -> Before:
    return Before(
        {post.id: (len(post.words), model_gone(model, post), post.withheld) for post in model.posts.values()},
        {name: set(model.home(name)) for name in NAMES},
        {name: set(model.public(name)) for name in NAMES},
        {name: {post.id for post in model.posts.values() if model.sees(name, post)} for name in NAMES},
    )


def model_gone(model: Model, post: Post) -> bool:
    """Whether a post, or what it reblogs, is gone."""
    return post.gone or model.subject(post).gone


@pytest.mark.parametrize("number", range(SEED, SEED + STORIES))
async def test_everybody_hears_what_they_may_and_nothing_else(
    world: World, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(number)
    if random.random() < 0.5:  # as if all had too many edges to be kept: each status is asked about in SQL
        monkeypatch.setattr(Reader, "is_known", property(lambda _: False))
    monkeypatch.setattr(hub, "TOUCHED_EVERY_S", 3_600)  # it would be told after what happens next
    play = Play(world, random, await world.people(*NAMES), set(random.sample(NAMES, 1)))
    await play.begin()
    async with serving(world) as streams, contextlib.AsyncExitStack() as stack:
        sockets: dict[str, Socket] = {}
        for name, person in play.people.items():
            socket = sockets[name] = await stack.enter_async_context(streams.socket(person, stream="user"))
            await socket.subscribe("public")
            await socket.subscribe("hashtag", tag=TAG)
        moves, events = play.moves(), 0
        for move in random.choices([*moves], [*moves.values()], k=MOVES):
            known = before(play.model)
            await move()
            await world.settle()
            for name, socket in sockets.items():
                heard = await all_heard(world, play.people[name], socket)
                events += len(heard)
                try:
                    compare(play.model, known, name, heard)
                except AssertionError as wrong:
                    wrong.add_note("\n".join([f"as heard by {name}; ORACLE_SEED={number}", *play.story]))
                    raise
        assert events > MOVES // 6, "hardly anything was heard"


async def all_heard(world: World, person: Person, socket: Socket) -> list[Heard]:
    """All that has come, up to the deletion of a post that never was, which nobody but its author is told of."""
    never = Gone(1, person.id, Visibility.DIRECT)
    await live.tell(world.engines.bus, [live.hint(Live.DELETED, *never.numbers)])
    heard: list[Heard] = []
    while not heard or heard[-1] != Heard(("user",), "delete", "1"):
        heard.append(await socket.hear())
    return heard[:-1]


def compare(model: Model, known: Before, name: str, heard: list[Heard]) -> None:
    """Hold what one person has heard of one thing that happened against the model."""
    told: defaultdict[tuple[tuple[str, ...], str], list[int]] = defaultdict(list)
    for one in heard:
        if one.event in {"update", "status.update"}:
            secrets = [word for word in model.secrets_from(name) if word in str(one.payload)]
            assert not secrets, f"{one.event} tells {secrets}"
            told[one.stream, one.event].append(int(one.payload["id"]))
        elif one.event == "delete":
            told[one.stream, "delete"].append(int(one.payload))
    new = {i for i in model.posts if i not in known.posts}
    edited = {i for i, (words, *_) in known.posts.items() if len(model.posts[i].words) > words}
    may = {
        ("user",): set(model.home(name)),
        ("public",): set(model.public(name)),
        ("hashtag", TAG): set(model.public(name, tagged=True)),
    }
    others = {i for i in known.posts if model.posts[i].author != name}  # an author has it all the time
    released = {i for i in others if known.posts[i][2] and not model.posts[i].withheld}
    withheld = {i for i in others if not known.posts[i][2] and model.posts[i].withheld}
    for stream in STREAMS:
        assert told[stream, "update"] == sorted((new | released) & may[stream]), (stream, "update")
        again = set(told[stream, "status.update"])  # also of what others have decided about it, as who may answer
        assert edited & may[stream] <= again <= may[stream], (stream, "status.update")
    gone = {i for i, (_, was, _) in known.posts.items() if not was and model_gone(model, model.posts[i])}
    gone |= withheld
    assert set(told[("user",), "delete"]) >= gone & known.homes[name], "home was not told of a deletion"
    assert set(told[("user",), "delete"]) <= gone & known.seen[name], "a deletion was told to who could not see it"
    assert set(told[("public",), "delete"]) >= gone & known.publics[name]
    assert all(model.posts[i].visibility == "public" for i in told[("public",), "delete"])
