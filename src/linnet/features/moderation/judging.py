"""The judge: asked by every verb that takes words from somebody, before they are published.

    weighed = await judging.weigh(engines, subject)     # what was found, and what the policy does about it
    await judging.stop(engines, weighed)                # raises where it is not to be published

or both at once, `judge`. A text in which nothing is found costs the detectors' time, and no statement. When the engine
breaks, the text is published, and its decision is kept as failed for somebody to look at.
"""

import hashlib
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Final

import structlog

from linnet.features.moderation import counted, decisions, engine, explaining, listings, policies, policy, standings
from linnet.features.moderation.alike.watch import Read, Watch
from linnet.features.moderation.detectors.normal import fold
from linnet.features.moderation.events import AccountToLimit
from linnet.features.moderation.explaining import Told
from linnet.features.moderation.measures import About, Measure, Part, Ruling, Subject, Verdict
from linnet.features.moderation.models import GROUPS, Context, Finding, Group, Reason, Surface
from linnet.features.moderation.policy import Policy
from linnet.features.moderation.standing import What
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import EngineDown, Invalid, Problem
from linnet.platform.postgres import Queries
from linnet.platform.site import Site

KEPT_FROM: Final = 0.5
"""The score that any finding of a text must reach for the policy to be asked, and for a decision to be kept."""

WARNED_S: Final = 15 * 60
"""How long a text that its author was warned of may be sent again, and is published."""

REFUSING: Final = frozenset({Measure.REJECT, Measure.LIMIT_ACCOUNT})
STOPPING: Final = REFUSING | {Measure.WARN}

NEWCOMER: Final = 0.67
"""The reputation of somebody of whom nothing is known."""

_COUNTED_AS: Final = {
    Measure.LIMIT_REACH: What.LIMITED,
    Measure.HOLD: What.HELD,
    Measure.REJECT: What.REJECTED,
    Measure.LIMIT_ACCOUNT: What.REJECTED,
}
"""What counts in a reputation: no label, for opinions of what is rude differ, and no warning."""

_REPEATS: Final = frozenset({Reason.DUPLICATE, Reason.NEAR_DUPLICATE})

_THINGS: Final = {About.STATUS: "post", About.MESSAGE: "message", About.PROFILE: "profile", About.REPORT: "report"}

log = structlog.get_logger()


class Refused(Invalid):
    """A text that is not published. `told` says why, and where; `decision_id` what to appeal."""

    code: ClassVar[str | None] = "moderation"

    def __init__(self, message: str, measure: Measure, told: list[Told], decision_id: int) -> None:
        details = {one.field: [Problem("ERR_MODERATION", f"contains {one.text}", one.start)] for one in reversed(told)}
        super().__init__(message, details)
        self.measure = measure
        self.told = told
        self.decision_id = decision_id


class Warned(Refused):
    """A text that is not published yet: sent again within `WARNED_S` seconds it is."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What was found in a text, and what the policy does about it."""

    subject: Subject
    ruling: Ruling
    policy: Policy | None = None
    """None where nothing was found, or the engine broke: such a text is published."""
    labels: tuple[str, ...] = ()
    warned: bool = False
    """Whether it is known already that its author was warned of it."""
    read: Read | None = None
    """What near-duplicates are found by, to be noted once it is published; None when the engine broke."""

    @property
    def stops(self) -> bool:
        """Whether the text is not to be published as it is, or not before its author was warned."""
        return self.ruling.measure in STOPPING and not (self.warned and self.ruling.measure is Measure.WARN)

    @property
    def counts(self) -> bool:
        """Whether a decision is to be kept of it."""
        return self.ruling.failed or bool(self.ruling.findings)

    def on(self, surface: Surface) -> "Weighed":
        """The same text as it is on another surface."""
        subject, ruling = replace(self.subject, surface=surface), self.ruling
        if self.policy is None:
            return Weighed(subject, replace(ruling, surface=surface), read=self.read)
        return replace(_decided(subject, self.policy, ruling.findings, ruling.reputation), read=self.read)


def prepare() -> None:
    """Read what the detectors need, a third of a second's work: so that nobody's first post waits for it."""
    try:
        engine.scan("Ready? https://example.org/", Context())
    except Exception:  # the judge: it is told of again with each text
        log.exception("moderation failed", about="start")


async def judge(engines: Engines, subject: Subject) -> Verdict:
    """Weigh a text that is published by whoever calls this next, and keep the decision; raises as `stop` does."""
    weighed = await pardoned(engines, await weigh(engines, subject))
    await stop(engines, weighed)
    decision_id = await keep(engines.db, weighed, None, engines.clock.now()) if weighed.counts else None
    return Verdict(weighed.ruling.measure, weighed.ruling.findings, decision_id)


async def weigh(engines: Engines, subject: Subject) -> Weighed:
    """What is found in a text, and what the policy does about it on its surface. Keeps nothing, and raises nothing."""
    try:
        return await _weigh(engines, subject)
    except EngineDown:
        raise
    except Exception:  # the judge: a mistake of ours stops nobody from writing
        log.exception("moderation failed", about=subject.about, account_id=subject.account_id)
        return Weighed(subject, _ruling(subject, failed=True))


async def _weigh(engines: Engines, subject: Subject) -> Weighed:
    began = time.perf_counter()
    folded = fold(subject.text)
    read = engines.config(Watch).read(subject, folded)
    findings = [*engine.scan_folded(folded, engine.context_of(subject)), *read.findings]
    counted.took(time.perf_counter() - began)
    if findings:
        own = f"://{engines.config(Site).domain}"
        findings = [one for one in findings if not _is_link_to(own, one, subject.text)]
    findings += (await listings.held(engines)).find(subject.text, engines.clock.now())
    if all(one.score < KEPT_FROM for one in findings):
        return Weighed(subject, _ruling(subject), read=read)
    held = await policies.held(engines)
    author = await standings.standing(engines, subject.account_id)
    return replace(_decided(subject, held, findings, author.reputation), read=read)


