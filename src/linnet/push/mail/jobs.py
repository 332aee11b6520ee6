"""Which letter follows from which event, each a job of its own. A job that runs twice sends a letter with a new secret.

Secrets are made here, when a letter is written, so that none is ever in a row of the queue.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final, Protocol

from linnet.features.accounts import proofs
from linnet.features.accounts.events import (
    ConfirmationAsked,
    DeletionDone,
    EmailChanged,
    PasswordChanged,
    PasswordResetAsked,
    SignedUp,
    SignupApproved,
)
from linnet.features.accounts.models import Viewer
from linnet.features.accounts.proofs import LIFETIMES_S, Purpose
from linnet.features.accounts.recipients import Recipient, recipient, recipient_named
from linnet.features.cases import reads as cases
from linnet.features.cases.appeals import links
from linnet.features.cases.appeals.models import Against
from linnet.features.cases.events import Struck
from linnet.features.cases.models import Action
from linnet.features.sessions.agents import in_words
from linnet.features.sessions.events import DeviceSeen, RefreshTokenReused, SignInsLocked
from linnet.features.sessions.factors.events import FactorsChanged
from linnet.features.sessions.places import Places
from linnet.features.sessions.sightings import sighting
from linnet.platform.engines import Engines
from linnet.platform.jobs import Job, Periodic, W
from linnet.platform.site import Site
from linnet.push.mail.delivery import deliver, forget_letters
from linnet.push.mail.letters import Letter, Writer

QUEUE: Final = "mail"
"""A queue of its own: a slow mail server keeps nothing else waiting."""

TIMEOUT_S: Final = 120.0
ATTEMPTS_MAX: Final = 30
"""About fourteen hours of trying: mail servers are away for longer than our own engines."""

FORGET_EVERY_S: Final = 3600.0

FACTOR_NEWS: Final = {
    "totp_added": "codes from an app on your phone are asked for from now on.",
    "totp_removed": "codes from an app on your phone are no longer asked for.",
    "recovery_codes_made": "new recovery codes were made, and the old ones are void.",
    "recovery_code_used": "one of your recovery codes was used up.",
    "passkey_added": "a passkey was added.",
    "passkey_removed": "a passkey was removed.",
    "passkey_suspect": "one of your passkeys may have been copied, because it counts backwards. Remove it.",
    "factors_reset": "the operator of this server took them all away.",
}
"""What `FactorsChanged.what` means to its owner."""


STRIKES: Final = {
    Action.WARN: "They have a warning for you; nothing else was done.",
    Action.MARK_SENSITIVE: "Some of your posts are shown behind a warning from now on.",
    Action.DELETE_POSTS: "Some of your posts were deleted.",
    Action.SENSITIVE: "Everything that you post is shown behind a warning from now on.",
    Action.FREEZE: "It is frozen: you can sign in and read, but not post, follow, favourite or send messages.",
    Action.LIMIT: "It is limited: only people who follow you come across what you post.",
    Action.SUSPEND: "It is suspended: nobody sees it, and it will be erased for good in 30 days.",
}
"""What was done, to who it was done to."""


class OfOne(Protocol):
    """An event about one account."""

    @property
    def account_id(self) -> int:
        """Whose."""
        ...


async def _owner(engines: Engines, work: OfOne) -> Recipient | None:
    """The person behind the event's account."""
    return await recipient(engines.db, work.account_id)


async def _unconfirmed(engines: Engines, work: OfOne) -> Recipient | None:
    """The same, if an address of theirs waits for confirmation."""
    person = await recipient(engines.db, work.account_id)
    waits = person is not None and (not person.is_confirmed or person.new_email is not None)
    return person if waits else None


async def _newcomer(engines: Engines, work: SignedUp) -> Recipient | None:
    """The same, if it is the first one: a job that comes late must not ask for what was asked for since."""
    person = await recipient(engines.db, work.account_id)
    return person if person is not None and not person.is_confirmed else None


async def _named(engines: Engines, work: PasswordResetAsked) -> Recipient | None:
    return await recipient_named(engines.db, work.identifier)


async def _former(_: Engines, work: DeletionDone) -> Recipient | None:
    return Recipient(work.account_id, work.username, work.email, None, is_confirmed=True)


async def _confirm(engines: Engines, person: Recipient, _: OfOne) -> Letter:
    to = person.new_email or person.email
    token = await _minted(engines, person, Purpose.CONFIRM, detail=to)
    writer = Writer(engines.config(Site), person.username, to)
    return writer.welcome(token) if person.new_email is None else writer.new_address(token)


