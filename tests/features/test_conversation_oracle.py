"""Random small networks of people who write to one another: does everybody find exactly what a simple model says?

The stories come from a fixed seed, so that the suite is repeatable and takes seconds. To look for longer:

    ORACLE_STORIES=500 ORACLE_SEED=7 python -m pytest tests/features/test_conversation_oracle.py

A story that fails is told in full, with the seed that plays it again alone.
"""

import os
from random import Random
from typing import Any

import httpx
import pytest
from conversation_model import Message, Thread
from conversation_play import Play

from taken import Taken
from world import World

STORIES = int(os.environ.get("ORACLE_STORIES", "3"))
SEED = int(os.environ.get("ORACLE_SEED", "20261130"))
CHAPTERS = 2
MOVES = 70
"""Things that happen in a chapter; after each chapter everybody looks at everything."""

NAMES = ("ann", "ben", "cleo", "dan", "eve")
PAGE = 40


@pytest.mark.parametrize("number", range(SEED, SEED + STORIES))
async def test_everybody_finds_the_messages_meant_for_them_and_no_others(
    world: World, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linnet.features.conversations.sending.UNANSWERED_MAX", 1_000)
    random = Random(number)
    names = NAMES[: random.randint(4, 5)]
    play = Play(world, random, await world.people(*names))
    for chapter in range(CHAPTERS):
        await play.go_on(MOVES)
        if chapter == CHAPTERS - 1:
            await world.settle(periodics=True)
        for viewer in (*names, None):
            try:
                await Look(play, viewer).at_everything()
                if chapter == CHAPTERS - 1 and viewer is not None:
                    await Look(play, viewer).at_archive(viewer)
            except AssertionError as wrong:
                wrong.add_note("\n".join([f"as seen by {viewer}; ORACLE_SEED={number} ORACLE_STORIES=1", *play.story]))
                raise


class Look:
    """What one viewer, or the public, gets to see at this moment."""

    def __init__(self, play: Play, viewer: str | None) -> None:
        self.play = play
        self.model = play.model
        self.viewer = viewer
        self.secrets = [*self.model.secrets_from(viewer)]

    async def at_everything(self) -> None:
        """Compare every list and every message with the model, and look for them where none belong."""
        if self.viewer is not None:
            await self._conversations(self.viewer)
            for thread in self.model.threads:
                await self._thread(self.viewer, thread)
            for path, marks in (("favourites", self.model.favourites), ("bookmarks", self.model.bookmarks)):
                assert await self._ids(path, limit=PAGE) == self.model.marked(marks, self.viewer)[:PAGE], path
            for told in await self._told():
                message = next(one for one in self.model.messages if one.id == int(told["status"]["id"]))
                assert self.model.hears(self.viewer, message), told
        await self._bulk()
        for message in self.play.random.sample(self.model.messages, min(8, len(self.model.messages))):
            await self._message(message)
        await self._public_places()

    async def at_archive(self, viewer: str) -> None:
        """What the viewer takes along is what they have said and still have, and nothing that others said."""
        taken = await Taken.of(self.play.world, self.play.people[viewer])
        own = [one for one in self.model.messages if one.author == viewer and self.model.sees(viewer, one)]
        said = [(int(one["id"]), one["content"].split()[0]) for one in taken.json("messages.json")]
        assert said == [(one.id, one.words[-1]) for one in own]
        foreign = {word for one in self.model.messages if one not in own for word in one.words}
        told = [(word, name) for word in foreign for name, text in taken.texts.items() if word in text]
        assert not told, f"the archive tells {viewer} {told}"

    async def _get(self, path: str, **params: Any) -> httpx.Response:
        """The answer, in which no word stands that the viewer may not read."""
        url = path if path.startswith("/") else f"/api/v1/{path}"
        if self.viewer is None:
            answer = await self.play.world.get(url, **params)
        else:
            answer = await self.play.people[self.viewer].ask("GET", url, params=params or None)
        told = [word for word in self.secrets if word in answer.text]
        assert not told, f"{path} tells {self.viewer} {told}: {answer.text}"
        return answer

    async def _json(self, path: str, **params: Any) -> Any:
        answer = await self._get(path, **params)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def _ids(self, path: str, **params: Any) -> list[int]:
        return [int(one["id"]) for one in await self._json(path, **params)]

    async def _told(self) -> list[Any]:
        return [one for one in await self._json("notifications", limit=80) if "status" in one]

    async def _conversations(self, viewer: str) -> None:
        found = await self._json("conversations", limit=PAGE)
        expected = self.model.inbox(viewer, "accepted", "requested")
        assert [int(one["id"]) for one in found] == [one.id for one in expected]
        for shown, thread in zip(found, expected, strict=True):
            assert shown["unread"] is self.model.is_unread(viewer, thread), thread
            assert {one["username"] for one in shown["accounts"]} == (thread.members - {viewer} or {viewer})
            newest = next(iter(self.model.listed(viewer, thread)), None)
            assert (shown["last_status"] and int(shown["last_status"]["id"])) == newest
        for path, standing in (("messages/threads", "accepted"), ("messages/requests", "requested")):
            assert await self._ids(path, limit=PAGE) == [one.id for one in self.model.inbox(viewer, standing)], path

        unread = [
            sum(self.model.is_unread(viewer, one) for one in self.model.inbox(viewer, standing))
            for standing in ("accepted", "requested")
        ]
        assert [*(await self._json("messages/unread_count")).values()] == unread

    async def _thread(self, viewer: str, thread: Thread) -> None:
        path = f"messages/threads/{thread.id}"
        answer, messages = await self._get(path), await self._get(f"{path}/messages", limit=PAGE)
        status = 200 if self.model.is_open(thread, viewer) else 404
        assert (answer.status_code, messages.status_code) == (status, status)
        if status == 200:
            assert [int(one["id"]) for one in messages.json()] == self.model.listed(viewer, thread)[:PAGE]
            assert {one["account"]["username"] for one in answer.json()["members"]} == thread.members
            assert answer.json()["standing"] == thread.standing[viewer]

    async def _bulk(self) -> None:
        messages = self.model.messages
        for at in range(0, len(messages), PAGE):
            asked = messages[at : at + PAGE]
            expected = [one.id for one in asked if self.model.sees(self.viewer, one)]
            assert await self._ids("statuses", **{"id[]": [str(one.id) for one in asked]}) == expected

    async def _message(self, message: Message) -> None:
        status = 200 if self.model.sees(self.viewer, message) else 404
        if self.viewer is not None:
            assert (await self._get(f"messages/{message.id}")).status_code == status
            assert (await self._get(f"statuses/{message.id}/source")).status_code == status
        told: dict[str, Any] = {}
        for part in ("", "/context", "/history", "/favourited_by", "/reblogged_by", "/quotes", "/card"):
            answer = await self._get(f"statuses/{message.id}{part}")
            assert answer.status_code == status, f"{message.id}{part}: {answer.status_code}"
            told[part] = answer.json()
        if status == 200 and self.viewer is not None:
            listed = self.model.listed(self.viewer, message.thread)[::-1]
            context = {side: [int(one["id"]) for one in told["/context"][side]] for side in told["/context"]}
            assert context["ancestors"] == [one for one in listed if one < message.id]
            assert context["descendants"] == [one for one in listed if one > message.id]
            names = {one["username"] for one in told["/favourited_by"]}
            assert names == self.model.favouriters(self.viewer, message)
            assert len(told["/history"]) == len(message.words)

    async def _public_places(self) -> None:
        """No message is ever where statuses are."""
        assert await self._ids("timelines/public") == []
        if self.viewer is not None:
            assert await self._ids("timelines/home") == []
        for name, person in self.play.people.items():
            assert await self._ids(f"accounts/{person.id}/statuses") == []
            assert (await self._json(f"accounts/{person.id}"))["statuses_count"] == 0
            for message in self.model.messages[-3:]:
                assert (await self._get(f"/@{name}/{message.id}")).status_code == 404
                assert (await self._json("/api/v2/search", q=message.words[-1]))["statuses"] == []
                assert (await self._json("/api/v2/search", q=str(message.id)))["statuses"] == []
