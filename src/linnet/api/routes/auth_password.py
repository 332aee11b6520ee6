"""`/api/v1/auth/password` and what else guards an account: a forgotten password, a changed one, a deleted account."""

from linnet.api.answers import NoContent
from linnet.api.auth import access_of, origin_of
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.features.sessions import recovery


class ChangeForm(Form):
    """The password now, and the one from now on."""

    current: str = ""
    new: str = ""


class ForgotForm(Form):
    """Whose password."""

    identifier: str = ""
    """A user name or an e-mail address."""


class ResetForm(Form):
    """What a letter carried, and the password from now on."""

    token: str = ""
    password: str = ""


class UnlockForm(Form):
    """What a letter carried."""

    token: str = ""


class DeleteForm(Form):
    """The proof that it is the owner who wants it."""

    password: str = ""


@endpoint("POST", "/api/v1/auth/password/change", scope="write:accounts", status=204)
async def change(call: Call, form: ChangeForm) -> NoContent:
    """Change the password. Every other session ends; apps keep their tokens."""
    await recovery.change_password(call.engines, access_of(call), form.current, form.new, origin_of(call))
    return NoContent()


@endpoint("POST", "/api/v1/auth/password/forgot", viewer="none", status=202)
async def forgot(call: Call, form: ForgotForm) -> dict[str, str]:
    """Ask for a letter with a link to choose a new password.

    The answer is the same, after the same time, for accounts that there are and those that there are not.
    """
    await recovery.forgot(call.engines, form.identifier)
    return {}


@endpoint("POST", "/api/v1/auth/password/reset", viewer="none", status=204)
async def reset(call: Call, form: ResetForm) -> NoContent:
    """Choose a new password with the token of a letter, good once and for an hour.

    Ends every session and every app's token. Nobody is signed in by it, and a second factor is asked for as ever.
    """
    await recovery.reset(call.engines, form.token, form.password, origin_of(call))
    return NoContent()


@endpoint("POST", "/api/v1/auth/unlock", viewer="none", status=204)
async def unlock(call: Call, form: UnlockForm) -> NoContent:
    """Let new devices try to sign in again at once, with the token of the letter about too many failed tries."""
    await recovery.unlock(call.engines, form.token, origin_of(call))
    return NoContent()


@endpoint("DELETE", "/api/v1/auth/account", scope="write:accounts", status=204)
async def delete(call: Call, form: DeleteForm) -> NoContent:
    """Delete one's account for good, with everything in it. The name stays taken."""
    await recovery.delete_account(call.engines, access_of(call), form.password, origin_of(call))
    return NoContent()
