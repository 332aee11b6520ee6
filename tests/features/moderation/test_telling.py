"""What an author is told of a decision: every measure, reason and outcome in words, and what can be done."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from linnet.features.moderation.measures import About, Decision, Measure, Part, Ruling
from linnet.features.moderation.models import Finding, Reason, Span, Surface
from linnet.features.moderation.telling import APPEALABLE, DECIDED, OVERTURNED, REMEDIES, THINGS, tell

TEXT = "Look at http://paypa1.example/login, you fool"


def decided(measure: Measure, *findings: Finding, about: About = About.STATUS, upheld: bool | None = None) -> Decision:
    return Decision(1, Ruling(7, about, Surface.POST, measure, findings), datetime.now(UTC), upheld=upheld)


def found(reason: Reason, score: float = 0.9) -> Finding:
    return Finding(Span(TEXT.index("http"), TEXT.index(",")), reason, score, "test-1")


def test_every_measure_thing_and_reason_has_words() -> None:
    assert set(DECIDED) == set(OVERTURNED) == set(Measure)
    assert set(THINGS) == set(About)
    assert set(REMEDIES) == set(Reason)


@pytest.mark.parametrize("measure", Measure)
@pytest.mark.parametrize("about", About)
@pytest.mark.parametrize("upheld", [None, True, False])
def test_whatever_was_decided_is_one_sentence_about_it(measure: Measure, about: About, *, upheld: bool | None) -> None:
    told = tell(decided(measure, about=about, upheld=upheld), [Part("status", TEXT)], may_appeal=measure in APPEALABLE)
    assert THINGS[about] in told.sentence
    assert "{" not in told.sentence
    if upheld is False:
        assert told.next_steps == ()
    elif measure in APPEALABLE:
        assert "appeal" in told.next_steps[-1]


def test_who_can_help_themselves_by_a_change_is_told_how() -> None:
    lookalike = found(Reason.URL_LOOKALIKE)
    told = tell(decided(Measure.REJECT, lookalike), [Part("status", TEXT)], may_appeal=True)
    assert "“http://paypa1.example/login”" in told.sentence
    assert told.next_steps[0].startswith("Link to the page itself")
    assert "change it and send it again" in told.next_steps[1]
    held = tell(decided(Measure.HOLD, lookalike), [Part("status", TEXT)], may_appeal=True)
    assert held.next_steps[0].startswith("There is nothing to do but wait")
    upheld = tell(decided(Measure.HOLD, lookalike, upheld=True), [Part("status", TEXT)], may_appeal=False)
    assert upheld.next_steps == ()
    assert "A moderator has looked" in upheld.sentence


def test_words_that_are_not_kept_are_not_quoted() -> None:
    decision = decided(Measure.REJECT, found(Reason.SLUR))
    told = tell(replace(decision), [], may_appeal=True)
    assert "a slur" in told.sentence
    assert "“" not in told.sentence
