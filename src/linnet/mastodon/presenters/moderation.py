"""Decisions for the wire, in words."""

from collections.abc import Sequence

from linnet.features.moderation import explaining
from linnet.features.moderation.explaining import Part
from linnet.features.statuses.models import Moderated, Status
from linnet.mastodon.entities.moderation import ModerationReason, StatusModeration


def label_of(labels: Sequence[str]) -> str:
    """The warning that stands before a labelled status which has none of its own."""
    return explaining.warning(labels)


def present_moderated(status: Status, moderated: Moderated) -> StatusModeration:
    """What is told to the author of a status."""
    parts = Part.of_status(status.spoiler_text, status.text)
    return StatusModeration(
        withheld=moderated.withheld,
        limited=moderated.limited,
        labels=list(moderated.labels),
        decision_id=str(moderated.decision_id) if moderated.decision_id else None,
        measure=moderated.measure.value if moderated.measure else None,
        text=explaining.state(withheld=moderated.withheld, limited=moderated.limited, labels=moderated.labels),
        reasons=[
            ModerationReason(one.code, one.text, one.field, one.start, one.end, one.excerpt)
            for one in explaining.reasons(moderated.findings, parts)
        ],
    )
