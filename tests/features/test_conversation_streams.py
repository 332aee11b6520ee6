"""The random stories of private messages, heard live: does everybody hear just what the model says they may?

Everybody listens on the three streams that could tell of a message, over real sockets. After each thing that happens
what was heard is held against the model as it was then.
"""

import contextlib
import os
from collections import defaultdict
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from conversation_model import Message, Model
from conversation_play import Play

from linnet.platform import live
from linnet.platform.live import Live
from streams import Heard, Socket, serving
from world import World

STORIES = int(os.environ.get("ORACLE_STORIES", "2"))
SEED = int(os.environ.get("ORACLE_SEED", "20261130"))
MOVES = 70
NAMES = ("ann", "ben", "cleo", "dan")
STREAMS = {"conversation": "direct", "notification": "user"}
NEVER = 7
"""No announcement has this id."""


@dataclass(frozen=True)
class Before:
    """What there was before something happened."""

    wordings: dict[int, int]
    """Of each message, by id."""
    seen: dict[str, set[int]]
    heard: dict[str, set[int]]


def before(model: Model) -> Before:
    return Before(
        {one.id: len(one.words) for one in model.messages},
        {name: {one.id for one in model.messages if model.sees(name, one)} for name in NAMES},
        {name: {one.id for one in model.messages if is_told_of(model, name, one)} for name in NAMES},
    )


def is_told_of(model: Model, name: str, message: Message) -> bool:
    """Whether somebody is told of what becomes of a message: nobody is of what they have declined."""
    return model.hears(name, message) and message.thread.standing[name] != "declined"


@pytest.mark.parametrize("number", range(SEED, SEED + STORIES))
async def test_everybody_hears_the_messages_meant_for_them_and_no_others(
    world: World, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linnet.features.conversations.sending.UNANSWERED_MAX", 1_000)
    random = Random(number)
    play = Play(world, random, await world.people(*NAMES))
    async with serving(world) as streams, contextlib.AsyncExitStack() as stack:
        sockets: dict[str, Socket] = {}
        for name, person in play.people.items():
            socket = sockets[name] = await stack.enter_async_context(streams.socket(person, stream="user"))
            await socket.subscribe("direct")
            await socket.subscribe("messages")
        moves, events = play.moves(), 0
        for move in random.choices([*moves], [*moves.values()], k=MOVES):
            known = before(play.model)
            await move()
            await world.settle()
            await live.tell(world.engines.bus, [live.hint(Live.ANNOUNCEMENT_DELETED, NEVER)])
            for name, socket in sockets.items():
                heard = await all_heard(socket)
                events += len(heard)
                try:
                    compare(play.model, known, name, heard)
                except AssertionError as wrong:
                    wrong.add_note("\n".join([f"as heard by {name}; ORACLE_SEED={number}", *play.story]))
                    raise
        assert events > MOVES // 2, "hardly anything was heard"


async def all_heard(socket: Socket) -> list[Heard]:
    """All that has come, up to the end of an announcement that never was, which is told of after all that was said."""
    heard: list[Heard] = []
    while not heard or heard[-1].event != "announcement.delete":
        heard.append(await socket.hear())
    return heard[:-1]


def compare(model: Model, known: Before, name: str, heard: list[Heard]) -> None:
    """Hold what one person has heard of one thing that happened against the model."""
    told: defaultdict[str, list[Any]] = defaultdict(list)
    for one in heard:
        assert one.stream == (STREAMS.get(one.event, "messages"),), one
        secrets = [word for word in model.secrets_from(name) if word in str(one.payload)]
        assert not secrets, f"{one.event} tells {secrets}"
        told[one.event].append(one.payload)
    assert told.keys() <= {
        "conversation",
        "notification",
        *(f"message{of}" for of in ("", ".update", ".delete", ".read")),
    }
    may = before(model).heard[name]
    messages = {one.id: one for one in model.messages}
    new = {i for i in messages if i not in known.wordings}
    edited = {i for i, words in known.wordings.items() if len(messages[i].words) > words}
    gone = known.seen[name] - before(model).seen[name]
    assert _ids(told["message"]) == sorted(new & may)
    assert set(_ids(told["message.update"])) == edited & may
    deleted = {i for i in known.heard[name] if messages[i].gone}
    assert deleted <= set(_ids(told["message.delete"])) <= gone, "message.delete"
    for one in told["message.read"]:
        thread = next(found for found in model.threads if found.id == int(one["thread_id"]))
        assert model.is_open(thread, name), one
    _compare_conversations(model, name, told["conversation"])
    concerned = {messages[i].thread.id for i in (new | edited) & may} | {messages[i].thread.id for i in deleted}
    opened = {one.id for one in model.threads if model.is_open(one, name) and one.standing[name] != "declined"}
    assert concerned & opened <= set(_ids(told["conversation"])), "a conversation was not told of"


def _compare_conversations(model: Model, name: str, told: list[Any]) -> None:
    """Each conversation that is told of is theirs, and is told of as it is."""
    for one in told:
        thread = next(found for found in model.threads if found.id == int(one["id"]))
        assert model.is_open(thread, name), one
        assert thread.standing[name] != "declined", one
        newest = next(iter(model.listed(name, thread)), None)
        assert (one["last_status"] and int(one["last_status"]["id"])) == newest, one
        assert one["unread"] is model.is_unread(name, thread), one
        assert {account["username"] for account in one["accounts"]} == (thread.members - {name} or {name})


def _ids(told: list[Any]) -> list[int]:
    return [int(one["id"]) for one in told]
