"""Decisions in words: for the person who wrote the text, saying what was found where, and what they can do. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from linnet.features.moderation.measures import Measure, Part
from linnet.features.moderation.models import Finding, Group, Reason, Span

EXCERPT_MAX: Final = 100
REASONS_MAX: Final = 5
"""Reasons that are told of one text, the surest first: nobody reads more."""

WORDS: Final = {
    Reason.PROFANITY: "strong language",
    Reason.SLUR: "a slur against a group of people",
    Reason.SEXUAL: "sexual language",
    Reason.ABUSE: "wording that attacks somebody",
    Reason.SPAM_TEXT: "wording that is usual in spam",
    Reason.SPAM_OFFER: "an offer of easy money or of goods",
    Reason.SPAM_FOLLOWERS: "an offer of followers or likes",
    Reason.SPAM_ADULT: "an offer of adult content",
    Reason.SPAM_CRYPTO: "an offer that promises profit with crypto currency",
    Reason.SPAM_CONTACT: "an invitation to write to a number or name elsewhere",
    Reason.MENTIONS_FLOOD: "very many mentions",
    Reason.HASHTAGS_FLOOD: "very many hashtags",
    Reason.LINKS_FLOOD: "very many links",
    Reason.GIBBERISH: "letters that are no words",
    Reason.DUPLICATE: "the same text as in other posts of yours",
    Reason.NEAR_DUPLICATE: "nearly the same text as in other posts",
    Reason.CAMPAIGN: "nearly the same text as many accounts, most of them new, have posted at the same time",
    Reason.URL_LOOKALIKE: "a link whose name looks like that of a well-known site, and is another",
    Reason.URL_MALICIOUS: "a link that looks like those to harmful pages",
    Reason.URL_IP_HOST: "a link to a number instead of a name",
    Reason.URL_ODD_PORT: "a link to an unusual port",
    Reason.URL_SHORTENER: "a shortened link, which hides where it leads",
    Reason.URL_DYNAMIC_DNS: "a link to a name that anybody can take for a moment",
    Reason.URL_DEEP_HOST: "a link whose name has very many parts",
    Reason.URL_RISKY_SUFFIX: "a link below an ending that is often used for harm",
    Reason.URL_CREDENTIALS: "a link with a name before an @, which hides where it leads",
    Reason.URL_MISMATCH: "a link that shows another address than it leads to",
    Reason.ACCOUNT_SPAMMER: "posts of this account that look like those of a spammer",
}
"""What was found, as the object of “It contains …”."""

_WARNINGS: Final = {
    Group.RUDE: "strong language",
    Group.SLUR: "a slur",
    Group.ABUSE: "an attack on somebody",
    Group.SPAM: "advertising",
    Group.GIBBERISH: "no words",
    Group.DUPLICATE: "a repeated text",
    Group.LINK: "a risky link",
    Group.ACCOUNT: "advertising",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One reason as it is told: `start` and `end` are code points of the field."""

    code: str
    text: str
    field: str
    start: int
    end: int
    excerpt: str


def warning(labels: Collection[str]) -> str:
    """The warning that a labelled text is shown behind."""
    named = dict.fromkeys(_WARNINGS[Group(one)] for one in labels if one in _GROUPS)
    return f"May contain {', '.join(named)}" if named else "Shown behind a warning by this server"


_GROUPS: Final = frozenset(group.value for group in Group)


def reasons(findings: Iterable[Finding], parts: Sequence[Part]) -> list[Told]:
    """The surest finding of each reason, the surest first, with where it is in the parts that were judged."""
    surest: dict[Reason, Finding] = {}
    for one in sorted(findings, key=lambda one: -one.score):
        surest.setdefault(one.reason, one)
    return [_told(one, parts) for one in list(surest.values())[:REASONS_MAX]]


def _told(finding: Finding, parts: Sequence[Part]) -> Told:
    field, text, span = _place(finding.span, parts)
    excerpt = text[span.start : min(span.end, span.start + EXCERPT_MAX)]
    return Told(finding.reason.value, WORDS[finding.reason], field, span.start, span.end, excerpt)


def _place(span: Span, parts: Sequence[Part]) -> tuple[str, str, Span]:
    """The field that a span of the joined text begins in, and the span there; for one over all of it, the longest part.

    Without parts it is nowhere.
    """
    said = [part for part in parts if part.text]
    whole = sum(len(part.text) + 1 for part in said) - 1
    if said and span.start <= 0 and span.end >= whole:
        longest = max(said, key=lambda part: len(part.text))
        return longest.field, longest.text, Span(0, len(longest.text))
    before = 0
    for part in said:
        if span.start <= before + len(part.text):
            start = max(span.start - before, 0)
            return part.field, part.text, Span(start, min(max(span.end - before, start), len(part.text)))
        before += len(part.text) + 1
    return "", "", Span(0, 0)


def sentence(measure: Measure, told: Sequence[Told], thing: str) -> str:
    """What was decided about a text that is not published, why, and what its author can do; `thing`: “post”, ….

    With the words it is about, where they are not the whole text.
    """
    because = "; ".join(f"{one.text} (“{one.excerpt}”)" if one.excerpt else one.text for one in told[:3])
    found = f"It contains {because}. " if because else ""
    match measure:
        case Measure.WARN:
            return (
                f"Please look at your {thing} once more before it is published. {found}"
                "Change it, or send it again as it is within 15 minutes to publish it all the same."
            )
        case Measure.LIMIT_ACCOUNT:
            return (
                f"Your {thing} was not published, and what you write reaches your followers only until a moderator has "
                f"looked. {found}If this is a mistake, you can appeal."
            )
        case _:
            return (
                f"Your {thing} was not published. {found}"
                "You can change it and send it again; if this is a mistake, you can appeal."
            )


def state(*, withheld: bool, limited: bool, labels: Sequence[str]) -> str:
    """What others see of a published status, and what its author can do, in words."""
    said: list[str] = []
    if withheld:
        said.append("Only you see this post until a moderator has looked at it; then it is published or stays hidden.")
    if limited:
        said.append(
            "Only your followers, and who opens it or your page, see this post: it is in no public timeline, search, "
            "trend or hashtag."
        )
    if labels:
        said.append(f"Others see this post behind a warning: “{warning(labels)}”.")
    return " ".join([*said, "If this is a mistake, you can appeal."])
