"""What tells a campaign from people who say the same: who they are, how old, how fast, where they lead to. Pure.

Many accounts say the same for innocent reasons: greetings and one-word answers, which are short; a sentence that is
quoted, a headline, a joke that is passed on: said by people who have been here for long, who link to the same place or
none, and over hours. A campaign needs accounts, which are new more often than anybody's here are at the time; what it
leads to moves from host to host, as hosts are blocked; its words vary, so that nobody finds them; and it hurries.
None of these signs is enough by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from linnet.features.moderation.alike.models import Sighting

NEWCOMER_DAYS: Final = 7
"""An account is a newcomer's for so long."""

AUTHORS_LEAST: Final = 4
"""Fewer accounts are no campaign, whatever they say."""

LETTERS_LEAST: Final = 24
"""Who says less than this many letters says what many say: "good morning everybody", "happy new year"."""

GATES: Final = frozenset(
    (4, 5, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 64, 80, 96, 128, 160, 192, 256, 320, 384, 448, 512, 599)
)
"""Numbers of posts alike at which they are looked at: as often while they are few as it takes, then ever less."""

SUSPICIOUS: Final = 0.35
"""Score, before anybody has read the words, from which on somebody should."""

VARIED: Final = round(0.97 * 255)
"""Likeness, in 255ths, below which one text is no plain copy of another."""

HURRY_PER_MINUTE: Final = 2.0

DOUBT: Final = 5.0

NEW: Final = 0.45
STRANGE_SITES: Final = 0.35
KNOWN_SITES: Final = 0.10
OTHER_LINKS: Final = 0.15
VARYING: Final = 0.15
HURRIED: Final = 0.15
WORDED: Final = 0.35
LESSER_MAX: Final = 0.5
"""What each sign is worth, and the lesser ones, which begin with well-known sites, together at most: where neither
newcomers nor unknown hosts are behind it nothing is a campaign, which is one from 0.6 on and sure at 0.8."""

_DAY_IDS: Final = 86_400_000 << 16
_MINUTE_IDS: Final = 60_000 << 16


@dataclass(frozen=True, slots=True)
class Evidence:
    """What can be said of posts that are alike. Shares are 0 to 1."""

    posts: int
    authors: int
    newcomers: float
    """Share of the authors."""
    newcomers_usual: float
    """Share of newcomers among whoever posts anything here just now."""
    linked: float
    """Share of the posts."""
    sites: int
    """Hosts that they link to."""
    links: int
    varied: float
    """Share of the posts that are no plain copies."""
    letters: int
    minutes: float

    @property
    def newer_than_usual(self) -> float:
        """How many more of the authors are newcomers than usual, as a share of how many more could be.

        With `DOUBT` more authors as they usually are: of four people one is easily new.
        """
        room = 1.0 - self.newcomers_usual
        share = (self.newcomers * self.authors + self.newcomers_usual * DOUBT) / (self.authors + DOUBT)
        return max(0.0, (share - self.newcomers_usual) / room) if room > 0 else 0.0


def is_newcomer(sighting: Sighting) -> bool:
    """Whether a post is by an account that had just been made; ids say when."""
    return sighting.post_id - sighting.account_id < NEWCOMER_DAYS * _DAY_IDS


def evidence(chorus: Sequence[Sighting], newcomers_usual: float) -> Evidence:
    """What can be said of a chorus of posts, at least one."""
    authors = {one.account_id: one for one in chorus}
    linked = [one for one in chorus if one.site]
    ids = [one.post_id for one in chorus]
    return Evidence(
        posts=len(chorus),
        authors=len(authors),
        newcomers=sum(map(is_newcomer, authors.values())) / len(authors),
        newcomers_usual=newcomers_usual,
        linked=len(linked) / len(chorus),
        sites=len({one.site for one in linked}),
        links=len({one.link for one in linked}),
        varied=sum(one.likeness < VARIED for one in chorus) / len(chorus),
        letters=int(median(one.letters for one in chorus)),
        minutes=(max(ids) - min(ids)) / _MINUTE_IDS,
    )


def score(seen: Evidence, *, strange_sites: int | None = None, worded: float = 0.0) -> float:
    """How sure it is that posts are a campaign, 0 to 1.

    `strange_sites`: of the hosts those that are not well known, None before anybody has looked. `worded`: how much the
    words are those of spam, 0 to 1.
    """
    if seen.authors < AUTHORS_LEAST or seen.letters < LETTERS_LEAST:
        return 0.0
    strange = seen.sites if strange_sites is None else strange_sites
    newcomers = NEW * seen.newer_than_usual
    strangers = STRANGE_SITES * _rotation(strange, seen) * seen.linked
    lesser = (
        (KNOWN_SITES, _rotation(seen.sites - strange, seen) * seen.linked),
        (OTHER_LINKS, _rotation(seen.links, seen) * seen.linked),
        (VARYING, min(1.0, seen.varied / 0.5)),
        (HURRIED, min(1.0, seen.posts / (seen.minutes + 1.0) / HURRY_PER_MINUTE)),
        (WORDED, worded),
    )
    return min(1.0, newcomers + strangers + min(LESSER_MAX, sum(weight * sign for weight, sign in lesser)))


def is_suspicious(seen: Evidence) -> bool:
    """Whether somebody should read the words: what decides before anything is asked of PostgreSQL."""
    return score(seen) >= SUSPICIOUS


def _rotation(different: int, seen: Evidence) -> float:
    """How much links move: not at all where all are the same, fully where every fourth post has one of its own."""
    return min(1.0, max(0, different - 1) / max(2.0, seen.posts * seen.linked / 4))
