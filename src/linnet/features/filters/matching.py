"""Which posts somebody's filters match. Pure, and in time that grows with the length of both texts and nothing else.

No pattern of a person is ever run: text and keywords are brought into one form, in which the ends of words are marked,
and then it is asked whether the one stands in the other.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import regex

from linnet.features.filters.models import Action, Context, Filter, Match
from linnet.features.statuses.models import Status

Matches = tuple[Match, ...]

SEEN_MAX: Final = 300
"""Posts of which a lens remembers what it matched, 200 bytes each: some pages."""

_UNSPACED: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
"""Scripts that put no spaces between words: each of their characters may be one, so none is inside another."""

_WORD = regex.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[\p{{L}}\p{{M}}\p{{N}}\p{{Pc}}])++")
_INVISIBLE = regex.compile(r"\p{Default_Ignorable_Code_Point}+")
_END: Final = "\0"
"""Before and after each word; no text of ours holds it."""


def form_of(text: str) -> str:
    """A text as it is compared: without case, compatible spellings, invisible characters and the width of spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        text = _INVISIBLE.sub("", text)
    return " ".join(text.casefold().split())


def marked(form: str) -> str:
    """The same with the ends of its words marked."""
    return _WORD.sub(rf"{_END}\g<0>{_END}", form)


def contains(text: str, keyword: str, *, whole_word: bool) -> bool:
    """Whether a keyword stands in a text, as a whole word if wanted: where it begins or ends with part of one."""
    needle = form_of(keyword)
    if not needle:
        return False
    haystack = form_of(text)
    return marked(needle) in marked(haystack) if whole_word else needle in haystack


def texts_of(status: Status) -> tuple[str, ...]:
    """Everything that a reader of a status reads in it."""
    asked = status.poll.options if status.poll is not None else ()
    described = [one.description for one in status.media]
    return tuple(one for one in (status.spoiler_text, status.text, *asked, *described) if one)


@dataclass(frozen=True, slots=True)
class _Needle:
    """A keyword, ready to be looked for."""

    form: str
    whole_word: bool
    text: str


@dataclass(frozen=True, slots=True)
class _Sieve:
    """A filter, ready to be held against posts."""

    filter: Filter
    needles: tuple[_Needle, ...]
    status_ids: frozenset[int]

    @classmethod
    def of(cls, filter_: Filter) -> "_Sieve":
        forms = [(form_of(one.text), one) for one in filter_.keywords]
        needles = tuple(
            _Needle(marked(form) if one.whole_word else form, one.whole_word, one.text) for form, one in forms if form
        )
        return cls(filter_, needles, frozenset(one.status_id for one in filter_.statuses))


@dataclass(slots=True)
class Lens:
    """Through which somebody reads: their filters that have not run out, compiled. False when there are none."""

    sieves: tuple[_Sieve, ...] = ()
    until_s: float | None = None
    """When the first of them runs out, in Unix seconds."""
    _seen: dict[int, tuple[Status, Status | None, Matches]] = field(
        default_factory=dict[int, "tuple[Status, Status | None, Matches]"], repr=False
    )
    """What was found last, for exactly the status and what it quotes."""

    @classmethod
    def of(cls, filters: Sequence[Filter]) -> "Lens":
        """The lens of filters that have not run out."""
        ends = [one.expires_at.timestamp() for one in filters if one.expires_at is not None]
        return cls(tuple(map(_Sieve.of, filters)), min(ends, default=None))

    def __bool__(self) -> bool:
        return bool(self.sieves)

    def hides_in(self, context: Context) -> bool:
        """Whether anything may be left out of a context."""
        return any(one.filter.action is Action.HIDE and context in one.filter.contexts for one in self.sieves)

    def at(self, now_s: float) -> "Lens":
        """The same at a moment (Unix seconds): without filters that have run out by then."""
        if self.until_s is None or now_s < self.until_s:
            return self
        left = [one.filter for one in self.sieves if not _has_run_out(one.filter, now_s)]
        return Lens.of(left) if left else NO_FILTERS

    def matches(self, status: Status, quoted: Status | None) -> Matches:
        """The filters that a status matches by itself, or by what it quotes, in the order they were made."""
        known = self._seen.get(status.id)
        if known is not None and known[0] is status and known[1] is quoted:
            return known[2]
        found = _matches(self.sieves, status, quoted)
        if len(self._seen) >= SEEN_MAX:
            self._seen.clear()
        self._seen[status.id] = status, quoted, found
        return found

    def matches_in(self, texts: Iterable[str]) -> Matches:
        """The filters whose keywords stand in the texts of something that is no status."""
        return _found(self.sieves, (), texts) if self.sieves else ()


