"""What else belongs to a case: posts that say nearly the same, and accounts in the same hands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from linnet.features.accounts.permissions import Actor, Operator
from linnet.features.cases.models import Dossier, SubjectKind
from linnet.features.cases.reads import dossier
from linnet.features.moderation.detectors.duplicates import ALIKE, likeness, signature
from linnet.features.moderation.detectors.normal import fold
from linnet.features.search import alike
from linnet.features.sessions import kinship
from linnet.platform.engines import Engines

LATELY: Final = timedelta(days=30)
TEXTS_MAX: Final = 5
"""Reported texts that others are compared with, those reported last."""

SIMILAR_MAX: Final = 40
LINKED_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class Similar:
    """A post that says nearly what a reported one says."""

    status_id: int
    account_id: int
    text: str
    likeness: float
    """From 0 to 1: what their runs of three letters have in common."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Linked:
    """An account that shares something with the reported one: of `address`, `device` and `text`."""

    account_id: int
    shares: tuple[str, ...]


async def similar(engines: Engines, actor: Actor | Operator, case_id: int) -> list[Similar]:
    """Posts of the last 30 days by whomever that say nearly what is reported, most alike first; public ones only.

    Raises `NotFound`, `Forbidden`.
    """
    texts, reported = _reported(await dossier(engines, actor, case_id))
    return (await _similar(engines, texts, reported))[:SIMILAR_MAX]


async def linked(engines: Engines, actor: Actor | Operator, case_id: int) -> list[Linked]:
    """Accounts that share an address, a device or a text with the reported one, those with most in common first.

    Raises as above.
    """
    file = await dossier(engines, actor, case_id)
    texts, reported = _reported(file)
    account_id, shares = file.case.account_id, dict[int, list[str]]()
    for what, found in (
        ("address", await kinship.at_same_network(engines, account_id)),
        ("device", await kinship.at_same_device(engines, account_id)),
        ("text", [one.account_id for one in await _similar(engines, texts, reported)]),
    ):
        for one in dict.fromkeys(found):
            shares.setdefault(one, []).append(what)
    shares.pop(account_id, None)
    ranked = sorted(shares.items(), key=lambda pair: (-len(pair[1]), -pair[0]))
    return [Linked(one, tuple(whats)) for one, whats in ranked[:LINKED_MAX]]


def _reported(file: Dossier) -> tuple[list[str], set[int]]:
    """The texts that are reported, those last reported first, and the ids of the posts; no private messages."""
    subjects = [subject for report in file.reports for subject in report.subjects if subject.kind is SubjectKind.STATUS]
    texts = dict.fromkeys(subject.text for subject in subjects if subject.text.strip())
    return list(texts)[:TEXTS_MAX], {subject.id for subject in subjects}


async def _similar(engines: Engines, texts: Sequence[str], reported: set[int]) -> list[Similar]:
    ours = [signature(fold(text)) for text in texts]
    found: list[Similar] = []
    for one in await alike.with_words_of(engines, texts, engines.clock.now() - LATELY):
        theirs = signature(fold(one.text))
        best = max(likeness(each, theirs) for each in ours)
        if best >= ALIKE and one.status_id not in reported:
            found.append(Similar(one.status_id, one.account_id, one.text, best, one.created_at))
    return sorted(found, key=lambda post: (-post.likeness, -post.status_id))
