"""The people of `linnet demo` and who follows whom: a graph with hubs, as real ones are."""

import unicodedata
from bisect import bisect
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Final

from linnet.cli.demo.phrases import corpus, languages, topics
from linnet.features.accounts.models import ProfileField
from linnet.features.accounts.seeding import Profile

SPAN: Final = timedelta(days=14)
"""How far back the network goes. People were there before the first post."""

LOCKED_SHARE: Final = 0.05
FOLLOWING_MIN: Final = 6
FOLLOWING_MEAN: Final = 24
FOLLOWS_BACK: Final = 0.35
ASKERS_MAX: Final = 8


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody made up, with what they talk about and how much."""

    profile: Profile
    topics: tuple[str, ...]
    talks: float
    """How much of the talking is theirs, as a weight."""


@dataclass(frozen=True, slots=True)
class Graph:
    """Who follows whom, and who waits to be let in, by places in the list of people."""

    follows: list[tuple[int, int]]
    requests: list[tuple[int, int]]

    def followers(self, count: int) -> list[list[int]]:
        """The followers of each of `count` people."""
        found: list[list[int]] = [[] for _ in range(count)]
        for follower, followed in self.follows:
            found[followed].append(follower)
        return found


def make_people(dice: Random, count: int, now: datetime, taken: Collection[str] = ()) -> list[Person]:
    """`count` people with different names that are not `taken` (in lower case), the bots among them last."""
    words = corpus("people")
    bots = [_bot(dice, name, shown, note, now) for name, shown, note in words["bots"] if name not in taken]
    names = set(taken)
    people: list[Person] = []
    while len(people) < count - len(bots):
        shown = f"{dice.choice(words['first'])} {dice.choice(words['last'])}"
        if (username := _username(dice, shown)) not in names:
            names.add(username)
            people.append(_person(dice, username, shown, now))
    return people + bots


def _person(dice: Random, username: str, shown: str, now: datetime) -> Person:
    words = corpus("people")
    loves = tuple(dice.sample(topics(), k=dice.choice((1, 2, 2, 3))))
    spoken = languages()
    facts = [
        dice.choice(words["trades"]).capitalize(),
        f"in {dice.choice(words['places'])}",
        dice.choice(words["habits"]),
    ]
    note = ", ".join(facts[: dice.choice((1, 2, 3, 3))]) + f". Mostly about #{' #'.join(loves)}"
    fields = (ProfileField("Pronouns", dice.choice(("she/her", "he/him", "they/them"))),) if dice.random() < 0.4 else ()  # noqa: PLR2004
    if dice.random() < 0.25:  # noqa: PLR2004 -- one in four has a page of their own
        fields = (*fields, ProfileField("Website", f"https://{username.replace('_', '-')}.example.org"))
    return Person(
        Profile(
            username=username,
            display_name=shown,
            note=note,
            language=dice.choices(list(spoken), weights=list(spoken.values()))[0],
            email=f"{username}@example.org",
            created_at=_joined(dice, now),
            fields=fields,
            locked=dice.random() < LOCKED_SHARE,
        ),
        loves,
        dice.paretovariate(1.3),
    )


def _bot(dice: Random, username: str, shown: str, note: str, now: datetime) -> Person:
    profile = Profile(
        username=username,
        display_name=shown,
        note=note,
        language="en",
        email=f"{username}@example.org",
        created_at=_joined(dice, now),
        bot=True,
    )
    return Person(profile, (), 0.0)


def _joined(dice: Random, now: datetime) -> datetime:
    return now - SPAN - timedelta(minutes=dice.uniform(10, 200 * 24 * 60))


def _username(dice: Random, shown: str) -> str:
    """A user name as people choose them: ada_berg, adaberg, ada42."""
    plain = unicodedata.normalize("NFKD", shown.replace("ł", "l").replace("Ł", "L")).encode("ascii", "ignore").decode()
    first, last = plain.lower().split()
    return dice.choice((f"{first}_{last}", f"{first}{last}", f"{first}{dice.randint(2, 99)}", f"{last}_{first[0]}"))


def make_graph(dice: Random, people: list[Person]) -> Graph:
    """Everybody follows some, the much-followed and the like-minded sooner (Barabási and Albert 1999)."""
    pull = [1.0 + person.talks for person in people]
    follows: set[tuple[int, int]] = set()
    requests: set[tuple[int, int]] = set()
    for me in dice.sample(range(len(people)), k=len(people)):
        wanted = min(len(people) - 1, FOLLOWING_MIN + int(dice.expovariate(1 / (FOLLOWING_MEAN - FOLLOWING_MIN))))
        for other in _chosen(dice, people, pull, me, wanted):
            asks = people[other].profile.locked and sum(one == other for _, one in requests) < ASKERS_MAX
            if asks and dice.random() < 0.3:  # noqa: PLR2004 -- the others were let in
                requests.add((me, other))
                continue
            follows.add((me, other))
            pull[other] += 1.0
            if dice.random() < FOLLOWS_BACK and not people[me].profile.locked and not people[other].profile.bot:
                follows.add((other, me))
                pull[me] += 1.0
    return Graph(sorted(follows), sorted(requests - follows))


def _chosen(dice: Random, people: list[Person], pull: list[float], me: int, wanted: int) -> set[int]:
    """`wanted` others, drawn by pull; shared interests double it."""
    mine = set(people[me].topics)
    liking = [2.0 if mine.intersection(person.topics) else 1.0 for person in people]
    weights = [one * times for one, times in zip(pull, liking, strict=True)]
    weights[me] = 0.0
    sums = list(accumulate(weights))
    found: set[int] = set()
    while len(found) < wanted:
        found.add(bisect(sums, dice.random() * sums[-1]))
    return found - {me, len(people)}
