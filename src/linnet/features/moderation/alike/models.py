"""The nouns of near-duplicates: a post as the window knows it, and the posts that are alike."""

from dataclasses import dataclass
from struct import Struct
from typing import Final, Self

from linnet.features.moderation.models import Signature

PLACES_LOG2_MIN: Final = 12
PLACES_LOG2_MAX: Final = 22
"""4,194,304 posts: of the 32 bits that a slot has, ten are left to tell whose key it was."""

LETTERS_MAX: Final = 65_535
_POST: Final = Struct(">qqIIHB")


@dataclass(frozen=True, slots=True)
class AlikeRules:
    """How much the window remembers: 0 posts switch it off."""

    posts: int = 262_144
    """Rounded up to a power of two; 135 bytes of Valkey's memory each."""
    hours: int = 6

    @property
    def life_s(self) -> int:
        """How long a post is remembered at most, in seconds."""
        return self.hours * 3_600

    @property
    def places_log2(self) -> int:
        """The logarithm, to the base of two, of how many posts have a place."""
        return min(max((self.posts - 1).bit_length(), PLACES_LOG2_MIN), PLACES_LOG2_MAX)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A post as those it is like are told of it: 27 bytes, and nothing that somebody wrote."""

    post_id: int
    account_id: int
    site: int = 0
    """A hash of the host that its first link leads to; 0 without a link."""
    link: int = 0
    """A hash of that link."""
    letters: int = 0
    """Of what it says beside links, mentions and hashtags."""
    likeness: int = 255
    """How like it was to the one it was found by, in 255ths."""

    BYTES = _POST.size

    def packed(self) -> bytes:
        """The sighting as bytes."""
        letters = min(self.letters, LETTERS_MAX)
        return _POST.pack(self.post_id, self.account_id, self.site, self.link, letters, self.likeness)

    @classmethod
    def unpacked(cls, string: bytes, start: int = 0) -> Self:
        """The sighting that was packed from `start` on."""
        return cls(*_POST.unpack_from(string, start))


@dataclass(frozen=True, slots=True)
class Seen:
    """A post that is to be looked for and remembered."""

    sighting: Sighting
    signature: Signature


@dataclass(frozen=True, slots=True)
class Chorus:
    """Posts that are alike: where they are counted, and the first of them, whose id is theirs."""

    place: int
    id: int


@dataclass(frozen=True, slots=True)
class Joined:
    """What came of a look: the chorus a post is in now, and how many that has, as far as it is counted."""

    chorus: Chorus
    number: int
    likeness: float
    """To the post it was found by."""
