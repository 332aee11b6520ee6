"""What counts as profane, in which spellings, and what only looks like it. The words are those people are called."""

import pytest

from linnet.features.moderation.detectors import profanity
from linnet.features.moderation.detectors.words import innocents, terms
from linnet.features.moderation.models import Context, Finding, Reason, Surface

UNWELCOME = 0.5
BY_ITSELF = Context()


def found(text: str, context: Context = BY_ITSELF) -> list[Finding]:
    return [one for one in profanity.detect(text, context) if one.score >= UNWELCOME]


def quoted(text: str) -> list[str]:
    return [text[one.span.start : one.span.end] for one in found(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("what the fuck is this", ["fuck"]),
        ("FuCkInG hell", ["FuCk"]),
        ("such ａssｈole behaviour", ["ａssｈole"]),
        ("you f\u200bu\u200bc\u200bk", ["f\u200bu\u200bc\u200bk"]),
        ("you fúçk", ["fúçk"]),
        ("fυсκ this", ["fυсκ"]),
        ("𝐛𝐢𝐭𝐜𝐡 please", ["𝐛𝐢𝐭𝐜𝐡"]),
        ("b1tch please", ["b1tch"]),
        ("oh 5h!t happens", ["5h!t"]),
        ("fuuuuuck off", ["fuuuuuck"]),
        ("biiiitchhhh", ["biiiitchhhh"]),
        ("he is a w a n k e r ok", ["a w a n k e r"]),
        ("a s-l-u-t they said", ["a s-l-u-t"]),
        ("c.u.n.t", ["c.u.n.t"]),
        ("f*ck and sh*t and c-nt", ["f*ck", "sh*t", "c-nt"]),
        ("f**king", ["f**king"]),
        ("#totaltwat", ["twat"]),
        ("you're such retards", ["retard"]),
        ("иди нахуй", ["нахуй"]),
        ("пи3дец", ["пи3д"]),
        ("eres un hijo de puta", ["hijo de puta"]),
        ("du Hurensohn", ["Hurensohn"]),
        ("这个傻逼", ["傻逼"]),
    ],
)
def test_profanity_is_found_however_it_is_spelt(text: str, words: list[str]) -> None:
    assert [word[: len(expected)] for word, expected in zip(quoted(text), words, strict=True)] == words


@pytest.mark.parametrize(
    "text",
    [
        "Greetings from Scunthorpe, Penistone, Clitheroe and Lightwater",
        "Dr Dick Hancock, Ms Cockburn and Mr Fagan assess the analysis",
        "a shiitake grasshopper passed the class assignment in Essex",
        "snigger at the niggardly shuttlecock titan",
        "the Matsushita report on Phuket, assembled in Arsenal's cockpit",
        "spicy spicer and the retardant coating",
        "h-a-n-g-o-u-t with k i d s at the w473r",
        "co-op, re-do, e-mail, n-th, o'clock, 100% 5h 7pm 3d",
        "beaaaautiful suuuunset wooooow",
        "der Dickdarm und die Ficus",
        "it's a Thai word: ฟัก",
    ],
)
def test_scunthorpe_is_a_town(text: str) -> None:
    assert quoted(text) == []


def test_what_is_said_to_somebody_weighs_more() -> None:
    alone = found("this is bullshit")[0].score
    aimed = found("this is bullshit", Context(surface=Surface.MESSAGE_REQUEST, aimed_at_person=True))[0].score
    assert found("you bastard")[0].score == aimed > alone


def test_slurs_profanity_and_mild_words_are_told_apart() -> None:
    assert [one.reason for one in profanity.detect("a faggot, a bastard", BY_ITSELF)] == [Reason.SLUR, Reason.PROFANITY]
    mild, strong = profanity.detect("damn this bullshit", BY_ITSELF)
    assert mild.score < UNWELCOME < strong.score


def test_a_word_that_another_language_needs_is_profane_only_there() -> None:
    turkish = next(term for term in terms() if term.languages == frozenset(("tr",)) and not term.is_alone)
    assert profanity.detect(f"x {turkish.text} x", BY_ITSELF) == []
    assert profanity.detect(f"x {turkish.text} x", Context(language="tr")) != []


def test_one_place_is_found_once() -> None:
    findings = profanity.detect("motherfucking cocksucker", BY_ITSELF)
    assert len(findings) == 2
    assert findings[0].span.end <= findings[1].span.start


def test_the_lists_are_whole() -> None:
    assert len(terms()) > 4_000
    assert len({term.text for term in terms()}) == len(terms())
    assert "scunthorpe" in innocents()
