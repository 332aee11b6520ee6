"""What each process that takes posts does about near-duplicates: in the request without waiting, and right after it.

In the request: is this what its author said just before, is it one of a known campaign? Both out of memory. After it:
posts of a twentieth of a second go to the window together; nobody waits for the answer, which for nearly all of them is
that nothing is alike, and that is all. Who joins a chorus that has grown to one of a few sizes has its signs looked at,
and only where these are suspicious, or the chorus is of a known campaign, is an event recorded: no job, no row and no
statement for anybody else.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zlib import crc32

import structlog

from linnet.features.moderation.alike import choruses, signs
from linnet.features.moderation.alike.campaigns import LIVES, read_under_way
from linnet.features.moderation.alike.memory import Known, Recent, implicated, repetition
from linnet.features.moderation.alike.models import AlikeRules, Chorus, Seen, Sighting
from linnet.features.moderation.alike.window import Window
from linnet.features.moderation.detectors.addresses import links
from linnet.features.moderation.detectors.duplicates import ALIKE, SAME, essence, likeness, signature_of
from linnet.features.moderation.detectors.hosts import known as known_hosts
from linnet.features.moderation.detectors.normal import Folded
from linnet.features.moderation.events import AlikeNoticed
from linnet.features.moderation.measures import About, Subject
from linnet.features.moderation.models import Finding, Reason, Signature, Span
from linnet.features.moderation.store import campaigns as store
from linnet.platform.changes import Change, Kind
from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown

VERSION: Final = "alike-1"
LINGER_S: Final = 0.05
"""How long posts wait for others before they are looked for: each trip costs as much as twenty posts in it."""

TOGETHER_MAX: Final = 50
WAITING_MAX: Final = 2_000
"""Posts that wait while Valkey is slow. More are not looked for: they are published all the same."""

REREAD_S: Final = 60.0
"""Campaigns are read again so often by who takes posts, should nobody have told of them."""

TOUCHED_EVERY_S: Final = 300.0
USUAL_AT_FIRST: Final = 0.1
USUAL_OVER: Final = 500.0
"""Posts that the usual share of newcomers is an average of, the latest counting most."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a text in its request, for when it is published."""

    subject: Subject
    signature: Signature
    letters: int
    findings: tuple[Finding, ...]
    campaign_id: int | None = None


