"""Random small networks, and at many moments: does everybody see exactly what a simple model says they may?

The stories come from a fixed seed, so that the suite is repeatable and takes seconds. To look for longer:

    ORACLE_STORIES=500 ORACLE_SEED=7 python -m pytest tests/features/test_privacy_oracle.py

A story that fails is told in full, with the seed that plays it again alone.
"""

import os
from random import Random
from typing import Any, cast

import httpx
import pytest
from privacy_lists import expected as list_expected
from privacy_model import Viewer
from privacy_play import TAG, Play
from privacy_trends import TOPICS, let_all_trend, told_uses

from linnet.features.notifications.subscriptions.models import ALERTS, Due
from linnet.features.notifications.subscriptions.reads import pushes
from linnet.features.statuses.cards.models import Previews
from linnet.features.timelines import filling
from linnet.features.timelines.strategy import Thresholds
from taken import Taken
from web_push_keys import SUBSCRIPTION
from world import World

STORIES = int(os.environ.get("ORACLE_STORIES", "3"))
SEED = int(os.environ.get("ORACLE_SEED", "20261122"))
CHAPTERS = 2
MOVES = 50
"""Things that happen in a chapter; after each chapter everybody looks at everything."""

STRATEGIES = (
    Thresholds(),
    Thresholds(hybrid_followers=1),
    Thresholds(hybrid_followers=1, pull_followers=2),
    Thresholds(busy_followers=1, busy_posts=3),
)
"""Everybody is ordinary; some, or most, are as large as to be merged when their followers read."""

NAMES = ("ann", "ben", "cleo", "dan", "eve", "fay", "gil")


