"""What is a copy of what, however it was altered; and a window of many posts that finds it."""

import pytest

from linnet.features.moderation.detectors import duplicates
from linnet.features.moderation.detectors.duplicates import MemoryWindow, are_near, likeness, signature
from linnet.features.moderation.detectors.normal import fold
from linnet.features.moderation.models import Context, History, Reason, Signature

OFFER = "Start your new life today, our members earn more than they ever dreamt of http://example.com/join"
OTHER = "The committee meets again on Thursday to talk about the bridge across the river"


def of(text: str) -> Signature:
    return signature(fold(text))


@pytest.mark.parametrize(
    "altered",
    [
        OFFER,
        OFFER.upper() + "!!!",
        OFFER.replace("http://example.com/join", "http://other.example/4tz"),
        "@somebody @else " + OFFER,
        OFFER + " #blessed #money 🔥🔥",
        OFFER + " 48213",
        OFFER.replace("e", "е"),  # the Cyrillic letter
        OFFER.replace("a", "a\u200b"),
        OFFER.replace("o", "0").replace("e", "3"),
        "PLEASE READ: " + OFFER,
        "our members earn more than they ever dreamt of. Start your new life today",
        OFFER.replace("members", "friends"),
        "  ".join(OFFER.split(" ")),
    ],
)
def test_an_altered_copy_is_a_near_duplicate(altered: str) -> None:
    assert are_near(OFFER, altered)
    assert likeness(of(OFFER), of(altered)) >= duplicates.ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (OFFER, OTHER),
        ("Good morning!", "Until tomorrow then"),
        ("yes", "no"),
        ("", "a"),
        ("👍", "👎"),
        ("仕事中", "帰ります"),
    ],
)
def test_other_texts_are_not(one: str, other: str) -> None:
    assert not are_near(one, other)
    assert likeness(of(one), of(other)) < duplicates.ALIKE


def test_short_texts_are_duplicates_only_when_they_are_the_same() -> None:
    assert are_near("lol", "LOL")
    assert not are_near("lol", "lool")


def test_an_author_repeats_themselves() -> None:
    history = History(recent=(of(OTHER), of(OFFER)))
    (again,) = duplicates.detect("Hey! " + OFFER, Context(history=history))
    assert again.reason in {Reason.NEAR_DUPLICATE, Reason.DUPLICATE}
    (copy,) = duplicates.detect(OFFER, Context(history=history))
    assert copy.reason is Reason.DUPLICATE
    assert duplicates.detect("Something else entirely, about a dog", Context(history=history)) == []
    assert duplicates.detect(OFFER, Context()) == []


def test_a_window_finds_the_likest_and_forgets_the_oldest() -> None:
    window = MemoryWindow(100)
    window.add(1, of(OFFER))
    window.add(2, of(OTHER))
    near = window.near(of("Read this! " + OFFER))
    assert near is not None
    assert near[0] == 1
    assert window.near(of("Nothing of the kind was ever said before around here")) is None
    for post_id in range(3, 110):
        window.add(post_id, of(f"{post_id * 7919:x} {post_id * 104729:x} words {post_id * 31:x} of no one {post_id:b}"))
    assert window.near(of(OFFER)) is None
