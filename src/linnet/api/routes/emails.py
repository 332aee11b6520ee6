"""`/api/v1/emails`: a new member's confirmation of their address, as apps know it; and our own clients' part of it."""

from linnet.api.answers import NoContent
from linnet.api.auth import access_of, origin_of
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.features.accounts import addresses
from linnet.features.sessions import recovery


class ConfirmationForm(Form):
    """Where to send the letter."""

    email: str | None = None
    """Another address than the one given at sign-up."""


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
