"""Policies: how they are read, what mistakes they are told of, and what they do about what was found."""

import pytest

from linnet.features.moderation import explaining, policy
from linnet.features.moderation.measures import Measure, Part, joined
from linnet.features.moderation.models import GROUPS, Finding, Reason, Span, Surface
from linnet.features.moderation.policy import PolicyInvalid

RULES = """
[reputation]
neutral = 0.6
doubling = 0.1

[weights]
spam_text = 0.5
spam = 0.5
link = 0.5

[[rule]]
name = "much spam"
surfaces = ["post", "message_request"]
measure = "reject"
when = { spam = 0.9 }

[[rule]]
name = "spam and link"
surfaces = ["post"]
measure = "hold"
when = { spam_text = 0.8, link = 0.5 }

[[rule]]
name = "rude"
surfaces = ["post"]
measure = "label"
whoever = true
when = { profanity = 0.8 }

[[rule]]
name = "rude to somebody"
surfaces = ["post"]
measure = "warn"
aimed = true
when = { rude = 0.7 }

[[rule]]
name = "a bit of all"
surfaces = ["post"]
measure = "limit_reach"
when = { together = 0.5 }
"""


def found(**scores: float) -> list[Finding]:
    return [
        Finding(Span(place, place + 1), Reason(reason), score, "1")
        for place, (reason, score) in enumerate(scores.items())
    ]


def outcome(
    findings: list[Finding], *, surface: Surface = Surface.POST, reputation: float = 0.6, aimed: bool = False
) -> policy.Outcome:
    return policy.decide(policy.read(RULES, 7), findings, surface=surface, reputation=reputation, aimed=aimed)


def test_the_default_policy_can_be_read_and_allows_what_nothing_is_found_in() -> None:
    assert policy.default().version == 0
    for surface in Surface:
        assert policy.decide(policy.default(), [], surface=surface, reputation=0, aimed=True).measure is Measure.ALLOW


def test_every_reason_has_a_group_and_words() -> None:
    assert set(GROUPS) == set(explaining.WORDS) == set(Reason)


def test_all_signs_of_a_rule_must_be_there_and_the_hardest_rule_holds() -> None:
    assert outcome(found(spam_text=0.85)).rule is None
    held = outcome(found(spam_text=0.85, url_malicious=0.6, gibberish=0.9))
    assert (held.measure, held.rule) == (Measure.HOLD, "spam and link")
    assert {one.reason for one in held.because} == {Reason.SPAM_TEXT, Reason.URL_MALICIOUS}
    assert outcome(found(spam_text=0.85, url_malicious=0.6), surface=Surface.PROFILE).measure is Measure.ALLOW


def test_several_reasons_of_a_group_make_it_surer_each_by_its_weight() -> None:
    assert outcome(found(spam_text=1.0)).measure is not Measure.REJECT, "half of 1 is 0.5"
    assert outcome(found(spam_text=1.0, spam_offer=0.8)).measure is Measure.REJECT, "1 - (1 - 0.5)(1 - 0.8) = 0.9"


def test_a_reason_that_is_all_of_its_group_counts_once() -> None:
    held = policy.read("[weights]\nslur = 0.5\n")
    scores = policy.scores_of(held, found(slur=0.8))
    assert scores == {"slur": 0.8, "together": pytest.approx(0.4)}


def test_weak_signs_of_several_groups_come_together() -> None:
    assert outcome(found(spam_offer=0.4)).measure is Measure.ALLOW
    limited = outcome(found(spam_offer=0.6, url_shortener=0.6))
    assert (limited.measure, len(limited.because)) == (Measure.LIMIT_REACH, 2), "1 - 0.7 · 0.7 = 0.51"


