"""Random small networks: what processes keep is what PostgreSQL says, to the last byte of every page, at any moment.

Each page is asked of this process, once perhaps cold and once warm, of another one with memories of its own, and of one
that may use nothing it keeps. The stories come from a fixed seed. To look for longer:

    DIFFERENTIAL_STORIES=500 DIFFERENTIAL_SEED=7 python -m pytest tests/features/test_differential.py
"""

import os
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, cast

import httpx
import msgspec
import pytest
from privacy_play import TAG, Play

from linnet.features.accounts.models import Viewer
from linnet.features.accounts.permissions import OPERATOR
from linnet.features.cases import actions
from linnet.features.cases.models import Act, Action
from linnet.features.statuses.models import Hydrated
from linnet.features.timelines import filling, reads
from linnet.features.timelines.lists import reads as lists
from linnet.features.timelines.strategy import Thresholds
from linnet.mastodon.presenters.statuses import present_statuses
from linnet.platform.changes import Changes
from linnet.platform.embedded import EmbeddedEngines
from linnet.platform.engines import Engines
from linnet.platform.paging import Window
from linnet.platform.valkey import Valkey
from world import Person, World, open_world

STORIES = int(os.environ.get("DIFFERENTIAL_STORIES", "2"))
SEED = int(os.environ.get("DIFFERENTIAL_SEED", "20261123"))
CHAPTERS = 9
MOVES = 9
"""Things that happen before everybody looks again; most of the time some of what follows has not been done yet."""

STRATEGIES = (
    Thresholds(),
    Thresholds(hybrid_followers=1),
    Thresholds(hybrid_followers=1, pull_followers=2),
    Thresholds(busy_followers=1, busy_posts=3),
)
AT_ONCE_MIN = 20
"""Pages of a story that are answered out of memory; many are not, for homes are lost and floors are high on purpose."""

FORGETTING = 0.3
"""How often everybody's memory is emptied before a look, which then is a first one."""

UNDONE = 0.4
"""How often what staff do is that they take something back."""

LOG_COUNTER = "{changes}:at"
HOME = "/api/v1/timelines/home"
PUBLIC = "/api/v1/timelines/public"


