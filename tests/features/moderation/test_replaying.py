"""A replay by itself: it is fair in its samples, bounded in what it keeps, and leaves out what no policy decided."""

from datetime import UTC, datetime

from linnet.features.moderation import policy
from linnet.features.moderation.measures import About, Decision, Measure, Ruling
from linnet.features.moderation.models import Finding, Reason, Span, Surface
from linnet.features.moderation.replaying import Kind, Replay

SPAM = policy.read('[[rule]]\nname = "r"\nsurfaces = ["post"]\nmeasure = "hold"\nwhen = { spam_text = 0.9 }\n')
NOW = datetime.now(UTC)


def decision(number: int, score: float, measure: Measure, *, failed: bool = False, version: int = 0) -> Decision:
    finding = Finding(Span(0, 4), Reason.SPAM_TEXT, score, "wording-1")
    ruling = Ruling(
        7, About.STATUS, Surface.POST, measure, (finding,), reputation=0.67, failed=failed, policy_version=version
    )
    return Decision(number, ruling, NOW)


def test_of_very_many_changes_few_are_kept_from_all_the_time() -> None:
    stricter = policy.read('[[rule]]\nname = "s"\nsurfaces = ["post"]\nmeasure = "hold"\nwhen = { spam_text = 0.5 }\n')
    trial = Replay(stricter, {0: SPAM}, samples=10)
    for number in range(10_000):
        trial.take(decision(number, 0.7, Measure.ALLOW))
    (change,) = trial.changes.values()
    assert change.number == 10_000
    assert change.rules == {"s": 10_000}
    ids = sorted(sample.decision.id for sample in change.samples.values())
    assert len(ids) == 10
    assert ids[0] < 4_000
    assert ids[-1] > 6_000
    again = Replay(stricter, {0: SPAM}, samples=10)
    for number in reversed(range(10_000)):
        again.take(decision(number, 0.7, Measure.ALLOW))
    (other,) = again.changes.values()
    assert sorted(sample.decision.id for sample in other.samples.values()) == ids, "whichever way it is read"


def test_what_no_policy_decided_is_left_out() -> None:
    trial = Replay(policy.read(""), {0: SPAM})
    trial.take(decision(1, 0.95, Measure.HOLD))
    trial.take(decision(2, 0.95, Measure.ALLOW))  # pardoned, or published while its author was away
    trial.take(decision(3, 0.95, Measure.ALLOW, failed=True))
    assert (trial.seen, trial.left_out) == (3, 2)
    assert {kind: change.number for kind, change in trial.changes.items()} == {
        Kind(Surface.POST, Measure.HOLD, Measure.ALLOW): 1
    }


def test_a_policy_that_can_be_read_no_more_only_costs_the_name_of_its_rule() -> None:
    trial = Replay(policy.read(""), {})
    trial.take(decision(1, 0.95, Measure.HOLD, version=3))
    (change,) = trial.changes.values()
    assert change.rules == {"no rule": 1}