NO_FILTERS: Final = Lens()


def _has_run_out(filter_: Filter, now_s: float) -> bool:
    return filter_.expires_at is not None and filter_.expires_at.timestamp() <= now_s


def _matches(sieves: Iterable[_Sieve], status: Status, quoted: Status | None) -> Matches:
    statuses = (status,) if quoted is None else (status, quoted)
    return _found(sieves, [one.id for one in statuses], (text for one in statuses for text in texts_of(one)))


def _found(sieves: Iterable[_Sieve], ids: Sequence[int], texts: Iterable[str]) -> Matches:
    text = "\n".join(map(form_of, texts))
    with_ends = marked(text)
    found = list[Match]()
    for sieve in sieves:
        words = tuple(one.text for one in sieve.needles if one.form in (with_ends if one.whole_word else text))
        single = tuple(one for one in ids if one in sieve.status_ids)
        if words or single:
            found.append(Match(sieve.filter, words, single))
    return tuple(found)


def matches_on(lens: Lens, viewer_id: int, statuses: Mapping[int, Status]) -> dict[int, Matches]:
    """What the viewer's filters match of statuses they may see, by id: nothing of their own, no reblogs.

    A reblog shows what its original is filtered for. `statuses` hold what quotes lead to, as far as it may be seen.
    """
    found = dict[int, Matches]()
    if not lens:
        return found
    for status in statuses.values():
        if status.account_id == viewer_id or status.reblog_of_id is not None:
            continue
        quoted = None if status.quote_revoked else statuses.get(status.quoted_id or 0)
        if quoted is not None and quoted.account_id == viewer_id:
            quoted = None
        if matches := lens.matches(status, quoted):
            found[status.id] = matches
    return found


def hidden_in(context: Context, matches: Matches) -> bool:
    """Whether a status with these matches is left out of a context."""
    return any(one.filter.action is Action.HIDE and context in one.filter.contexts for one in matches)


def look(
    lens: Lens, viewer_id: int, status: Status, linked: Mapping[int, Status], context: Context
) -> Mapping[int, Matches] | None:
    """What to tell a viewer of one status in a context: matches by status id, as `matches_on`; None to leave it out.

    `linked` has what it reblogs and quotes, as far as the viewer may see it, and may have the status itself. What a
    viewer wrote, or passed on, is never left out of what they read.
    """
    if not lens:
        return {}
    found = matches_on(lens, viewer_id, {**linked, status.id: status})
    return None if is_hidden(status, viewer_id, found, context) else found


def is_hidden(status: Status, viewer_id: int, found: Mapping[int, Matches], context: Context) -> bool:
    """Whether a status of a page is left out, by what was found on the page."""
    if status.account_id == viewer_id:
        return False
    return hidden_in(context, found.get(status.reblog_of_id or status.id, ()))


def hidden_ids(
    lens: Lens, viewer_id: int, shown: Iterable[Status], linked: Mapping[int, Status], context: Context
) -> Collection[int]:
    """Ids of the `shown` statuses that are left out of a context; `linked` holds them, and what they lead to."""
    found = matches_on(lens, viewer_id, linked)
    return {one.id for one in shown if is_hidden(one, viewer_id, found, context)} if found else ()
