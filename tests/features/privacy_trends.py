"""Trends in the random stories: what people speak of, and, by a simple definition, what trends for whom.

Everything trends here that two people have spoken of: how much it rises is no matter of who may see it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from random import Random
from typing import Any, cast

import pytest
from privacy_model import Model, Post, Viewer

from linnet.features.trends import rising
from linnet.features.trends.models import TrendRules
from world import World

TOPICS = ("alder", "birch")
LINKS = ("https://birds.example.com/nests", "https://birds.example.com/songs")
PEOPLE_MIN = 2

Subject = tuple[str, str | int]
"""A hashtag, a link or a post."""


def let_all_trend(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two people be enough, whose accounts may be new, and nobody have to look at it first."""
    rules = TrendRules(unreviewed=True, people_min=PEOPLE_MIN, established_days=0)
    monkeypatch.setitem(cast("dict[type, object]", world.engines.configs), TrendRules, rules)
    monkeypatch.setattr(rising, "BIAS_PEOPLE", 0.5)


def choose(random: Random) -> tuple[str | None, str | None]:
    """The further hashtag and the link of a post that is being written."""
    topic = random.choice(TOPICS) if random.random() < 0.3 else None
    return topic, random.choice(LINKS) if random.random() < 0.3 else None


class Spoken:
    """Who has spoken of what: noted as it happens, counted when the clock says so, as things are by then."""

    def __init__(self, model: Model, tag: str, undiscoverable: Collection[str]) -> None:
        self._model = model
        self._tag = tag
        self._undiscoverable = undiscoverable
        self._noted: list[tuple[str, int, str]] = []
        self.people: defaultdict[Subject, set[str]] = defaultdict(set)
        self._times: Counter[Subject] = Counter()

    def posted(self, post: Post) -> None:
        """Somebody has published something."""
        if post.visibility == "public" and not post.limited and self._subjects(post):
            self._noted.append(("posted", post.id, post.author))

    def marked(self, post: Post, who: str) -> None:
        """Somebody has favourited or passed on a post for the first time."""
        self._noted.append(("marked", self._model.subject(post).id, who))

    def count(self) -> None:
        """What was noted counts, where it is of a post that everybody may read still."""
        for kind, post_id, who in self._noted:
            post = self._model.posts[post_id]
            if post.gone or post.visibility != "public" or post.withheld or post.limited:
                continue
            for subject in self._subjects(post) if kind == "posted" else self._liked(post, who):
                self.people[subject].add(who)
                self._times[subject] += 1
        self._noted.clear()

    def _subjects(self, post: Post) -> list[Subject]:
        tags = [tag for tag in (self._tag if post.tagged else None, post.topic) if tag]
        return [*(("tag", tag) for tag in tags), *([("link", post.link)] if post.link else [])]

    def _liked(self, post: Post, who: str) -> list[Subject]:
        recommended = post.answers is None and post.author not in self._undiscoverable and post.author != who
        return [("status", post.id)] if recommended else []

    def trending(self, kind: str) -> set[str | int]:
        """What enough people have spoken of, of one kind."""
        return {what for (of, what), people in self.people.items() if of == kind and len(people) >= PEOPLE_MIN}

    def posts(self, viewer: Viewer) -> set[int]:
        """The trending posts that a viewer is shown."""
        return {
            post.id
            for post in (self._model.posts[int(i)] for i in self.trending("status"))
            if self._model.sees(viewer, post) and self._model.hears(viewer, post.author)
            if not post.withheld and not post.limited and not post.labels
            if self._model.reads(viewer, post, "public")
        }

    def uses(self, kind: str, what: str) -> tuple[int, int]:
        """How often a hashtag or a link was said for everybody to read, and by how many people."""
        return self._times[kind, what], len(self.people[kind, what])

    def known_tags(self) -> set[str | int]:
        """The hashtags that anything for everybody to read has or had."""
        counted = {what for kind, what in self.people if kind == "tag"}
        public = (one for one in self._model.posts.values() if one.visibility == "public" and not one.gone)
        return counted | {what for one in public for kind, what in self._subjects(one) if kind == "tag"}

    def uses_left(self, tag: str) -> tuple[int, int]:
        """The same of a hashtag in what is still there and has it still."""
        public = [
            one
            for one in self._model.posts.values()
            if one.visibility == "public" and not (one.gone or one.withheld or one.limited)
        ]
        authors = [one.author for one in public if ("tag", tag) in self._subjects(one)]
        return len(authors), len(set(authors))


def told_uses(history: Sequence[dict[str, Any]]) -> tuple[int, int]:
    """How often, and by how many people, something is said to have been used, all days together."""
    return sum(int(day["uses"]) for day in history), sum(int(day["accounts"]) for day in history)
