"""A random story of private messages on a real server and in the model at once. People do right and wrong things."""

from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from random import Random
from typing import Any

from conversation_model import Message, Model, Thread

from world import Person, World

Move = Callable[[], Awaitable[None]]


class Play:
    """A small network and its story so far. What the server refuses, the model must forbid, and the other way round."""

    def __init__(self, world: World, random: Random, people: Sequence[Person]) -> None:
        self.world = world
        self.random = random
        self.people = {person.username: person for person in people}
        self.model = Model()
        self.story: list[str] = []
        self._words = count(1)

    def moves(self) -> dict[Move, int]:
        """What can happen next, and how often it does."""
        return {
            self._write: 5,
            self._begin_group: 2,
            self._say: 8,
            self._post_direct: 10,
            self._edit: 3,
            self._delete_for_all: 2,
            self._delete_for_me: 3,
            self._put_away: 3,
            self._answer: 3,
            self._read: 4,
            self._leave: 2,
            self._add: 3,
            self._mark: 4,
            self._follow: 3,
            self._unfollow: 1,
            self._block: 2,
            self._unblock: 3,
        }

    async def go_on(self, times: int) -> None:
        """Let so many things happen."""
        moves = self.moves()
        for move in self.random.choices([*moves], [*moves.values()], k=times):
            await move()

    async def _ask(self, who: str, method: str, path: str, *, allowed: bool, **body: Any) -> Any:
        """A request that the model says is allowed, or is not."""
        answer = await self.people[who].ask(method, f"/api/v1/{path}", json=body)
        self.story.append(f"{who} {method} {path} {body} -> {answer.status_code}")
        assert answer.is_success is allowed, f"{method} {path} by {who}: {answer.status_code} {answer.text}"
        assert answer.is_success or answer.status_code in {403, 404, 422}, answer.text
        return answer.json()

    def _somebody(self) -> str:
        return self.random.choice([*self.people])

    def _some_thread(self) -> tuple[str, Thread] | None:
        """Somebody, mostly one of its members, and a conversation."""
        if not self.model.threads:
            return None
        thread = self.random.choice(self.model.threads)
        members = sorted(thread.members)
        return (self.random.choice(members) if members and self.random.random() < 0.85 else self._somebody()), thread

    def _some_message(self) -> tuple[str, Message] | None:
        messages = self.model.messages
        if not messages:
            return None
        message = self.random.choice(messages[-15:] if self.random.random() < 0.7 else messages)
        members = sorted(message.thread.members)
        return (self.random.choice(members) if members and self.random.random() < 0.85 else self._somebody()), message

    def _word(self) -> str:
        return f"secret{next(self._words)}x"

    def _ids(self, names: Sequence[str]) -> list[str]:
        return [str(self.people[name].id) for name in names]

    async def _write(self) -> None:
        who, whom = self.random.sample([*self.people], 2)
        allowed = not self.model.block_between(who, whom)
        word = self._word()
        made = await self._ask(
            who, "POST", "messages/threads", allowed=allowed, text=word, account_ids=self._ids([whom])
        )
        if allowed:
            known = self.model.with_all({who, whom})
            thread = known[0] if known else self.model.begin(int(made["id"]), who, {who, whom}, is_group=False)
            assert thread.id == int(made["id"]), "two people have one conversation"
            self.model.say(thread, int(made["last_message"]["id"]), who, word)

    async def _begin_group(self) -> None:
        who, *others = self.random.sample([*self.people], self.random.choice((3, 3, 4)))
        allowed = not any(self.model.block_between(who, other) for other in others)
        word = self._word()
        made = await self._ask(
            who, "POST", "messages/threads", allowed=allowed, text=word, account_ids=self._ids(others)
        )
        if allowed:
            thread = self.model.begin(int(made["id"]), who, {who, *others}, is_group=True)
            self.model.say(thread, int(made["last_message"]["id"]), who, word)

    async def _say(self) -> None:
        found = self._some_thread()
        if found:
            who, thread = found
            allowed, word = self.model.is_open(thread, who), self._word()
            made = await self._ask(who, "POST", f"messages/threads/{thread.id}/messages", allowed=allowed, text=word)
            if allowed:
                self.model.say(thread, int(made["id"]), who, word)

    async def _post_direct(self) -> None:
        """As apps do: it goes to those whom the words name, or to those of what they answer."""
        answered = self._some_message() if self.random.random() < 0.5 else None
        who = answered[0] if answered else self._somebody()
        named = self.random.sample([*self.people], self.random.choice((0, 1, 1, 2, 3)))
        members = {who, *named}
        if answered and not members - {who}:
            thread, allowed = answered[1].thread, self.model.is_open(answered[1].thread, who)
        else:
            known = self.model.with_all(members)
            preferred = answered[1].thread if answered else None
            thread = preferred if preferred in known else (known[-1] if known else None)
            allowed = not any(self.model.block_between(who, other) for other in members)
            if thread is not None:
                allowed = self.model.is_open(thread, who)
        allowed = allowed and (answered is None or self.model.sees(who, answered[1]))
        word = self._word()
        body = {"in_reply_to_id": str(answered[1].id)} if answered else {}
        text = " ".join([word, *(f"@{name}" for name in named)])
        made = await self._ask(who, "POST", "statuses", allowed=allowed, status=text, visibility="direct", **body)
        if allowed:
            if thread is None:
                thread = self.model.begin(await self._thread_of(who, made), who, members, is_group=len(members) > 2)
            assert thread.id == await self._thread_of(who, made)
            self.model.say(thread, int(made["id"]), who, word)

    async def _thread_of(self, who: str, made: Any) -> int:
        return int((await self.people[who].get(f"/api/v1/messages/{made['id']}"))["thread_id"])

    async def _edit(self) -> None:
        found = self._some_message()
        if found:
            who, message = found
            who = message.author if self.random.random() < 0.7 else who
            allowed = (
                who == message.author and self.model.sees(who, message) and self.model.is_open(message.thread, who)
            )
            word = self._word()
            path, field = self.random.choice((("messages", "text"), ("statuses", "status")))
            await self._ask(who, "PUT", f"{path}/{message.id}", allowed=allowed, **{field: word})
            if allowed:
                message.words.append(word)

    async def _delete_for_all(self) -> None:
        found = self._some_message()
        if found:
            who, message = found
            who = message.author if self.random.random() < 0.7 else who
            allowed = who == message.author and not message.gone
            path = self.random.choice((f"messages/{message.id}?scope=all", f"statuses/{message.id}"))
            if path.startswith("statuses"):
                allowed = allowed and self.model.sees(who, message)  # its answer would show what was said
            await self._ask(who, "DELETE", path, allowed=allowed)
            message.gone = message.gone or allowed

    async def _delete_for_me(self) -> None:
        found = self._some_message()
        if found:
            who, message = found
            await self._ask(who, "DELETE", f"messages/{message.id}", allowed=self.model.sees(who, message))
            message.heard_by.discard(who)

    async def _put_away(self) -> None:
        found = self._some_thread()
        if found:
            who, thread = found
            allowed = who in thread.members
            clears = self.random.random() < 0.5
            path = f"messages/threads/{thread.id}" if clears else f"conversations/{thread.id}"
            await self._ask(who, "DELETE", path, allowed=allowed)
            if allowed:
                thread.hidden_from.add(who)
                thread.unread[who] = set()
                if clears:
                    self.model.forget(thread, who)

    async def _answer(self) -> None:
        found = self._some_thread()
        if found:
            who, thread = found
            verb = self.random.choice(("accept", "decline"))
            allowed = self.model.is_open(thread, who)
            await self._ask(who, "POST", f"messages/threads/{thread.id}/{verb}", allowed=allowed)
            if allowed:
                thread.standing[who] = "accepted" if verb == "accept" else "declined"

    async def _read(self) -> None:
        found = self._some_thread()
        if found:
            who, thread = found
            allowed = self.model.is_open(thread, who)
            path = self.random.choice(("messages/threads", "conversations"))
            await self._ask(who, "POST", f"{path}/{thread.id}/read", allowed=allowed)
            if allowed:
                thread.unread[who] = set()

    async def _leave(self) -> None:
        found = self._some_thread()
        if found:
            who, thread = found
            allowed = who in thread.members and thread.is_group
            await self._ask(who, "POST", f"messages/threads/{thread.id}/leave", allowed=allowed)
            if allowed:
                self.model.leave(thread, who)

    async def _add(self) -> None:
        found = self._some_thread()
        if found:
            who, thread = found
            wanted = self.random.sample([*self.people], self.random.choice((1, 2)))
            new = {*wanted} - thread.members
            allowed = who in thread.members and thread.is_group
            allowed = allowed and not any(self.model.block_between(who, one) for one in new)
            path = f"messages/threads/{thread.id}/members"
            await self._ask(who, "POST", path, allowed=allowed, account_ids=self._ids(wanted))
            if allowed:
                self.model.join(thread, who, new)

    async def _mark(self) -> None:
        found = self._some_message()
        if found:
            who, message = found
            verb = self.random.choice(("favourite", "favourite", "bookmark", "unfavourite"))
            allowed = self.model.sees(who, message)
            await self._ask(who, "POST", f"statuses/{message.id}/{verb}", allowed=allowed)
            marks = self.model.bookmarks if verb == "bookmark" else self.model.favourites
            if allowed and verb == "unfavourite":
                marks[:] = [mark for mark in marks if mark != (who, message)]
            elif allowed and not any(one == who and other is message for one, other in marks):
                marks.append((who, message))

    async def _follow(self) -> None:
        who, whom = self.random.sample([*self.people], 2)
        allowed = not self.model.block_between(who, whom)
        again = (who, whom) in self.model.follows
        await self._ask(who, "POST", f"accounts/{self.people[whom].id}/follow", allowed=allowed)
        await self.world.settle()
        if allowed and not again:
            self.model.follow(who, whom)

    async def _unfollow(self) -> None:
        who, whom = self.random.sample([*self.people], 2)
        await self._ask(who, "POST", f"accounts/{self.people[whom].id}/unfollow", allowed=True)
        self.model.follows.discard((who, whom))

    async def _block(self) -> None:
        who, whom = self.random.sample([*self.people], 2)
        await self._ask(who, "POST", f"accounts/{self.people[whom].id}/block", allowed=True)
        self.model.blocks.add((who, whom))
        self.model.follows -= {(who, whom), (whom, who)}

    async def _unblock(self) -> None:
        who, whom = self.random.choice(sorted(self.model.blocks) or [tuple(self.random.sample([*self.people], 2))])
        await self._ask(who, "POST", f"accounts/{self.people[whom].id}/unblock", allowed=True)
        self.model.blocks.discard((who, whom))