@pytest.mark.parametrize("number", range(SEED, SEED + STORIES))
async def test_what_is_kept_is_what_would_be_read(
    world: World, servers: EmbeddedEngines, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random, of_staff = Random(number), Random(-number)
    monkeypatch.setattr(filling, "FILLED", random.choice((3, filling.FILLED)))
    thresholds = random.choice(STRATEGIES)
    names = ("ann", "ben", "cleo", "dan", "eve")
    play = Play(world, random, await world.people(*names), set())
    forgetful = replace(world.engines, changes=Changes(Valkey.connect(f"unix://{Path('/nowhere')}")))
    answered: Counter[str] = Counter()
    async with open_world(servers.database_url, servers.valkey_url) as other:
        for engines in (world.engines, other.engines):
            monkeypatch.setitem(cast("dict[type, object]", engines.configs), Thresholds, thresholds)
        for _ in range(CHAPTERS):
            await play.go_on(MOVES)
            play.story.append(await staff_act(world, play, of_staff))
            for name in names:
                if random.random() < FORGETTING:
                    await world.engines.valkey.forget([LOG_COUNTER])  # so every process forgets all it keeps
                look = Look(play, play.people[name], other, forgetful, answered)
                try:
                    await look.at_home()
                    await look.at_lists()
                except AssertionError as wrong:
                    replayed = f"DIFFERENTIAL_SEED={number} DIFFERENTIAL_STORIES=1"
                    wrong.add_note("\n".join([f"as seen by {name}; {replayed}", *play.story]))
                    raise
    assert answered["at once"] > AT_ONCE_MIN, f"too few pages came out of memory to prove anything: {answered}"


async def staff_act(world: World, play: Play, random: Random) -> str:
    """Somebody is limited, or all of theirs put behind a warning, or neither any more."""
    name = random.choice(sorted(play.people))
    action = random.choice((Action.LIMIT, Action.SENSITIVE))
    if random.random() < UNDONE:
        await actions.lift_all(world.engines, OPERATOR, play.people[name].id, action)
        return f"staff: no {action} of {name}"
    await actions.act(world.engines, OPERATOR, Act(account_id=play.people[name].id, action=action))
    return f"staff: {action} {name}"


class Look:
    """What one person gets to see at this moment, in several ways."""

    def __init__(self, play: Play, person: Person, other: World, forgetful: Engines, answered: Counter[str]) -> None:
        self.play = play
        self.person = person
        self.other = other
        self.forgetful = forgetful
        self.answered = answered

    async def at_home(self) -> None:
        """The newest page and one that begins somewhere, of some length."""
        posts = [*self.play.model.posts]
        for max_id in (None, self.play.random.choice(posts) if posts else None):
            window = Window(max_id=max_id, limit=self.play.random.choice((1, 4, 20, 40)))
            here = await self._same_everywhere(HOME, limit=window.limit, **_cursor(max_id))
            assert here == await self._uncached_home(window)

    async def at_lists(self) -> None:
        """The other timelines, which are encoded in the same way; the public's too."""
        for path in (PUBLIC, f"/api/v1/timelines/tag/{TAG}"):
            limit = self.play.random.choice((3, 20))
            here = await self._same_everywhere(path, limit=limit)
            assert here == await self._uncached_list(path, Viewer(self.person.id), Window(limit=limit))
            shown = (await self.other.client.get(path, params={"limit": limit})).json()
            assert shown == await self._uncached_list(path, None, Window(limit=limit))
        if list_id := self.play.lists.ids.get(self.person.username):
            viewer, limit = Viewer(self.person.id), self.play.random.choice((3, 20))
            here = await self._same_everywhere(f"/api/v1/timelines/list/{list_id}", limit=limit)
            page = await lists.timeline(self.forgetful, viewer, int(list_id), Window(limit=limit))
            assert here == await self._presented(viewer, page)

    async def _same_everywhere(self, path: str, **asked: int) -> list[Any]:
        """The page as both processes show it, again when they have just shown it; and some of it alone."""
        first = await self._page(self.play.world, path, asked)
        for world in (self.play.world, self.other, self.other):
            again = await self._page(world, path, asked)
            assert again.json() == first.json()
            assert again.content == first.content
            assert again.headers.get("link") == first.headers.get("link")
        statuses: list[Any] = first.json()
        for status in statuses[:2]:
            alone = await self._page(self.other, f"/api/v1/statuses/{status['id']}", {})
            assert alone.json() == status
        return statuses

    async def _page(self, world: World, path: str, asked: dict[str, int]) -> httpx.Response:
        answer = await world.client.get(path, params=asked, headers=self.person.headers)
        assert answer.is_success, answer.text
        if path == HOME:
            self.answered["home"] += 1
            if tag := answer.headers.get("etag"):
                self.answered["at once"] += 1
                headers = {**self.person.headers, "If-None-Match": tag}
                known = await world.client.get(path, params=asked, headers=headers)
                assert (known.status_code, known.content) == (304, b"")
        return answer

    async def _uncached_home(self, window: Window) -> list[Any]:
        """The same home by somebody who may keep nothing."""
        viewer = Viewer(self.person.id)
        return await self._presented(viewer, await reads.home(self.forgetful, viewer, window))

    async def _uncached_list(self, path: str, viewer: Viewer | None, window: Window) -> list[Any]:
        """The same page of another timeline likewise."""
        if path == PUBLIC:
            return await self._presented(viewer, await reads.public(self.forgetful, viewer, window))
        return await self._presented(viewer, await reads.tagged(self.forgetful, viewer, window, any_of=[TAG]))

    async def _presented(self, viewer: Viewer | None, page: Hydrated) -> list[Any]:
        presented = await present_statuses(self.forgetful, viewer, page)
        return cast("list[Any]", msgspec.json.decode(msgspec.json.encode(presented)))


def _cursor(max_id: int | None) -> dict[str, int]:
    return {} if max_id is None else {"max_id": max_id}
