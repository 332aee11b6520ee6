"""Policies of moderation for the wire. No statement."""

from linnet.features.cases.policies.reads import Overview, Replayed
from linnet.features.moderation.explaining import reasons
from linnet.features.moderation.measures import joined
from linnet.features.moderation.policies import Version
from linnet.features.moderation.replaying import Change, Kind, Sample
from linnet.mastodon import dates
from linnet.mastodon.entities import policy as entities
from linnet.mastodon.entities.moderation import ModerationReason


def present_policies(overview: Overview) -> entities.Policies:
    """All versions, with the one that Linnet comes with, and which held when."""
    written = [_policy(one, active=one.number == overview.active.number) for one in overview.versions]
    came_with = _policy(Version(0, ""), active=overview.active.number == 0)
    return entities.Policies(
        [*written, came_with],
        [
            entities.PolicyActivation(one.number, _id(one.activated_by), dates.moment(one.activated_at))
            for one in overview.activations
        ],
    )


def present_policy(version: Version, *, active: bool) -> entities.PolicySource:
    """One version as it is written."""
    return entities.PolicySource(
        version=version.number,
        active=active,
        note=version.note,
        made_by_account_id=_id(version.made_by),
        created_at=dates.moment(version.made_at) if version.made_at else None,
        source=version.source,
    )


def present_replay(replayed: Replayed) -> entities.PolicyReplay:
    """What a policy would have changed, the most frequent change first."""
    trial = replayed.replay
    kinds = sorted(trial.changes, key=lambda kind: (-trial.changes[kind].number, kind))
    return entities.PolicyReplay(
        since=dates.moment(replayed.since),
        complete=replayed.complete,
        decisions=trial.seen,
        same=trial.same.total(),
        left_out=trial.left_out,
        changes=[_change(replayed, kind, trial.changes[kind]) for kind in kinds],
    )


def _policy(version: Version, *, active: bool) -> entities.Policy:
    return entities.Policy(
        version=version.number,
        active=active,
        note=version.note,
        made_by_account_id=_id(version.made_by),
        created_at=dates.moment(version.made_at) if version.made_at else None,
    )


def _change(replayed: Replayed, kind: Kind, change: Change) -> entities.ReplayChange:
    return entities.ReplayChange(
        surface=kind.surface.value,
        before=kind.before.value,
        after=kind.after.value,
        number=change.number,
        rules=[entities.ReplayRule(name, number) for name, number in change.rules.most_common()],
        samples=[_sample(replayed, one) for one in change.samples.values()],
    )


def _sample(replayed: Replayed, sample: Sample) -> entities.ReplaySample:
    decision = sample.decision
    parts = replayed.words.get(decision.id, ())
    return entities.ReplaySample(
        decision_id=str(decision.id),
        account_id=str(decision.ruling.account_id),
        text=joined(parts) or None,
        rule=sample.rule,
        signs=[entities.ReplaySign(one.name, round(one.score, 4), round(one.least, 4)) for one in sample.signs],
        reasons=[
            ModerationReason(one.code, one.text, one.field, one.start, one.end, one.excerpt)
            for one in reasons(decision.ruling.findings, parts)
        ],
        created_at=dates.moment(decision.decided_at),
    )


def _id(account_id: int | None) -> str | None:
    return None if account_id is None else str(account_id)
