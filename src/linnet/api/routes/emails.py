"""`/api/v1/emails`: how new members confirm their address, which letters one gets, and our own clients' part."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from linnet.api.answers import NoContent
from linnet.api.auth import access_of, origin_of
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.features.accounts import addresses
from linnet.features.notifications.mailing import actions
from linnet.features.notifications.mailing import reads as mailing
from linnet.features.notifications.mailing.models import KINDS, Digest, MailChoice
from linnet.features.sessions import recovery


class ConfirmationForm(Form):
    """Where to send the letter."""

    email: str | None = None
    """Another address than the one given at sign-up."""


class PreferencesForm(Form):
    """What to write to one: kinds of notifications that are not named stay as they are."""

    kinds: Mapping[str, bool] = {}
    digest: Literal["never", "daily", "weekly"] | None = None


class MailPreferences(msgspec.Struct, kw_only=True):
    """Which notifications are written about when one is away, and how often there is a summary."""

    kinds: dict[str, bool]
    digest: str


class EmailForm(Form):
    """Another address, and the proof that it is the owner who wants it."""

    password: str = ""
    email: str = ""


class LetterForm(Form):
    """What a letter carried."""

    token: str = ""


@endpoint("POST", "/api/v1/emails/confirmations", scope="write:accounts", unconfirmed=True)
async def resend(call: Call, form: ConfirmationForm) -> dict[str, str]:
    """Send the letter again that asks to confirm an address, to another one if named; at most five an hour."""
    await addresses.ask_again(call.engines, call.me.account_id, form.email)
    return {}


@endpoint("GET", "/api/v1/emails/check_confirmation", scope="read:accounts", unconfirmed=True)
async def check_confirmation(call: Call) -> bool:
    """Whether the account's address is confirmed."""
    return (await addresses.address_of(call.engines, call.me.account_id)).is_confirmed


@endpoint("GET", "/api/v1/emails/preferences", scope="read:accounts")
async def show_preferences(call: Call) -> MailPreferences:
    """Show which letters about notifications one gets."""
    return _present(await mailing.choice(call.engines, call.me))


@endpoint("PATCH", "/api/v1/emails/preferences", scope="write:accounts")
async def change_preferences(call: Call, form: PreferencesForm) -> MailPreferences:
    """Choose which letters about notifications one gets: of which kinds, and how often a digest."""
    before = await mailing.choice(call.engines, call.me)
    wanted = before.named | {kind: wish for kind, wish in form.kinds.items() if kind in KINDS}
    kinds = frozenset(kind for kind, wish in wanted.items() if wish)
    chosen = MailChoice(kinds, Digest(form.digest) if form.digest else before.digest)
    await actions.choose(call.engines, call.me, chosen)
    return _present(chosen)


@endpoint("POST", "/api/v1/auth/email", scope="write:accounts", status=204)
async def change_email(call: Call, form: EmailForm) -> NoContent:
    """Ask for another e-mail address. It counts once a letter there was answered; the old one is told."""
    await recovery.change_email(call.engines, access_of(call), form.password, form.email, origin_of(call))
    return NoContent()


@endpoint("POST", "/api/v1/auth/email/confirm", viewer="none", status=204)
async def confirm_email(call: Call, form: LetterForm) -> NoContent:
    """Confirm the address that a letter was sent to, with the token in its link, which is used up by this."""
    await addresses.confirm(call.engines, form.token)
    return NoContent()


def _present(chosen: MailChoice) -> MailPreferences:
    return MailPreferences(kinds=chosen.named, digest=chosen.digest.value)
