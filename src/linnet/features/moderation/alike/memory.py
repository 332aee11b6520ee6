"""What a process knows of texts while a request waits: what an author said just before, and campaigns that are known.

Nothing is asked here: it is what this process has seen itself, and what it has read of campaigns before.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from linnet.features.moderation.alike.signs import NEWCOMER_DAYS
from linnet.features.moderation.detectors.duplicates import likeness
from linnet.features.moderation.models import Signature

AUTHORS_MAX: Final = 10_000
"""Authors whose last texts a process remembers: 1.5 kB each."""

RECENT_MAX: Final = 6
RECENT_S: Final = 3_600.0
"""Who says the same again after an hour has a reason to."""

OF_A_CAMPAIGN: Final = 0.55
"""Likeness to one of a campaign's texts from which on a text is taken for one of it."""

OLD_AND_PLAIN: Final = 0.5
"""What is left of a campaign's score for a text by an account that is no newcomer, and that links to no unknown host:
somebody's own words may have been copied, or they may warn of it."""

SHORT_LETTERS: Final = 16
SHORT: Final = 0.5
"""What is left of the score of texts with fewer letters: "yes" and "thank you" are said to many."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as processes know it."""

    id: int
    score: float
    signatures: tuple[Signature, ...]
    chorus_ids: frozenset[int]
    linked: bool
    """Whether most of its posts link to somewhere that is not well known."""


class Recent:
    """What each of the latest authors said in the last hour."""

    def __init__(self) -> None:
        self._said: dict[int, tuple[tuple[float, bytes], ...]] = {}

    def of(self, account_id: int, at_s: float) -> tuple[Signature, ...]:
        """The sketches of an author's texts of the hour before a moment, the latest first."""
        said = self._said.get(account_id, ())
        return tuple(Signature(sketch, ()) for when_s, sketch in said if at_s - when_s < RECENT_S)

    def note(self, account_id: int, at_s: float, signature: Signature) -> None:
        """Remember what an author says."""
        before = self._said.pop(account_id, ())
        self._said[account_id] = ((at_s, signature.sketch), *before[: RECENT_MAX - 1])
        if len(self._said) > AUTHORS_MAX:
            del self._said[next(iter(self._said))]


def repetition(likenesses: Iterable[float], letters: int, alike: float) -> float:
    """How surely an author repeats themselves, 0 to 1: the likeness, by how often they said it before, and its length.

    Half of it at the first time that something is said again, three quarters at the second, seven eighths at the third.
    """
    found = [one for one in likenesses if one >= alike]
    if not found:
        return 0.0
    return max(found) * (1 - 0.5 ** len(found)) * (1.0 if letters >= SHORT_LETTERS else SHORT)


class Known:
    """Campaigns that are under way, by the keys of their texts."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[int, int], list[tuple[Campaign, Signature]]] = {}
        self._by_chorus: dict[int, Campaign] = {}

    def learn(self, campaigns: Iterable[Campaign]) -> None:
        """Know these, and no others."""
        by_key: dict[tuple[int, int], list[tuple[Campaign, Signature]]] = defaultdict(list)
        by_chorus: dict[int, Campaign] = {}
        for campaign in campaigns:
            for signature in campaign.signatures:
                for key in enumerate(signature.bands):
                    by_key[key].append((campaign, signature))
            by_chorus |= dict.fromkeys(campaign.chorus_ids, campaign)
        self._by_key, self._by_chorus = dict(by_key), by_chorus

    def campaign_of(self, signature: Signature) -> Campaign | None:
        """The campaign that a text belongs to by its words, the likest one's."""
        if not self._by_key:
            return None
        best, alike = None, OF_A_CAMPAIGN
        for key in enumerate(signature.bands):
            for campaign, one in self._by_key.get(key, ()):
                if (likely := likeness(signature, one)) >= alike:
                    best, alike = campaign, likely
        return best

    def campaign_of_chorus(self, chorus_id: int) -> Campaign | None:
        """The campaign that a chorus is of."""
        return self._by_chorus.get(chorus_id)


def implicated(campaign: Campaign, account_days: float, *, links_to_unknown: bool) -> float:
    """The score of a campaign for one of its posts: all of it by a newcomer, or with a link as the campaign's are."""
    if account_days < NEWCOMER_DAYS or (campaign.linked and links_to_unknown):
        return campaign.score
    return campaign.score * OLD_AND_PLAIN
