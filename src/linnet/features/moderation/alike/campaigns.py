"""Campaigns: recognised by what their posts have in common beside their words, kept, known, and lifted again."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from statistics import fmean
from struct import Struct
from typing import Final

from linnet.features.moderation.alike import signs
from linnet.features.moderation.alike.memory import Campaign, Known
from linnet.features.moderation.alike.models import Sighting
from linnet.features.moderation.alike.signs import Evidence
from linnet.features.moderation.detectors import offers, wording
from linnet.features.moderation.detectors.addresses import links
from linnet.features.moderation.detectors.duplicates import BANDS, HASHES, likeness, signature
from linnet.features.moderation.detectors.hosts import known as known_hosts
from linnet.features.moderation.detectors.normal import fold
from linnet.features.moderation.models import Context, Signature
from linnet.features.moderation.store import campaigns as store
from linnet.platform.changes import Kind
from linnet.platform.engines import Engines, Transaction
from linnet.platform.jobs import Periodic
from linnet.platform.postgres import Queries

RECOGNISED: Final = 0.6
"""Score from which on posts that are alike are a campaign; policies say what follows at which score."""

LIVES: Final = timedelta(hours=24)
"""A campaign of which nothing was seen for so long is over: who says the same then begins anew."""

KNOWN_MAX: Final = 500
"""Campaigns that processes know at a time, the latest."""

SIGNATURES_MAX: Final = 32
"""Texts of a campaign that others are compared with: those least like each other."""

TOLD_APART: Final = 0.8
"""Likeness from which on another text of a campaign says nothing new."""

READ_MAX: Final = 40
"""Posts of a campaign whose words are read to judge them."""

KEPT: Final = timedelta(days=90)
FORGET_EVERY_S: Final = 3_600.0
SLICE: Final = 200

_SIGNATURE: Final = Struct(f">{HASHES}s{BANDS}I")


@dataclass(frozen=True, slots=True)
class Post:
    """A post as it is written, of somebody whose number is known."""

    id: int
    account_id: int
    text: str


def weigh(seen: Sequence[Sighting], posts: Sequence[Post], newcomers_usual: float) -> tuple[float, Evidence, int]:
    """How surely posts that are alike are a campaign, what speaks for it, and how many unknown sites they link to.

    `posts` are those of `seen` that are still there, at least one; the links and the words are theirs.
    """
    ids = {post.id for post in posts}
    found = signs.evidence([one for one in seen if one.post_id in ids], newcomers_usual)
    addresses = {post.id: [address for _, address in links(post.text)] for post in posts}
    sites = {address.domain for each in addresses.values() for address in each}
    found = replace(
        found,
        linked=sum(map(bool, addresses.values())) / len(posts),
        sites=len(sites),
        links=len({(address.host, address.rest) for each in addresses.values() for address in each}),
    )
    strange = len(sites - known_hosts())
    return signs.score(found, strange_sites=strange, worded=_worded(posts[-READ_MAX:])), found, strange


def _worded(posts: Sequence[Post]) -> float:
    """How much the words of posts are those of spam: the average of their scores."""
    return fmean(map(_spam, posts))


def _spam(post: Post) -> float:
    folded = fold(post.text)
    offered = (finding.score for finding in offers.detect_folded(folded, Context()))
    return max(wording.scores(folded)[1], *offered, 0.0)


async def recognise(
    engines: Engines, chorus_id: int, seen: Sequence[Sighting], posts: Sequence[Post], newcomers_usual: float
) -> tuple[Campaign, bool] | None:
    """The campaign that posts which are alike belong to, and whether it is a new one; None when they are none.

    Tells every process of it.
    """
    score, found, strange = weigh(seen, posts, newcomers_usual)
    own = [signature(fold(post.text)) for post in posts]
    async with engines.transaction() as tx:
        await store.hold_all(tx)
        now = engines.clock.now()
        known = Known()
        known.learn(await read_under_way(tx, now - LIVES))
        campaign = known.campaign_of_chorus(chorus_id) or _first(known.campaign_of(one) for one in own)
        if campaign is None and score < RECOGNISED:
            return None
        is_new = campaign is None
        evidence = {**asdict(found), "strange_sites": strange}
        if campaign is None:
            chosen = _chosen((), own)
            linked = found.linked >= 0.5 and strange > 0  # noqa: PLR2004 -- most of them
            new_id = await store.insert(tx, score, evidence, packed(chosen), [chorus_id], now, linked=linked)
            campaign = Campaign(new_id, score, chosen, frozenset((chorus_id,)), linked)
        else:
            campaign = replace(
                campaign,
                score=max(campaign.score, score),
                signatures=_chosen(campaign.signatures, own),
                chorus_ids=campaign.chorus_ids | {chorus_id},
            )
            await store.update(
                tx, campaign.id, score, evidence, packed(campaign.signatures), sorted(campaign.chorus_ids), now
            )
        tx.changed(Kind.CAMPAIGNS, campaign.id)
    return campaign, is_new


def of_it(campaign: Campaign, texts: Iterable[str]) -> list[bool]:
    """Of each of some texts whether its words are the campaign's; 50 µs each."""
    known = Known()
    known.learn([campaign])
    return [known.campaign_of(signature(fold(text))) is not None for text in texts]


def _first(found: Iterable[Campaign | None]) -> Campaign | None:
    return next((one for one in found if one is not None), None)


def _chosen(before: tuple[Signature, ...], others: Iterable[Signature]) -> tuple[Signature, ...]:
    """Signatures, and those of others that are least like them, up to `SIGNATURES_MAX`."""
    chosen = list(before)
    for one in others:
        if len(chosen) >= SIGNATURES_MAX:
            break
        if all(likeness(one, other) < TOLD_APART for other in chosen):
            chosen.append(one)
    return tuple(chosen)


async def add_posts(tx: Transaction, campaign: Campaign, posts: Sequence[Post]) -> None:
    """Note that posts are of a campaign, in the transaction that does something about them."""
    await store.add_posts(tx, campaign.id, [post.id for post in posts], [post.account_id for post in posts])


async def read_under_way(db: Queries, since: datetime) -> list[Campaign]:
    """The campaigns seen since a moment."""
    rows = await store.under_way(db, since, KNOWN_MAX)
    return [
        Campaign(row["id"], row["score"], unpacked(row["signatures"]), frozenset(row["chorus_ids"]), row["linked"])
        for row in rows
    ]


def packed(signatures: Iterable[Signature]) -> bytes:
    """Signatures as they are kept."""
    return b"".join(_SIGNATURE.pack(one.sketch, *one.bands) for one in signatures)


def unpacked(string: bytes) -> tuple[Signature, ...]:
    """The signatures that were packed."""
    return tuple(Signature(sketch, tuple(bands)) for sketch, *bands in _SIGNATURE.iter_unpack(string))


async def erase(db: Queries, account_id: int) -> None:
    """Forget which posts of an account were a campaign's."""
    await store.erase(db, account_id)


async def forget_old(engines: Engines) -> None:
    """Forget campaigns that have been over for long."""
    while await store.forget(engines.db, engines.clock.now() - KEPT, SLICE) == SLICE:
        pass


PERIODICS = (Periodic("moderation.forget_campaigns", FORGET_EVERY_S, forget_old),)
