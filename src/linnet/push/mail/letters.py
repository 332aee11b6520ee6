"""What the letters say: each is one function from what it is about to a `Letter`, in plain sentences."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from linnet.platform.site import Site


@dataclass(frozen=True, slots=True)
class Link:
    """Where a letter leads, and what its button says."""

    label: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter before it is laid out. Paragraphs are plain text; the link, if any, stands between the two groups."""

    site: Site
    to: str
    subject: str
    greeting: str
    paragraphs: tuple[str, ...]
    link: Link | None = None
    closing: tuple[str, ...] = ()
    unsubscribe: str = ""
    """The address that ends letters of this kind, for those that nobody must get."""

    @property
    def links(self) -> list[str]:
        """The addresses that the letter is about; what leads to the front page is none of them."""
        return [self.link.address] if self.link else []


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes letters of one server to one person, at one address."""

    site: Site
    username: str
    to: str

    def welcome(self, token: str) -> Letter:
        """To who has just signed up, at the address they gave."""
        return self._letter(
            "Confirm your e-mail address",
            f"Welcome to {self.site.title}! One thing is left to do: confirm that this e-mail address is yours.",
            link=Link("Confirm my address", f"{self.site.public_url}/confirm/{token}"),
            closing=(
                "The link works once, for two days.",
                "If you did not sign up here, ignore this letter: without you nothing comes of it.",
            ),
        )

    def new_address(self, token: str) -> Letter:
        """To the address that a member wants to use from now on."""
        return self._letter(
            "Confirm your new e-mail address",
            f"You want to use this address for your account @{self.username} on {self.site.title}.",
            link=Link("Use this address", f"{self.site.public_url}/confirm/{token}"),
            closing=(
                "The link works once, for two days. Until then your old address stays.",
                "If this was not you, ignore this letter: without you nothing comes of it.",
            ),
        )

    def reset(self, token: str) -> Letter:
        """To who cannot sign in any more."""
        return self._letter(
            "Choose a new password",
            f"Somebody, probably you, asked for a new password for @{self.username} on {self.site.title}.",
            link=Link("Choose a new password", f"{self.site.public_url}/password/reset/{token}"),
            closing=(
                "The link works once, for one hour. A new password signs you out everywhere, and out of every app.",
                "If this was not you, ignore this letter: your password stays as it is. Give the link to nobody.",
            ),
        )

    def unlock(self, token: str) -> Letter:
        """To the owner of an account at which somebody guesses."""
        return self._letter(
            "Sign-ins to your account are held back",
            f"Many attempts to sign in as @{self.username} failed. For a while nobody can sign in from devices that "
            "you have not used before; those that you have used still can.",
            "If it was you and you cannot get in, open this page to try again at once:",
            link=Link("Let me sign in again", f"{self.site.public_url}/unlock/{token}"),
            closing=(
                "The link works once, for one hour.",
                "If it was not you, nothing needs to be done: nobody has found your password.",
            ),
        )

    def new_device(self, device: str, where: str, at: datetime) -> Letter:
        """To who signed in at a device of which we did not know."""
        return self._letter(
            "New sign-in to your account",
            f"@{self.username} was signed in at a device that is new to us: {device}, from {where}, {_moment(at)}.",
            "If this was you, all is well.",
            closing=(self._not_you(),),
        )

    def refresh_token_reused(self) -> Letter:
        """To the owner of a session of which somebody has a copy."""
        return self._letter(
            "A session of yours was ended",
            f"Somebody used an old key of one of your sessions on {self.site.title}. That happens when the keys of an "
            "app were copied, so we ended the session. Where you are signed out now, sign in again.",
            closing=("If you do not know how that could be: " + self._not_you(),),
        )

    def password_changed(self) -> Letter:
        """To who has a new password."""
        return self._letter(
            "Your password was changed",
            f"The password of @{self.username} was changed, and other devices were signed out.",
            "If this was you, all is well.",
            closing=(self._not_you(),),
        )

    def email_changed(self) -> Letter:
        """To the address that is no longer an account's."""
        return self._letter(
            "Your e-mail address was changed",
            f"@{self.username} uses another e-mail address from now on, and this one gets no more letters.",
            "If this was you, all is well.",
            closing=(f"If it was not you, write to the operator of {self.site.title} at once{self._contact()}.",),
        )

    def factors_changed(self, what: str) -> Letter:
        """To who has another second factor, or none any more. `what` is the whole news, as a sentence."""
        return self._letter(
            "Your second factors were changed",
            f"Something changed about how you prove who you are when you sign in as @{self.username}: {what}",
            "If this was you, all is well.",
            closing=(self._not_you(),),
        )

    def approved(self) -> Letter:
        """To who waited for a moderator."""
        return self._letter(
            "You are in",
            f"A moderator let you in. Welcome to {self.site.title}!",
            link=Link("Sign in", f"{self.site.public_url}/signin"),
        )

    def struck(self, what: str, text: str, appeal_token: str) -> Letter:
        """To who was acted on by moderators. `what` is what was done, `text` what they wrote about it."""
        words = ("They wrote:", *text.strip().split("\n\n")) if text.strip() else ()
        return self._letter(
            f"About your account on {self.site.title}",
            f"The moderators of {self.site.title} looked at @{self.username}. {what}",
            *words,
            "If you think that this is a mistake, say so within 20 days:",
            link=Link("Appeal", f"{self.site.public_url}/appeal/{appeal_token}"),
            closing=("The link works without signing in, so give it to nobody. You can appeal once.",),
        )

    def deleted(self) -> Letter:
        """To who was a member."""
        return self._letter(
            "Your account was deleted",
            f"@{self.username} on {self.site.title} is deleted, with all its posts. It cannot be brought back, and "
            "this was the last letter to this address.",
            closing=(f"If this was not you, write to the operator{self._contact()}.",),
        )

    def news(self, lines: Sequence[str], others: int, *, is_more: bool, unsubscribe: str) -> Letter:
        """To who was told something and has not been here since; a line for each notification, newest first."""
        alone = len(lines) == 1 and not others
        subject = "You were told something" if alone else f"{_many(len(lines) + others, is_more)} notifications"
        return self._summary(f"{subject} on {self.site.title}", lines, others, is_more, unsubscribe)

    def digest(self, lines: Sequence[str], others: int, *, is_more: bool, unsubscribe: str) -> Letter:
        """To who asked for a summary now and then."""
        return self._summary(f"What you missed on {self.site.title}", lines, others, is_more, unsubscribe)

    def appeal_answered(self, what: str, answer: str, *, approved: bool) -> Letter:
        """To who appealed; `what` is what it was against, as a sentence, and `answer` what a moderator wrote beside."""
        outcome = (
            "A moderator agrees with you, and has taken it back."
            if approved
            else "A moderator has looked at it again, and it stays as it is. This was the one appeal that there is."
        )
        return self._letter(
            "Your appeal was approved" if approved else "Your appeal was rejected",
            f"You appealed against this: {what}",
            outcome,
            *_quoted("They write:", answer),
        )

    def reviewed(self, what: str, appeal_token: str | None, *, upheld: bool) -> Letter:
        """To the author of a text about which a moderator has looked at the decision; `what` is it, as a sentence."""
        link = Link("Appeal", f"{self.site.public_url}/appeal/{appeal_token}") if appeal_token else None
        return self._letter(
            "A moderator has looked at it",
            f"We decided this lately: {what}",
            "A moderator has looked at it, and it stays so." if upheld else "That was a mistake, and is taken back.",
            *(("If you think that this is a mistake, say so:",) if link else ()),
            link=link,
        )

    def trial(self) -> Letter:
        """To an operator who tries whether letters arrive."""
        return self._letter(
            "Letters arrive",
            f"This is a letter from {self.site.title} at {self.site.public_url}, sent by `linnet mail test`.",
            "If you can read this, people here get theirs too.",
        )

    def _summary(self, subject: str, lines: Sequence[str], others: int, is_more: bool, unsubscribe: str) -> Letter:  # noqa: FBT001
        left = (f"And {_many(others, is_more)} more.",) if others else ()
        letter = self._letter(
            subject,
            *lines,
            *left,
            link=Link(f"Read on at {self.site.title}", f"{self.site.public_url}/"),
            closing=(f"What is written to you is yours to choose: {self.site.public_url}/settings/mail",),
        )
        return replace(letter, unsubscribe=unsubscribe)

    def _letter(
        self, subject: str, *paragraphs: str, link: Link | None = None, closing: tuple[str, ...] = ()
    ) -> Letter:
        greeting = f"Hello @{self.username}," if self.username else "Hello,"
        return Letter(
            site=self.site,
            to=self.to,
            subject=subject,
            greeting=greeting,
            paragraphs=paragraphs,
            link=link,
            closing=closing,
        )

    def _not_you(self) -> str:
        return (
            f"If it was not you, somebody knows your password: choose a new one at "
            f"{self.site.public_url}/password/forgot now. That signs out everybody else."
        )

    def _contact(self) -> str:
        return f": {self.site.contact_email}" if self.site.contact_email else ""


def _moment(at: datetime) -> str:
    return f"on {at.day} {at:%B %Y at %H:%M} UTC"


def _quoted(lead: str, text: str) -> tuple[str, ...]:
    """What somebody wrote, a paragraph for each of its own; nothing when they wrote nothing."""
    paragraphs = [line.strip() for line in text.split("\n") if line.strip()]
    return (lead, *paragraphs) if paragraphs else ()


def _many(number: int, is_more: bool) -> str:  # noqa: FBT001
    return f"{number}{' or more' if is_more else ''}"