def test_reputation_widens_and_narrows_the_room_above_a_threshold() -> None:
    offer = found(spam_offer=0.85)
    assert outcome(offer, reputation=0.6).measure is Measure.ALLOW
    assert outcome(offer, reputation=0.5).measure is Measure.REJECT, "0.9 is 0.8 for who has so much less"
    sure = found(spam_offer=0.94)
    assert outcome(sure, reputation=0.6).measure is Measure.REJECT
    assert outcome(sure, reputation=0.7).measure is Measure.ALLOW, "and 0.95 for who has so much more"


def test_labels_are_the_same_for_whoever_says_it_and_are_on_what_is_published_too() -> None:
    for reputation in (0.1, 0.9):
        assert outcome(found(profanity=0.8), reputation=reputation).labels == ("rude",)
        assert outcome(found(profanity=0.79), reputation=reputation, aimed=False).labels == ()
    limited = outcome(found(profanity=0.8), aimed=True)
    assert (limited.measure, limited.labels) == (Measure.LIMIT_REACH, ("rude",))


def test_every_mistake_of_a_policy_is_named_with_what_to_write_instead() -> None:
    with pytest.raises(PolicyInvalid) as told:
        policy.read(
            """
            thresholds = 1
            [weights]
            spam = 2
            [[rule]]
            name = "one"
            surfaces = ["post", "wall"]
            measure = "hide"
            when = { spam = 1.5, unicorns = 0.5 }
            [[rule]]
            name = "one"
            surfaces = ["report"]
            measure = "reject"
            when = { spam = 0.5 }
            aimed = "no"
            whoever = 1
            [[rule]]
            """
        )
    for part in (
        "“thresholds”, which means nothing: use reputation, weights, rule",
        "weights: spam must be a number from 0 to 1",
        "'wall' is none of post, reply_to_stranger",
        "measure: 'hide' is none of allow, label",
        "spam must be a number from 0.05 to 0.999",
        "nothing is known by “unicorns”: use rude, slur",
        "“reject” cannot be done about “report”: use allow, warn",
        "aimed must be true or false",
        "whoever must be true",
        "two rules are named “one”",
        "rule 3 has no name",
        "rule 3 has no signs",
        "rule 3 is for no surface",
    ):
        assert part in told.value.message


@pytest.mark.parametrize("source", ["rule = 1", "reputation = 3", "[[rule]]\nname = [", "x" * 100_001, "rule = [1, 2]"])
def test_what_is_no_policy_is_refused_in_words(source: str) -> None:
    with pytest.raises(PolicyInvalid):
        policy.read(source)


def test_a_policy_may_let_everything_pass() -> None:
    lax = policy.read("")
    assert policy.decide(lax, found(slur=1.0), surface=Surface.POST, reputation=0, aimed=True).measure is Measure.ALLOW


def test_an_explanation_says_in_which_field_and_where() -> None:
    parts = Part.of_status("Hé 👋", "one two", ["three"])
    text = joined(parts)
    assert text == "Hé 👋\none two\nthree"

    def place(start: int, end: int) -> tuple[str, int, int, str]:
        [told] = explaining.reasons([Finding(Span(start, end), Reason.SLUR, 1.0, "1")], parts)
        return told.field, told.start, told.end, told.excerpt

    assert place(0, 2) == ("spoiler_text", 0, 2, "Hé")
    assert place(9, 12) == ("status", 4, 7, "two")
    assert place(13, 18) == ("poll", 0, 5, "three")
    assert place(0, len(text)) == ("status", 0, 7, "one two"), "of the text as a whole, the longest part"
    assert place(9, 18) == ("status", 4, 7, "two"), "where it begins"
    assert explaining.reasons([Finding(Span(0, 2), Reason.SLUR, 1.0, "1")], ())[0].excerpt == ""


def test_the_surest_reasons_come_first_and_no_more_than_a_few() -> None:
    findings = [*found(**{one.value: 0.1 + place / 100 for place, one in enumerate(Reason)}), *found(slur=1.0)]
    told = explaining.reasons(findings, (Part("status", "x" * 50),))
    assert len(told) == explaining.REASONS_MAX
    assert told[0].code == "slur"