def _is_link_to(place: str, finding: Finding, text: str) -> bool:
    """Whether something was found about a link to a place: nobody is kept from naming a page of this very server."""
    link = text[finding.span.start : finding.span.end]
    return GROUPS[finding.reason] is Group.LINK and re.search(rf"^\w+{re.escape(place)}(?:[/:?#]|$)", link) is not None


def _decided(subject: Subject, held: Policy, findings: Sequence[Finding], reputation: float) -> Weighed:
    outcome = policy.decide(
        held, findings, surface=subject.surface, reputation=reputation, aimed=subject.aimed_at_person
    )
    ruling = replace(
        _ruling(subject),
        measure=outcome.measure,
        findings=tuple(findings),
        because=outcome.because,
        reputation=reputation,
        policy_version=held.version,
    )
    return Weighed(subject, ruling, held, outcome.labels)


def _ruling(subject: Subject, *, failed: bool = False) -> Ruling:
    """That a text is allowed, in which nothing was found."""
    return Ruling(
        account_id=subject.account_id,
        about=subject.about,
        surface=subject.surface,
        measure=Measure.ALLOW,
        subject_id=subject.subject_id,
        reputation=NEWCOMER,
        model_version=engine.MODEL_VERSION,
        language=subject.language,
        failed=failed,
        aimed=subject.aimed_at_person,
    )


async def stop(engines: Engines, weighed: Weighed) -> None:
    """Raise `Refused` for a text that is not published, `Warned` for one that is when it is sent again; else nothing.

    The decision is kept before. Not inside of a transaction, which would take it back.
    """
    ruling = weighed.ruling
    if not weighed.stops or (ruling.measure is Measure.WARN and not await _warn(engines, weighed.subject)):
        return
    rejected = ruling.measure is not Measure.WARN
    ruling = replace(ruling, subject_id=None, text=weighed.subject.text if rejected else None)
    async with engines.transaction() as tx:
        decision_id = await decisions.record(tx, ruling, engines.clock.now())
        await note(tx, ruling, engines.clock.now())
        if ruling.measure is Measure.LIMIT_ACCOUNT:
            await tx.record(AccountToLimit(ruling.account_id, decision_id))
    counted.decided(ruling)
    told = told_of(weighed)
    sentence = explaining.sentence(ruling.measure, told, _THINGS[ruling.about])
    raise (Refused if rejected else Warned)(sentence, ruling.measure, told, decision_id)


async def pardoned(engines: Engines, weighed: Weighed) -> Weighed:
    """The same, but allowed where somebody who looked has taken back a refusal of these very words of this author.

    One statement where a text is refused, none for all others.
    """
    if weighed.ruling.measure not in REFUSING:
        return weighed
    subject = weighed.subject
    if not await decisions.was_taken_back(engines.db, subject.account_id, subject.about, subject.text):
        return weighed
    return replace(weighed, ruling=replace(weighed.ruling, measure=Measure.ALLOW), labels=())


async def forgive(tx: Transaction, ruling: Ruling, decided_at: datetime, at: datetime) -> None:
    """Have a decision that was a mistake count no longer for how its account stands."""
    for what in noted(ruling):
        await standings.take_back(tx, ruling.account_id, what, decided_at, at)


async def note(tx: Transaction, ruling: Ruling, at: datetime) -> None:
    """Have a decision count for how its account stands."""
    happened = [(ruling.account_id, what, 1) for what in noted(ruling)]
    if happened:
        await standings.note_all(tx, happened, at)


def noted(ruling: Ruling) -> list[What]:
    """What counts of a decision for how its account stands: what is done about the text, and that it repeats one."""
    done = _COUNTED_AS.get(ruling.measure)
    repeats = any(one.reason in _REPEATS and one.score >= KEPT_FROM for one in ruling.findings)
    return [what for what in (done, What.DUPLICATE if repeats else None) if what is not None]


def told_of(weighed: Weighed) -> list[Told]:
    """Why, in words, for the author."""
    subject = weighed.subject
    return explaining.reasons(weighed.ruling.because, subject.parts or (Part("text", subject.text),))


async def keep(db: Queries, weighed: Weighed, subject_id: int | None, at: datetime) -> int:
    """Keep the decision about a text that is published, as what it has become; its id."""
    ruling = replace(weighed.ruling, subject_id=subject_id or weighed.ruling.subject_id)
    decision_id = await decisions.record(db, ruling, at)
    counted.decided(ruling)
    return decision_id


async def heeding(engines: Engines, weighed: Weighed) -> Weighed:
    """The same, which says whether its author was warned of it: for who cannot ask where it is to be stopped."""
    if weighed.ruling.measure is not Measure.WARN:
        return weighed
    try:
        return replace(weighed, warned=await engines.valkey.get(_key_of(weighed.subject)) is not None)
    except EngineDown:
        return replace(weighed, warned=True)


async def _warn(engines: Engines, subject: Subject) -> bool:
    """Note that the author is warned of this very text; False when they were lately.

    Also without Valkey, where nobody is warned: who is told to send it again must be able to.
    """
    try:
        return await engines.valkey.put_if_absent(_key_of(subject), b"", expires_s=WARNED_S)
    except EngineDown:
        return False


def _key_of(subject: Subject) -> str:
    text = hashlib.blake2b(subject.text.encode(errors="surrogatepass"), digest_size=16).hexdigest()
    return f"warned:{{{subject.account_id}}}:{subject.about}:{text}"