async def _reset(engines: Engines, person: Recipient, _: PasswordResetAsked) -> Letter:
    return _writer(engines, person).reset(await _minted(engines, person, Purpose.RESET))


async def _unlock(engines: Engines, person: Recipient, _: SignInsLocked) -> Letter:
    return _writer(engines, person).unlock(await _minted(engines, person, Purpose.UNLOCK))


async def _new_device(engines: Engines, person: Recipient, work: DeviceSeen) -> Letter:
    seen = await sighting(engines.db, work.session_id)
    if seen is None:
        return _writer(engines, person).new_device("a session that has ended since", "nowhere", engines.clock.now())
    place = engines.config(Places).of(seen.address)
    where = f"{seen.address} ({place})" if seen.address else place
    return _writer(engines, person).new_device(in_words(seen.agent), where, seen.at)


async def _reused(engines: Engines, person: Recipient, _: RefreshTokenReused) -> Letter:
    return _writer(engines, person).refresh_token_reused()


async def _password_changed(engines: Engines, person: Recipient, _: PasswordChanged) -> Letter:
    return _writer(engines, person).password_changed()


async def _email_changed(engines: Engines, person: Recipient, work: EmailChanged) -> Letter:
    return Writer(engines.config(Site), person.username, work.former_email).email_changed()


async def _factors_changed(engines: Engines, person: Recipient, work: FactorsChanged) -> Letter:
    return _writer(engines, person).factors_changed(FACTOR_NEWS[work.what])


async def _approved(engines: Engines, person: Recipient, _: SignupApproved) -> Letter:
    return _writer(engines, person).approved()


async def _struck_one(engines: Engines, work: Struck) -> Recipient | None:
    """The person, if they are to have a letter about it."""
    return await _owner(engines, work) if work.by_mail else None


async def _struck(engines: Engines, person: Recipient, work: Struck) -> Letter:
    strike = await cases.own_strike(engines, Viewer(person.account_id), work.strike_id)
    token = links.token_of(engines, person.account_id, Against.STRIKE, strike.id)
    return _writer(engines, person).struck(STRIKES[strike.action], strike.text, token)


async def _deleted(engines: Engines, person: Recipient, _: DeletionDone) -> Letter:
    return _writer(engines, person).deleted()


def _writer(engines: Engines, person: Recipient) -> Writer:
    return Writer(engines.config(Site), person.username, person.email)


async def _minted(engines: Engines, person: Recipient, purpose: Purpose, *, detail: str = "") -> str:
    at = engines.clock.now()
    return await proofs.mint(engines.db, person.account_id, purpose, LIFETIMES_S[purpose], at=at, detail=detail)


def _job(
    name: str,
    event: type[W],
    whom: Callable[[Engines, W], Awaitable[Recipient | None]],
    write: Callable[[Engines, Recipient, W], Awaitable[Letter]],
    *,
    kind: str | None = None,
) -> Job[W]:
    """A job that writes one letter for each event. Letters of one `kind` (the name) are counted together.

    One at a time: were there more in a batch and the server failed at the second, the first would be sent twice.
    """

    async def run(engines: Engines, works: Sequence[W]) -> None:
        for work in works:
            person = await whom(engines, work)
            if person is not None:
                await deliver(engines, kind or name, person, partial(write, engines, person, work))

    return Job(f"mail.{name}", event, run, queue=QUEUE, batch_max=1, attempts_max=ATTEMPTS_MAX, timeout_s=TIMEOUT_S)


WELCOME: Final = _job("welcome", SignedUp, _newcomer, _confirm, kind="confirm")
CONFIRM: Final = _job("confirm", ConfirmationAsked, _unconfirmed, _confirm)
RESET: Final = _job("reset", PasswordResetAsked, _named, _reset)
UNLOCK: Final = _job("unlock", SignInsLocked, _owner, _unlock)
NEW_DEVICE: Final = _job("new_device", DeviceSeen, _owner, _new_device)
REFRESH_TOKEN_REUSED: Final = _job("refresh_token_reused", RefreshTokenReused, _owner, _reused)
PASSWORD_CHANGED: Final = _job("password_changed", PasswordChanged, _owner, _password_changed)
EMAIL_CHANGED: Final = _job("email_changed", EmailChanged, _owner, _email_changed)
FACTORS_CHANGED: Final = _job("factors_changed", FactorsChanged, _owner, _factors_changed)
APPROVED: Final = _job("approved", SignupApproved, _owner, _approved)
STRUCK: Final = _job("struck", Struck, _struck_one, _struck)
DELETED: Final = _job("deleted", DeletionDone, _former, _deleted)

FORGET_LETTERS: Final = Periodic("mail.forget_letters", FORGET_EVERY_S, forget_letters)
