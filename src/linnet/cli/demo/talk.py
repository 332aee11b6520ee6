"""What the people of `linnet demo` post, answer, pass on and like, in the order of time."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Final

from linnet.cli.demo import phrases
from linnet.cli.demo.people import SPAN, Graph, Person
from linnet.features.statuses.models import Visibility
from linnet.features.statuses.seeding import Seed, SeededFavourite

RECENT: Final = 400
"""People answer and pass on what is among the newest so many posts."""

LOOKED_AT: Final = 8
NEWEST: Final = timedelta(minutes=2)
KINDS: Final = {"thought": 62, "reply": 22, "reblog": 11, "quote": 4}
WHISPERED: Final = 0.01
"""How often somebody who posts also writes to a friend, in private."""

HOURS: Final = (1, 1, 1, 1, 1, 2, 4, 7, 9, 8, 7, 8, 10, 9, 7, 7, 8, 9, 10, 12, 13, 11, 7, 3)
"""How busy each hour of the day (UTC) is."""

OPEN: Final = {Visibility.PUBLIC, Visibility.UNLISTED}
FAVOURED: Final = 0.045
"""Of the followers who favourite an ordinary post."""


@dataclass(frozen=True, slots=True)
class Whisper:
    """A private message of somebody to a friend."""

    author_id: int
    to_id: int
    text: str
    at: datetime


@dataclass(slots=True)
class Talk:
    """All that was said so far: seeds for the feature to write, whose authors are real ids."""

    people: list[Person]
    ids: list[int]
    graph: Graph
    seeds: list[Seed] = field(default_factory=list[Seed])
    authors: list[int] = field(default_factory=list[int])
    """Places of the authors in the list of people."""
    whispers: list[Whisper] = field(default_factory=list[Whisper])

    def add(self, author: int, seed: Seed) -> None:
        """One more."""
        self.seeds.append(seed)
        self.authors.append(author)


def make_talk(dice: Random, people: list[Person], ids: list[int], graph: Graph, count: int, now: datetime) -> Talk:
    """`count` statuses of the last two weeks, from the oldest to the newest."""
    talk = Talk(people, ids, graph)
    follows: defaultdict[int, set[int]] = defaultdict(set)
    for follower, followed in graph.follows:
        follows[follower].add(followed)
    loudness = list(accumulate(min(person.talks, 12.0) or 1.5 for person in people))
    passed_on: set[tuple[int, int]] = set()
    for at in _moments(dice, count, now):
        author = dice.choices(range(len(people)), cum_weights=loudness)[0]
        kind = dice.choices(list(KINDS), weights=list(KINDS.values()))[0]
        person = people[author]
        if person.profile.bot:
            talk.add(author, Seed(author_id=ids[author], at=at, text=phrases.said(dice, "bots"), language="en"))
            continue
        target = _target(dice, talk, author, follows[author]) if kind != "thought" else None
        if kind == "reblog" and target is not None and (author, target) not in passed_on:
            passed_on.add((author, target))
            talk.add(author, Seed(author_id=ids[author], at=at, reblogs=target))
        elif kind in {"reply", "quote"} and target is not None:
            talk.add(author, _comment(dice, talk, author, target, at, kind))
        else:
            talk.add(author, _thought(dice, ids[author], person, at))
        friends = [other for other in sorted(follows[author]) if author in follows[other]]
        if friends and dice.random() < WHISPERED:
            to = dice.choice(friends)
            talk.whispers.append(Whisper(ids[author], ids[to], phrases.said(dice, "direct"), at))
    return talk


def make_favourites(dice: Random, talk: Talk, now: datetime) -> list[SeededFavourite]:
    """Likes by followers, few for most posts and many for some; `status_id` is still the status's place."""
    followers = talk.graph.followers(len(talk.people))
    found: list[SeededFavourite] = []
    for place, (seed, author) in enumerate(zip(talk.seeds, talk.authors, strict=True)):
        if seed.reblogs is not None:
            continue
        share = min(FAVOURED * dice.paretovariate(1.1), 0.7)
        for follower in followers[author]:
            if dice.random() < share:
                at = min(seed.at + timedelta(minutes=dice.expovariate(1 / 240)), now)
                found.append(SeededFavourite(talk.ids[follower], place, at))
    return sorted(found, key=lambda one: one.at)


def _moments(dice: Random, count: int, now: datetime) -> list[datetime]:
    """`count` moments of the last two weeks, more of them when people are awake."""
    found: list[datetime] = []
    while len(found) < count:
        at = now - NEWEST - (SPAN - NEWEST) * dice.random()
        if dice.random() * max(HOURS) < HOURS[at.hour]:
            found.append(at)
    return sorted(found)


def _target(dice: Random, talk: Talk, author: int, followed: set[int]) -> int | None:
    """A recent open post of somebody else, rather of somebody followed; None when there is none at hand."""
    recent = range(max(len(talk.seeds) - RECENT, 0), len(talk.seeds))
    looked_at = [
        place
        for place in dice.sample(recent, k=min(LOOKED_AT, len(recent)))
        if talk.authors[place] != author and talk.seeds[place].visibility in OPEN and talk.seeds[place].text
    ]
    known = [place for place in looked_at if talk.authors[place] in followed]
    return next(iter(known or looked_at), None)


def _thought(dice: Random, author_id: int, person: Person, at: datetime) -> Seed:
    language = person.profile.language
    hushed = Visibility.PRIVATE if person.profile.locked and dice.random() < 0.5 else None  # noqa: PLR2004 -- one in two
    visibility = dice.choices((Visibility.PUBLIC, Visibility.UNLISTED, Visibility.PRIVATE), weights=(91, 5, 4))[0]
    return Seed(
        author_id=author_id,
        at=at,
        text=phrases.thought(dice, dice.choice(person.topics), language),
        spoiler_text=phrases.warning(dice),
        language=language,
        visibility=hushed or visibility,
    )


def _comment(dice: Random, talk: Talk, author: int, target: int, at: datetime, kind: str) -> Seed:
    """A reply that names whom it answers, or a quote."""
    answered = talk.seeds[target]
    if kind == "quote":
        return Seed(
            author_id=talk.ids[author],
            at=at,
            text=phrases.said(dice, "quotes"),
            language="en",
            quotes=target if answered.visibility is Visibility.PUBLIC else None,
        )
    name = talk.people[talk.authors[target]].profile.username
    return Seed(
        author_id=talk.ids[author],
        at=at,
        text=f"@{name} {phrases.said(dice, 'replies')}",
        spoiler_text=answered.spoiler_text,
        language="en",
        visibility=answered.visibility,
        answers=target,
    )
