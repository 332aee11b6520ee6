"""A decision told to its author: what was decided, what was found where, who has looked, what to do next. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from linnet.features.moderation.explaining import Told, reasons
from linnet.features.moderation.measures import About, Decision, Measure, Part
from linnet.features.moderation.models import Reason

APPEAL_DAYS: Final = 20
"""Days after a decision or a strike within which its person may appeal."""

REMEDIES_MAX: Final = 3

APPEALABLE: Final = frozenset({Measure.LABEL, Measure.LIMIT_REACH, Measure.HOLD, Measure.REJECT, Measure.LIMIT_ACCOUNT})
"""Measures that take something from somebody. Who was only warned needs no appeal: sending it again is enough."""

THINGS: Final = {
    About.STATUS: "post",
    About.MESSAGE: "message",
    About.PROFILE: "profile",
    About.REPORT: "report",
}
"""What a text is called when one speaks with its author."""

DECIDED: Final = {
    Measure.ALLOW: "Your {thing} was let through.",
    Measure.LABEL: "Your {thing} is shown behind a warning.",
    Measure.WARN: "You were asked to look at your {thing} once more before it is published.",
    Measure.LIMIT_REACH: "Your {thing} is shown to your followers and on your page, in no public timeline or search.",
    Measure.HOLD: "Your {thing} waits for a moderator, and only you see it until then.",
    Measure.REJECT: "Your {thing} was not published.",
    Measure.LIMIT_ACCOUNT: "Your {thing} was not published, and what you write reaches your followers only.",
}
"""What was decided, while nobody has looked at it."""

UPHELD: Final = {
    Measure.HOLD: "Only you see your {thing}.",
    Measure.LIMIT_ACCOUNT: "Your {thing} was not published, and what you write reaches your followers only.",
}
"""The same once a moderator has looked and it stays so, where that is another sentence."""

OVERTURNED: Final = {
    Measure.ALLOW: "Your {thing} was let through.",
    Measure.LABEL: "Your {thing} was shown behind a warning by mistake, and is no longer.",
    Measure.WARN: "You were asked by mistake to look at your {thing} once more.",
    Measure.LIMIT_REACH: "Your {thing} was kept from public timelines by mistake, and is no longer.",
    Measure.HOLD: "Your {thing} was held back by mistake, and is published now.",
    Measure.REJECT: "Your {thing} was rejected by mistake. You can send it again as it was.",
    Measure.LIMIT_ACCOUNT: "Your {thing} was rejected and your account limited by mistake. You can send it again.",
}
"""The same once a moderator took it back."""

_LEAVE_OUT: Final = "Leave it out, or say it in other words."
_CHECK_LINK: Final = "Link to the page itself, at the address under which it is known, or leave the link out."
_LEAVE_ADVERTISEMENT: Final = "Leave out what reads like an advertisement."

REMEDIES: Final = {
    Reason.PROFANITY: _LEAVE_OUT,
    Reason.SLUR: _LEAVE_OUT,
    Reason.SEXUAL: "Put it behind a content warning, or leave it out.",
    Reason.ABUSE: "Say what you mean about the matter rather than about the person.",
    Reason.SPAM_TEXT: _LEAVE_ADVERTISEMENT,
    Reason.SPAM_OFFER: _LEAVE_ADVERTISEMENT,
    Reason.SPAM_FOLLOWERS: "Followers and likes may not be sold or traded here; leave the offer out.",
    Reason.SPAM_ADULT: _LEAVE_ADVERTISEMENT,
    Reason.SPAM_CRYPTO: _LEAVE_ADVERTISEMENT,
    Reason.SPAM_CONTACT: "Send the number or address in a message to those whom it concerns.",
    Reason.MENTIONS_FLOOD: "Mention only those whom it concerns.",
    Reason.HASHTAGS_FLOOD: "Keep the few hashtags that say what it is about.",
    Reason.LINKS_FLOOD: "Keep the links that matter most.",
    Reason.GIBBERISH: "Write a few words that people can read.",
    Reason.DUPLICATE: "Boost the earlier post instead of sending it again, or write something new.",
    Reason.NEAR_DUPLICATE: "Boost the earlier post, or say it in your own words.",
    Reason.CAMPAIGN: "Say it in your own words.",
    Reason.URL_LOOKALIKE: _CHECK_LINK,
    Reason.URL_MALICIOUS: _CHECK_LINK,
    Reason.URL_IP_HOST: _CHECK_LINK,
    Reason.URL_ODD_PORT: _CHECK_LINK,
    Reason.URL_SHORTENER: "Link to the page itself: any link counts as 23 characters here, however long it is.",
    Reason.URL_DYNAMIC_DNS: _CHECK_LINK,
    Reason.URL_DEEP_HOST: _CHECK_LINK,
    Reason.URL_RISKY_SUFFIX: _CHECK_LINK,
    Reason.URL_CREDENTIALS: "Leave the part before the @ out of the link.",
    Reason.URL_MISMATCH: "Show the address to which the link leads.",
    Reason.LISTED_WORD: _LEAVE_OUT,
    Reason.LISTED_DOMAIN: "Leave the link out.",
    Reason.ACCOUNT_SPAMMER: "Wait a while, and post what is no advertisement.",
}
"""What an author can do about what was found; every reason has one, which a test holds."""

_CHANGEABLE: Final = frozenset(Measure) - {Measure.ALLOW, Measure.HOLD}
_NEXT: Final = {
    Measure.WARN: "You can change it, or send it again as it is.",
    Measure.HOLD: "There is nothing to do but wait; you can also delete it and write it anew.",
    Measure.REJECT: "You can change it and send it again.",
}


@dataclass(frozen=True, slots=True)
class Telling:
    """A decision in words, for its author."""

    sentence: str
    """What was decided, and what of it holds now."""
    reasons: tuple[Told, ...]
    """What was found, the surest first."""
    next_steps: tuple[str, ...]
    """What the author can do, as sentences; none when it was taken back."""


def tell(decision: Decision, parts: Sequence[Part], *, may_appeal: bool) -> Telling:
    """A decision for its author; `parts` are what was judged, none where the words are kept no longer."""
    ruling, upheld = decision.ruling, decision.upheld
    thing = THINGS[ruling.about]
    told = reasons(ruling.because or ruling.findings, parts)
    if upheld is False:
        return Telling(OVERTURNED[ruling.measure].format(thing=thing), tuple(told), ())
    words = (UPHELD.get(ruling.measure) if upheld else None) or DECIDED[ruling.measure]
    looked = " A moderator has looked at it, and it stays so." if upheld else ""
    return Telling(
        words.format(thing=thing) + _because(told) + looked,
        tuple(told),
        _next_steps(ruling.measure, told, upheld=upheld is not None, may_appeal=may_appeal),
    )


def _because(told: Sequence[Told]) -> str:
    found = [f"{one.text} (“{one.excerpt}”)" if one.excerpt else one.text for one in told[:REMEDIES_MAX]]
    return f" It contains {'; '.join(found)}." if found else ""


def _next_steps(measure: Measure, told: Sequence[Told], *, upheld: bool, may_appeal: bool) -> tuple[str, ...]:
    """The remedies where a change helps, then what the measure leaves to do, then the appeal."""
    remedies = dict.fromkeys(REMEDIES[Reason(one.code)] for one in told) if measure in _CHANGEABLE else ()
    appeal = f"If this is a mistake, you can appeal within {APPEAL_DAYS} days." if may_appeal else ""
    waits = "" if upheld and measure is Measure.HOLD else _NEXT.get(measure, "")
    return tuple(step for step in (*list(remedies)[:REMEDIES_MAX], waits, appeal) if step)
