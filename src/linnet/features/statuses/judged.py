"""What the engine says of a status before it is published: whether it may be, and what others are to see of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec import structs

from linnet.features.accounts.models import Viewer
from linnet.features.moderation import counted, decisions, judging
from linnet.features.moderation.judging import Weighed
from linnet.features.moderation.measures import About, Measure, Part, Subject, joined
from linnet.features.moderation.models import Surface
from linnet.features.relationships import reads as relationships
from linnet.features.statuses import withholding
from linnet.features.statuses.models import Draft, Moderated, Status
from linnet.features.statuses.store import posts
from linnet.features.statuses.store.writing import Row
from linnet.features.statuses.wording import Wording
from linnet.platform.engines import Engines, Transaction


@dataclass(frozen=True, slots=True)
class Judged:
    """A status that may be published, as the engine says."""

    weighed: Weighed
    moderated: Moderated | None
    """As the status shows it; None where others see it as it was written."""

    @property
    def withheld(self) -> bool:
        """Whether only its author sees it."""
        return self.moderated is not None and self.moderated.withheld

    @property
    def is_quiet(self) -> bool:
        """Whether it is under no hashtag, for others."""
        return self.moderated is not None and (self.moderated.withheld or self.moderated.limited)

    def row(self, row: Row) -> Row:
        """The row of the status, with the decision about it, if one is kept."""
        if not self.weighed.counts:
            return row
        moderated = self.moderated or Moderated(withheld=False, limited=False)
        return structs.replace(
            row,
            decision=decisions.columns(self.weighed.ruling, moderated.decision_id),
            withheld=moderated.withheld,
            limited=moderated.limited,
            labels=moderated.labels,
        )


async def weigh(
    engines: Engines,
    viewer: Viewer,
    *,
    spoiler_text: str,
    text: str,
    language: str | None,
    answered_account_id: int | None,
    mention_ids: Collection[int],
    options: Sequence[str] = (),
    edits: bool = False,
) -> Weighed:
    """What the engine finds in a status, and in what it asks (`options`); and what follows, where it stands.

    Whether it is said to a stranger is asked only where that makes a difference: one statement.
    """
    people = {*mention_ids, *([answered_account_id] if answered_account_id else ())} - {viewer.account_id}
    parts = Part.of_status(spoiler_text, text, options)
    subject = Subject(
        viewer.account_id,
        About.STATUS,
        Surface.POST,
        joined(parts),
        language=language,
        aimed_at_person=bool(people),
        edits=edits,
        parts=parts,
    )
    weighed = await judging.weigh(engines, subject)
    if not people or not weighed.ruling.findings:
        return weighed
    to_stranger = weighed.on(Surface.REPLY_TO_STRANGER)
    if (to_stranger.ruling.measure, to_stranger.labels) == (weighed.ruling.measure, weighed.labels):
        return weighed
    stances = await relationships.load(engines.db, viewer, sorted(people))
    are_strangers = any(one not in stances or not stances[one].followed_by for one in people)
    return to_stranger if are_strangers else weighed


def unattended(weighed: Weighed) -> Weighed:
    """The same for a status that is published while its author is away, who can be neither warned nor refused.

    What would be refused waits for somebody to look; what its author would be warned of is published.
    """
    if not weighed.stops:
        return weighed
    measure = Measure.ALLOW if weighed.ruling.measure is Measure.WARN else Measure.HOLD
    return replace(weighed, ruling=replace(weighed.ruling, measure=measure))


async def check(engines: Engines, viewer: Viewer, draft: Draft, words: Wording, answered: Status | None) -> None:
    """Raise as `judging.stop` does for a draft that is kept to be published later."""
    await judging.stop(engines, await weigh_draft(engines, viewer, draft, words, answered))


async def weigh_draft(
    engines: Engines, viewer: Viewer, draft: Draft, words: Wording, answered: Status | None
) -> Weighed:
    """What `weigh` says of a draft."""
    return await weigh(
        engines,
        viewer,
        spoiler_text=draft.spoiler_text,
        text=draft.text,
        language=draft.language,
        answered_account_id=answered.account_id if answered else None,
        mention_ids=words.mention_ids,
        options=draft.poll.options if draft.poll else (),
    )


async def settle(engines: Engines, weighed: Weighed) -> Judged:
    """What others are to see of a status that is not refused, with a number for the decision where that is told."""
    measure = weighed.ruling.measure
    withheld, limited = measure is Measure.HOLD, measure is Measure.LIMIT_REACH
    if not (withheld or limited or weighed.labels):
        return Judged(weighed, None)
    decision_id = await posts.new_id(engines.db, engines.clock.now())
    findings = weighed.ruling.because
    return Judged(weighed, Moderated(withheld, limited, weighed.labels, decision_id, measure, findings))


async def count(engines: Engines, judged: Judged) -> None:
    """Count the decision about a status that was just published; one statement for few, and none for most."""
    if not judged.weighed.counts:
        return
    counted.decided(judged.weighed.ruling)
    if judged.moderated is not None:
        async with engines.transaction() as tx:
            await judging.note(tx, judged.weighed.ruling, engines.clock.now())


async def keep_written(
    tx: Transaction, weighed: Weighed, status_id: int, at: datetime, *, was_moderated: bool = False
) -> None:
    """Keep the decision about a status, or a new wording of one, in the transaction that writes it; do what it says.

    What was decided about the wording before stays: only somebody who looks lets a withheld status go. But it is kept
    that the new one is allowed (`was_moderated`).
    """
    if not weighed.counts and not was_moderated:
        return
    ruling = replace(weighed.ruling, subject_id=status_id)
    await decisions.record(tx, ruling, at)
    await judging.note(tx, ruling, at)
    counted.decided(ruling)
    if ruling.measure is Measure.HOLD:
        await withholding.withhold(tx, status_id)
    if ruling.measure is Measure.LIMIT_REACH:
        await withholding.limit(tx, status_id)
    if weighed.labels:
        await withholding.label(tx, status_id, weighed.labels)


def is_quiet(weighed: Weighed) -> bool:
    """Whether the status is, for others, under no hashtag."""
    return weighed.ruling.measure in {Measure.HOLD, Measure.LIMIT_REACH}
