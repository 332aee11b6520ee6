"""Lists in the random stories: what may happen to them, and, by a simple definition, what each has to show.

Everybody has one list at most, made when it is first wanted.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from privacy_model import Listed, Model, Post

if TYPE_CHECKING:
    from privacy_play import Play

POLICIES = ("followed", "list", "none")
TAG = "finch"


class ListMoves:
    """What people do with their lists."""

    def __init__(self, play: "Play") -> None:
        self.play = play
        self.ids: dict[str, str] = {}

    def moves(self) -> dict[Callable[[], Awaitable[None]], int]:
        """What can happen next, and how often it does."""
        return {self._put: 5, self._take: 1, self._change: 2, self._turn_tag: 1}

    async def _list_of(self, who: str) -> str:
        """The path of somebody's list, which is made if need be."""
        if who not in self.ids:
            self.ids[who] = (await self.play.ask(who, "lists", allowed=True, title="Birds"))["id"]
            self.play.model.lists[who] = Listed()
        return f"lists/{self.ids[who]}"

    async def _put(self) -> None:
        who, whom = (self.play.random.choice([*self.play.people]) for _ in range(2))
        path, model = await self._list_of(who), self.play.model
        allowed = who == whom or (who, whom) in model.follows or (who, whom) in model.requests
        await self.play.ask(who, f"{path}/accounts", allowed=allowed, account_ids=[str(self.play.people[whom].id)])
        self.play.tell(who, "puts on the list", whom)
        if allowed:
            model.lists[who].members.add(whom)

    async def _take(self) -> None:
        who, whom = (self.play.random.choice([*self.play.people]) for _ in range(2))
        path = await self._list_of(who)
        ids = [str(self.play.people[whom].id)]
        await self.play.ask(who, f"{path}/accounts", allowed=True, method="DELETE", account_ids=ids)
        self.play.tell(who, "takes off the list", whom)
        self.play.model.lists[who].members.discard(whom)

    async def _change(self) -> None:
        who, random = self.play.random.choice([*self.play.people]), self.play.random
        path, listed = await self._list_of(who), self.play.model.lists[who]
        listed.policy, listed.exclusive = random.choice(POLICIES), random.random() < 0.5
        body = {"replies_policy": listed.policy, "exclusive": listed.exclusive}
        await self.play.ask(who, path, allowed=True, method="PUT", **body)
        self.play.tell(who, "changes the list", body)

    async def _turn_tag(self) -> None:
        who = self.play.random.choice([*self.play.people])
        path, listed = await self._list_of(who), self.play.model.lists[who]
        listed.tagged = not listed.tagged
        method = "POST" if listed.tagged else "DELETE"
        await self.play.ask(who, f"{path}/tags", allowed=True, method=method, tags=[TAG])
        self.play.tell(who, "has the tag on the list", listed.tagged)


def expected(model: Model, owner: str) -> list[int]:
    """All of what somebody's list shows, newest first."""
    return model.newest(post for post in model.posts.values() if _is_on(model, owner, model.lists[owner], post))


def _is_on(model: Model, owner: str, listed: Listed, post: Post) -> bool:
    if not model.sees(owner, post) or not model.reads(owner, post, "home") or post.visibility == "direct":
        return False
    answered = None if post.answers is None else model.posts[post.answers].author
    by_member = post.author in listed.members and model.would_read(owner, post)
    if by_member and _shows_answer_to(model, owner, listed, post.author, answered):
        return True
    if not listed.tagged or not post.tagged or post.visibility != "public" or post.reblogs is not None:
        return False
    if post.limited:
        return False
    return model.hears(owner, post.author) and (answered in {None, owner, post.author} or listed.policy != "none")


def _shows_answer_to(model: Model, owner: str, listed: Listed, author: str, answered: str | None) -> bool:
    if answered in {None, owner, author}:
        return True
    if listed.policy == "list":
        return answered in listed.members and (owner, answered) in model.follows
    return listed.policy == "followed" and (owner, answered) in model.follows
