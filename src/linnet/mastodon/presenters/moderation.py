"""Decisions for the wire, in words."""

from collections.abc import Sequence

from linnet.features.moderation import explaining
from linnet.features.moderation.explaining import Told
from linnet.features.moderation.judging import Refused
from linnet.features.moderation.measures import Part
from linnet.features.statuses.models import Moderated, Status
from linnet.mastodon.entities.moderation import ModerationReason, Refusal, StatusModeration


def label_of(labels: Sequence[str]) -> str:
    """The warning that stands before a labelled status which has none of its own."""
    return explaining.warning(labels)


def present_moderated(status: Status, moderated: Moderated) -> StatusModeration:
    """What is told to the author of a status."""
    options = status.poll.options if status.poll else ()
    parts = () if moderated.outdated else Part.of_status(status.spoiler_text, status.text, options)
    return StatusModeration(
        withheld=moderated.withheld,
        limited=moderated.limited,
        labels=list(moderated.labels),
        decision_id=str(moderated.decision_id) if moderated.decision_id else None,
        measure=moderated.measure.value if moderated.measure else None,
        text=explaining.state(withheld=moderated.withheld, limited=moderated.limited, labels=moderated.labels),
        reasons=_reasons(explaining.reasons(moderated.findings, parts)),
    )


def present_refusal(refused: Refused) -> Refusal:
    """What is told to the author of a text that is not published."""
    return Refusal(str(refused.decision_id), refused.measure.value, _reasons(refused.told))


def _reasons(told: Sequence[Told]) -> list[ModerationReason]:
    return [ModerationReason(one.code, one.text, one.field, one.start, one.end, one.excerpt) for one in told]