class Watch:
    """One in each process that takes posts, in `engines.configs`."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._rules = engines.config(AlikeRules)
        self._window = Window(engines.valkey, self._rules)
        self._recent = Recent()
        self._known = Known()
        self._reread_at_s = 0.0
        self._rereading: asyncio.Task[None] | None = None
        self._waiting: list[tuple[Seen, int | None]] = []
        self._looking: asyncio.Task[None] | None = None
        self._usual = USUAL_AT_FIRST
        self._touched_at_s: dict[int, float] = {}
        engines.changes.hear(self._hear, self._forget)

    def read(self, subject: Subject, folded: Folded) -> Read:
        """What this process can say of a text at once. Asks nothing of anybody."""
        now_s = time.monotonic()
        if now_s >= self._reread_at_s:
            self._reread()
        words = essence(folded)
        own = signature_of(words)
        letters = len(words) - 2
        findings: list[Finding] = []
        span = Span(0, len(subject.text))
        likenesses = [likeness(own, one) for one in self._recent.of(subject.account_id, now_s)]
        if likenesses and not subject.edits and (score := repetition(likenesses, letters, ALIKE)):
            reason = Reason.DUPLICATE if max(likenesses) >= SAME else Reason.NEAR_DUPLICATE
            findings.append(Finding(span, reason, score, VERSION))
        campaign = self._known.campaign_of(own)
        if campaign is None or letters < signs.LETTERS_LEAST:
            return Read(subject, own, letters, tuple(findings))
        age = self._engines.clock.now().timestamp() - (subject.account_id >> 16) / 1_000
        score = implicated(campaign, age / 86_400, links_to_unknown=leads_to_unknown(subject.text))
        findings.append(Finding(span, Reason.CAMPAIGN, score, f"{VERSION} {campaign.id}"))
        return Read(subject, own, letters, tuple(findings), campaign.id)

    def note(self, read: Read) -> None:
        """Remember a text that is published, or held; a status is looked for among everyone's, by and by."""
        subject = read.subject
        self._recent.note(subject.account_id, time.monotonic(), read.signature)
        if not self._rules.posts or subject.about is not About.STATUS or subject.subject_id is None:
            return
        if len(self._waiting) >= WAITING_MAX:
            return
        site, link = _leads_to(subject.text)
        sighting = Sighting(subject.subject_id, subject.account_id, site, link, read.letters)
        self._waiting.append((Seen(sighting, read.signature), read.campaign_id))
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_on())

    async def settle(self) -> None:
        """Return when all that was noted has been looked for."""
        if self._looking is not None:
            await self._looking
        if self._rereading is not None:
            await self._rereading

    async def close(self) -> None:
        """Stop; what was not looked for yet is not."""
        tasks = [task for task in (self._looking, self._rereading) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look_on(self) -> None:
        while self._waiting:
            await asyncio.sleep(LINGER_S)
            taken, self._waiting = self._waiting[:TOGETHER_MAX], self._waiting[TOGETHER_MAX:]
            try:
                await self._look(taken)
            except EngineDown as error:
                log.warning("near-duplicates not looked for", posts=len(taken), engine=error.engine)

    async def _look(self, taken: Sequence[tuple[Seen, int | None]]) -> None:
        now = self._engines.clock.now()
        found = await self._window.look([seen for seen, _ in taken], now)
        noticed: dict[Chorus, list[int]] = defaultdict(list)
        grown: set[Chorus] = set()
        caught: set[int] = set()
        for (seen, campaign_id), joined in zip(taken, found, strict=True):
            if campaign_id is not None:
                caught.add(campaign_id)
            if joined is None:
                self._usual += (signs.is_newcomer(seen.sighting) - self._usual) / USUAL_OVER
            elif campaign_id is None and self._known.campaign_of_chorus(joined.chorus.id) is not None:
                noticed[joined.chorus].append(seen.sighting.post_id)
            elif joined.number in signs.GATES:
                grown.add(joined.chorus)
        for chorus in grown - noticed.keys():
            if signs.is_suspicious(signs.evidence(await choruses.read(self._engines.valkey, chorus), self._usual)):
                noticed[chorus] = []
        if noticed:
            async with self._engines.transaction() as tx:
                for chorus, ids in noticed.items():
                    await tx.record(AlikeNoticed(chorus.place, chorus.id, self._usual, tuple(ids)))
        await self._touch(caught)

    async def _touch(self, campaign_ids: set[int]) -> None:
        """Note, now and then, that campaigns go on."""
        now_s = time.monotonic()
        due = {one for one in campaign_ids if now_s >= self._touched_at_s.get(one, 0.0)}
        if due:
            self._touched_at_s |= dict.fromkeys(due, now_s + TOUCHED_EVERY_S)
            await store.touch(self._engines.db, due, self._engines.clock.now())

    def _hear(self, change: Change) -> None:
        if change[0] is Kind.CAMPAIGNS:
            self._reread()

    def _forget(self) -> None:
        self._reread_at_s = 0.0

    def _reread(self) -> None:
        """Begin to read which campaigns there are; who asks meanwhile is told by what was known before."""
        self._reread_at_s = time.monotonic() + REREAD_S
        if self._rereading is None or self._rereading.done():
            self._rereading = asyncio.create_task(self._read_known())
        else:
            self._reread_at_s = 0.0

    async def _read_known(self) -> None:
        try:
            self._known.learn(await read_under_way(self._engines.db, self._engines.clock.now() - LIVES))
        except EngineDown as error:
            log.warning("campaigns not read", engine=error.engine)


def leads_to_unknown(text: str) -> bool:
    """Whether a text links to a host that is not among the well-known ones."""
    return any(address.domain not in known_hosts() for _, address in links(text))


def _leads_to(text: str) -> tuple[int, int]:
    """Hashes of the host and of all of the first link, for what is cheap to see; 0 without one."""
    start = text.find("://")
    if start < 0:
        return 0, 0
    link = text[start + 3 :].split(maxsplit=1)[0] if text[start + 3 :].strip() else ""
    host = link.partition("/")[0].lower().removeprefix("www.")
    return (crc32(host.encode()) or 1, crc32(link.encode()) or 1) if host else (0, 0)
