"""Words and domains that moderators listed: found in texts as they read, however they are disguised.

How hard a listed thing is meant becomes the score of its finding, and the policy has a rule for each; so a policy may
also do something else about them. Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import idna
from ahocorasick_rs import AhoCorasick, MatchKind

from linnet.features.moderation.detectors.addresses import links
from linnet.features.moderation.detectors.normal import Folded, fold
from linnet.features.moderation.measures import Measure
from linnet.features.moderation.models import LOOKED_AT_MAX, Finding, Reason
from linnet.platform.errors import Invalid, Problem

VERSION: Final = "listed-1"
LISTED_MAX: Final = 20_000
VALUE_LENGTH_MAX: Final = 200
COMMENT_LENGTH_MAX: Final = 500
WORD_LENGTH_MIN: Final = 2
FINDINGS_MAX: Final = 20

SCORES: Final = {
    Measure.LABEL: 0.6,
    Measure.WARN: 0.7,
    Measure.LIMIT_REACH: 0.8,
    Measure.HOLD: 0.9,
    Measure.REJECT: 0.97,
}
"""What a finding scores for each measure that can be asked for; the rules of `default.toml` begin 0.05 below."""

_DOMAIN: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z][a-z0-9-]{1,61}")


class ListedKind(StrEnum):
    """What can be listed."""

    WORD = "word"
    """A word, or several in a row; only as whole words."""
    DOMAIN = "domain"
    """A domain, and all below it, in links."""


REASONS: Final = {ListedKind.WORD: Reason.LISTED_WORD, ListedKind.DOMAIN: Reason.LISTED_DOMAIN}


@dataclass(frozen=True, slots=True)
class NewListed:
    """Something to be listed, as `checked` gives it."""

    kind: ListedKind
    value: str
    measure: Measure
    comment: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """Something that is listed."""

    id: int
    kind: ListedKind
    value: str
    measure: Measure
    comment: str
    added_by: int | None
    created_at: datetime
    expires_at: datetime | None

    def holds_at(self, at: datetime) -> bool:
        """Whether it has not expired."""
        return self.expires_at is None or at < self.expires_at


class Matcher:
    """All that is listed, ready to be looked for. To look costs nothing where nothing is listed."""

    def __init__(self, listed: Iterable[Listed]) -> None:
        everything = list(listed)
        self._words = [one for one in everything if one.kind is ListedKind.WORD]
        self._domains = {one.value: one for one in everything if one.kind is ListedKind.DOMAIN}
        self._automaton = AhoCorasick([one.value for one in self._words], matchkind=MatchKind.Standard)

    def find(self, text: str, at: datetime) -> list[Finding]:
        """What of a text is listed: of words and domains those that are meant harder."""
        found: list[Finding] = []
        if self._words:
            found += self._found_words(fold(text), at)
        if self._domains and "." in text:
            found += self._found_domains(text[:LOOKED_AT_MAX], at)
        if not found:
            return found
        hardest = max(found, key=lambda one: one.score)
        return [one for one in found if one.reason is hardest.reason][:FINDINGS_MAX]

    def _found_words(self, folded: Folded, at: datetime) -> list[Finding]:
        text, found = folded.text, list[Finding]()
        for place, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            one = self._words[place]
            if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum() and one.holds_at(at):
                found.append(Finding(folded.span(start, end), Reason.LISTED_WORD, SCORES[one.measure], VERSION))
        return found

    def _found_domains(self, text: str, at: datetime) -> list[Finding]:
        found: list[Finding] = []
        for span, address in links(text):
            labels = _as_asked_for(address.ascii_host).split(".")
            above = (".".join(labels[start:]) for start in range(len(labels)))
            one = next((self._domains[name] for name in above if name in self._domains), None)
            if one is not None and one.holds_at(at):
                found.append(Finding(span, Reason.LISTED_DOMAIN, SCORES[one.measure], VERSION))
        return found


def checked(new: NewListed, now: datetime) -> NewListed:
    """The same as it reads; raises `Invalid` for what is none."""
    problems: dict[str, list[Problem]] = {}
    if new.kind is ListedKind.DOMAIN:
        value = _as_asked_for(new.value.strip().lower().removeprefix("*.").strip("."))
        if not _DOMAIN.fullmatch(value):
            problems["value"] = [Problem("ERR_INVALID", "must be a domain, such as spam.example")]
    else:
        value = " ".join(fold(new.value).text.split())
        if len(value) < WORD_LENGTH_MIN or not value[0].isalnum() or not value[-1].isalnum():
            problems["value"] = [Problem("ERR_INVALID", "must be a word of two letters at least, or some in a row")]
    if len(new.value) > VALUE_LENGTH_MAX:
        problems["value"] = [Problem("ERR_TOO_LONG", f"is too long (maximum is {VALUE_LENGTH_MAX} characters)")]
    if new.measure not in SCORES:
        problems["measure"] = [Problem("ERR_INCLUSION", f"must be one of {', '.join(SCORES)}")]
    if len(new.comment) > COMMENT_LENGTH_MAX or "\0" in new.comment:
        problems["comment"] = [Problem("ERR_TOO_LONG", f"is too long (maximum is {COMMENT_LENGTH_MAX} characters)")]
    if new.expires_at is not None and new.expires_at <= now:
        problems["expires_at"] = [Problem("ERR_INVALID", "must be in the future")]
    if problems:
        raise Invalid.of(problems)
    return NewListed(new.kind, value, new.measure, new.comment.strip(), new.expires_at)


def _as_asked_for(host: str) -> str:
    """A host as it is asked for over the network: letters of other scripts as `xn--…`."""
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        return host