@pytest.mark.parametrize("number", range(SEED, SEED + STORIES))
async def test_everybody_sees_what_they_may_and_nothing_else(
    world: World, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(number)
    monkeypatch.setattr(filling, "FILLED", random.choice((3, filling.FILLED)))
    monkeypatch.setitem(cast("dict[type, object]", world.engines.configs), Thresholds, random.choice(STRATEGIES))
    monkeypatch.setitem(cast("dict[type, object]", world.engines.configs), Previews, Previews(are_made=False))
    let_all_trend(world, monkeypatch)
    names = NAMES[: random.randint(5, 7)]
    locked, undiscoverable = {random.choice(names)}, {random.choice(names)}
    play = Play(world, random, await world.people(*names), locked, undiscoverable)
    await play.begin()
    for chapter in range(CHAPTERS):
        await play.go_on(MOVES)
        if chapter == CHAPTERS - 1:
            await play.end()
        for viewer in (*names, None):
            try:
                await Look(play, viewer).at_everything()
            except AssertionError as wrong:
                wrong.add_note("\n".join([f"as seen by {viewer}; ORACLE_SEED={number} ORACLE_STORIES=1", *play.story]))
                raise


class Look:
    """What one viewer, or the public, gets to see at this moment."""

    def __init__(self, play: Play, viewer: Viewer) -> None:
        self.play = play
        self.model = play.model
        self.viewer = viewer
        self.secrets = self.model.secrets_from(viewer)

    async def at_everything(self) -> None:
        """Compare every list and a few single posts with the model."""
        await self._bulk()
        assert await self._ids("timelines/public", limit=40) == self.model.public(self.viewer)[:40]
        assert await self._ids(f"timelines/tag/{TAG}", limit=40) == self.model.public(self.viewer, tagged=True)[:40]
        public = self.model.public(self.viewer)
        assert await self._ids("timelines/public", limit=40, only_media=True) == self.model.showing(public)[:40]
        await self._trends()
        for name in self.play.people:
            await self._profile(name)
        if self.viewer is not None:
            await self._home(self.viewer)
            await self._list(self.viewer)
            for path, marks in (("favourites", self.model.favourites), ("bookmarks", self.model.bookmarks)):
                assert await self._ids(path, limit=40) == self.model.marked(marks, self.viewer)[:40], path
            await self._notifications(self.viewer)
            await self._pushes(self.viewer)
            await self._taken_away(self.viewer)
            await self._found()
            if self.play.is_over:
                await self._archived(self.viewer)
        posts = [*self.model.posts]
        for post_id in self.play.random.sample(posts, min(3, len(posts))):
            await self._single(post_id)

    async def _get(self, path: str, **params: Any) -> httpx.Response:
        """The answer, in which no word stands that the viewer may not read."""
        url = path if path.startswith("https:") else f"/api/v1/{path}"
        if self.viewer is None:
            answer = await self.play.world.get(url, **params)
        else:
            answer = await self.play.people[self.viewer].ask("GET", url, params=params or None)
        told = [word for word in self.secrets if word in answer.text]
        assert not told, f"{path} tells {self.viewer} {told}: {answer.text}"
        return answer

    async def _ids(self, path: str, **params: Any) -> list[int]:
        answer = await self._get(path, **params)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        for status in answer.json():
            self._look_inside(status)
        return _ids(answer.json())

    def _look_inside(self, status: dict[str, Any]) -> None:
        """A reblog has its original; a quote is shown just when its post may be seen; filters tell what they match."""
        post = self.model.posts[int(status["id"])]
        words = [word for one in status.get("filtered", ()) for word in one["keyword_matches"]]
        assert words == [one.word for one in self.model.matching(self.viewer, post)], status
        assert (status["reblog"] and int(status["reblog"]["id"])) == post.reblogs
        subject = self.model.subject(post)
        assert [one["id"] for one in status["media_attachments"]] == subject.media, status
        assert all(subject.words[-1] in one["description"] for one in status["media_attachments"]), status
        assert status.get("reply_hidden", False) is post.hidden
        assert status.get("reply_approval", {}).get("policy", "everyone") == post.reply_policy
        subject = self.model.subject(post)
        told = status["reblog"] if post.reblogs else status
        assert ("moderation" in told) is (
            subject.author == self.viewer and (subject.withheld or subject.limited or bool(subject.labels))
        ), status
        assert bool(told["spoiler_text"]) is bool(subject.labels), status
        if post.quotes is not None:
            state, shown = status["quote"]["state"], status["quote"]["quoted_status"]
            assert state == self.model.quote_state(self.viewer, post)
            assert (shown and int(shown["id"])) == (None if state in {"revoked", "deleted"} else post.quotes)

    async def _bulk(self) -> None:
        posts = [*self.model.posts]
        for at in range(0, len(posts), 40):
            asked = posts[at : at + 40]
            expected = [i for i in asked if self.model.sees(self.viewer, self.model.posts[i])]
            assert await self._ids("statuses", **{"id[]": [str(i) for i in asked]}) == expected

    async def _profile(self, name: str) -> None:
        replies, reblogs = self.play.random.random() < 0.5, self.play.random.random() < 0.5
        found = await self._ids(
            f"accounts/{self.play.people[name].id}/statuses",
            limit=40,
            exclude_replies=not replies,
            exclude_reblogs=not reblogs,
        )
        expected = self.model.of_account(self.viewer, name, replies=replies, reblogs=reblogs)
        assert found == expected[:40], f"profile of {name}, replies={replies}, reblogs={reblogs}"
        shown = await self._ids(f"accounts/{self.play.people[name].id}/statuses", limit=40, only_media=True)
        assert shown == self.model.showing(self.model.of_account(self.viewer, name))[:40], f"media of {name}"

    async def _home(self, viewer: str) -> None:
        limit = self.play.random.choice((3, 7, 40))
        expected = self.model.home(viewer)
        down = await self._walk("timelines/home", "next", limit=limit)
        up = await self._walk("timelines/home", "prev", limit=limit, min_id="0")
        if self.play.settled:
            assert down == self.model.pages(expected, limit)
            assert up == self.model.pages(expected, limit, forward=True)
        else:
            assert {i for page in (*down, *up) for i in page} <= set(expected)
            own = {i for i in expected if self.model.posts[i].author == viewer and self.model.posts[i].reblogs is None}
            assert own <= {i for page in down for i in page}

    async def _list(self, viewer: str) -> None:
        if viewer not in self.model.lists:
            return
        path, limit = f"timelines/list/{self.play.lists.ids[viewer]}", self.play.random.choice((3, 7, 40))
        expected = list_expected(self.model, viewer)
        assert await self._walk(path, "next", limit=limit) == self.model.pages(expected, limit)
        up = await self._walk(path, "prev", limit=limit, min_id="0")
        assert up == self.model.pages(expected, limit, forward=True)

    async def _walk(self, path: str, direction: str, **params: Any) -> list[list[int]]:
        pages: list[list[int]] = []
        answer = await self._get(path, **params)
        while answer.json():
            for status in answer.json():
                self._look_inside(status)
            pages.append(_ids(answer.json()))
            if direction not in answer.links:
                break
            answer = await self._get(answer.links[direction]["url"])
        return pages

    async def _notifications(self, viewer: str) -> None:
        for told in (await self._get("notifications", limit=80)).json():
            sender = told["account"]["username"]
            assert self.model.hears(viewer, sender), told
            assert not self.model.block_between(viewer, sender), told
            if "status" in told:
                assert self.model.sees(viewer, self.model.posts[int(told["status"]["id"])]), told

    async def _pushes(self, viewer: str) -> None:
        """What would be pushed now of all that somebody was ever told, to an app that has just subscribed."""
        person, engines = self.play.people[viewer], self.play.world.engines
        path, wanted = "/api/v1/push/subscription", {"alerts": dict.fromkeys(ALERTS, True)}
        made = await person.do("POST", path, subscription=SUBSCRIPTION, data=wanted)
        rows = await engines.db.rows(
            "select id, from_account_id, status_id from notifications where account_id = $1", person.id
        )
        found = await pushes(engines, [Due(int(made["id"]), row["id"]) for row in rows])
        await person.do("DELETE", path)
        names = {one.id: name for name, one in self.play.people.items()}
        expected = set[int]()
        for row in rows:
            sender, post = names[row["from_account_id"]], self.model.posts.get(row["status_id"])
            welcome = self.model.hears(viewer, sender) and not self.model.block_between(viewer, sender)
            told = post is None or (self.model.sees(viewer, post) and self.model.reads(viewer, post, "notifications"))
            if welcome and told:
                expected.add(row["id"])
        assert {one.due.notification_id for one in found} == expected
        for one in found:
            assert not [word for word in self.secrets if word in one.words], one
            if one.status_id is not None:
                matching = self.model.matching(viewer, self.model.posts[one.status_id])
                warned = any("notifications" in filter_.contexts for filter_ in matching)
                assert (one.words == "") is warned, one

    async def _taken_away(self, viewer: str) -> None:
        """The files that the viewer can take along name what is theirs, and nothing that they may not see by now."""
        urls = (await self._get("exports/bookmarks.csv")).text.split()
        assert [int(url.rsplit("/", 1)[1]) for url in urls] == self.model.marked(self.model.bookmarks, viewer)
        for name, pairs in (("following", self.model.follows), ("blocked", self.model.blocks)):
            rows = (await self._get(f"exports/{name}_accounts.csv")).text.splitlines()
            assert {row.split("@")[0] for row in rows if "@" in row} == {b for a, b in pairs if a == viewer}, name

    async def _archived(self, viewer: str) -> None:
        """The whole archive has all that the viewer has made, and of others nothing that they may not see by now."""
        taken = await Taken.of(self.play.world, self.play.people[viewer])
        typed = {one.word for who, one in self.model.filters if who == viewer}
        secrets = [word for word in self.secrets if word not in typed]
        told = [(word, name) for word in secrets for name, text in taken.texts.items() if word in text]
        assert not told, f"the archive tells {viewer} {told}"
        own = [post for post in self.model.posts.values() if post.author == viewer and self.model.sees(viewer, post)]
        assert taken.posts() == sorted((one.id, one.words or one.reblogs) for one in own)
        votes = {one["poll_id"] for one in taken.json("votes.json") if one["chosen"]}
        asking = [one for one in self.model.posts.values() if one.poll is not None and self.model.sees(viewer, one)]
        assert votes == {str(one.poll.id) for one in asking if one.poll and viewer in one.poll.voters}
        for told in taken.json("notifications.json"):
            assert self.model.hears(viewer, told["from"].partition("@")[0]), told
            about = told["status"] and self.model.posts[int(told["status"].rsplit("/", 1)[1])]
            assert about is None or self.model.sees(viewer, about), told
        for name, marks in (("bookmarks", self.model.bookmarks), ("favourites", self.model.favourites)):
            assert taken.addresses(name) == self.model.marked(marks, viewer), name

    async def _trends(self) -> None:
        """What trends is what was said for everybody to read; posts only those that the viewer would be shown."""
        spoken = self.play.spoken
        posts = await self._ids("trends/statuses", limit=40)
        assert (len(posts), set(posts)) == (len(spoken.posts(self.viewer)), spoken.posts(self.viewer))
        for kind, key in (("tag", "name"), ("link", "url")):
            found = (await self._get(f"trends/{kind}s", limit=20)).json()
            assert {one[key] for one in found} == spoken.trending(kind), kind
            assert {one[key]: told_uses(one["history"]) for one in found} == {
                one[key]: spoken.uses(kind, one[key]) for one in found
            }
        for tag in (TAG, *TOPICS):
            names = {
                one["name"]
                for one in (await self._get("https://linnet.test/api/v2/search", q=f"#{tag}")).json()["hashtags"]
            }
            assert (tag in names) >= bool(spoken.uses_left(tag)[0]), f"{tag} is not found"
            assert (tag in names) <= (tag in spoken.known_tags()), f"{tag} was never used in public"
            assert told_uses((await self._get(f"tags/{tag}")).json()["history"]) == spoken.uses_left(tag), tag

    async def _found(self) -> None:
        """Who looks for the very words of a post finds it only if they may see it."""
        posts = [*self.model.posts.values()]
        for word in self.play.random.choice(posts).words if posts else ():
            found = (await self._get("https://linnet.test/api/v2/search", q=word, type="statuses")).json()["statuses"]
            for one in found:
                assert self.model.sees(self.viewer, self.model.posts[int(one["id"])]), one

    async def _single(self, post_id: int) -> None:
        post = self.model.posts[post_id]
        seen = self.model.sees(self.viewer, post)
        told: dict[str, Any] = {}
        for part in ("", "/context", "/history", "/favourited_by", "/reblogged_by", "/quotes", "/hidden_replies"):
            answer = await self._get(f"statuses/{post_id}{part}")
            assert answer.status_code == (200 if seen else 404), f"{post_id}{part}: {answer.status_code}"
            told[part] = answer.json()
        if seen:
            assert _ids(told["/context"]["ancestors"]) == self.model.ancestors(self.viewer, post), post_id
            assert _ids(told["/context"]["descendants"]) == self.model.descendants(self.viewer, post), post_id
            assert _names(told["/favourited_by"]) == self.model.favouriters(self.viewer, post), post_id
            assert _names(told["/reblogged_by"]) == self.model.rebloggers(self.viewer, post), post_id
            assert _ids(told["/quotes"]) == self.model.quotes(self.viewer, post), post_id
            assert _ids(told["/hidden_replies"]) == self.model.hidden(self.viewer, post), post_id


def _ids(statuses: list[dict[str, str]]) -> list[int]:
    return [int(status["id"]) for status in statuses]


def _names(accounts: list[dict[str, str]]) -> set[str]:
    return {account["username"] for account in accounts}
