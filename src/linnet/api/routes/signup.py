"""`/signup`: new members in browsers, the puzzle that their browsers may have to solve, and its script."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from linnet.api.answers import Answer, Html, Redirect
from linnet.api.auth import origin_of
from linnet.api.browser import check_form, form_token, keep_session, page, safe_path
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.pages import FOLDER, render
from linnet.features.accounts import invites, users
from linnet.features.accounts.addresses import AddressRules
from linnet.features.accounts.challenges import ChallengeRules, challenge
from linnet.features.accounts.signup import SignUp, SignupMode, SignupRules, sign_up
from linnet.features.sessions import actions
from linnet.platform.errors import Forbidden, Invalid, Problem
from linnet.platform.site import Site

PUZZLE_SCRIPT_PATH = "/pages/puzzle.js"
_CACHED = (("Cache-Control", "public, max-age=300"),)


class JoinForm(Form):
    """Where to go on to, and the invitation that brought the person here."""

    then: str = "/"
    invite_code: str = ""


class SignupPageForm(Form):
    """The sign-up form."""

    form_token: str = ""
    username: str = ""
    email: str = ""
    password: str = ""
    agreement: bool = False
    reason: str = ""
    invite_code: str = ""
    date_of_birth: str = ""
    altcha: str = ""
    then: str = "/"

    def filled(self) -> SignUp:
        """What the verb takes."""
        return SignUp(
            self.username.strip(),
            self.email.strip(),
            self.password,
            self.agreement,
            reason=self.reason,
            invite_code=self.invite_code,
            date_of_birth=self.date_of_birth,
            challenge_answer=self.altcha,
        )


@endpoint("GET", PUZZLE_SCRIPT_PATH, viewer="none", hidden=True)
async def show_puzzle_script(call: Call) -> Answer:  # noqa: ARG001 -- a handler's shape
    """What solves the puzzle."""
    return Answer(200, _SCRIPT, "text/javascript; charset=utf-8", _CACHED)


@endpoint("GET", "/api/v1/auth/challenge", viewer="none")
async def show_challenge(call: Call) -> dict[str, Any]:
    """Get a puzzle in ALTCHA's form (version 2), whose answer a sign-up brings as `altcha`. 404 where none is set.

    The answer is base64 of ALTCHA's JSON payload. It counts once, and for twenty minutes.
    """
    call.answer_headers.append(("Cache-Control", "no-store"))
    return dict(await challenge(call.engines))


@endpoint("GET", "/signup", viewer="none", hidden=True)
@page
async def show_signup(call: Call, form: JoinForm) -> Html:
    """Ask a new member for a name, an address and a password."""
    return await _signup_page(call, SignupPageForm(then=safe_path(form.then), invite_code=form.invite_code))


@endpoint("POST", "/signup", viewer="none", hidden=True)
@page
async def sign_up_here(call: Call, form: SignupPageForm) -> Html | Redirect:
    """Make the account and go on, signed in; or say what is wrong beside each field."""
    try:
        check_form(call, form.form_token)
        account_id = await sign_up(call.engines, form.filled(), call.address)
    except Invalid as error:
        problems = {name: _sentences(name, found) for name, found in error.details.items()}
        return await _signup_page(call, form, problems)
    except Forbidden as error:
        return await _signup_page(call, form, {"form": error.message})
    proved = call.engines.config(AddressRules).proved
    if not proved and not (await users.candidate_with(call.engines, account_id)).is_admitted:
        sentence = "A moderator of this server reads your request. You can sign in as soon as it is approved."
        return render(call.engines.config(Site), "problem", title="Thank you", sentence=sentence)
    session = await actions.begin_web_session(call.engines, account_id, origin_of(call), signed_up=True)
    keep_session(call, session)
    return Redirect(f"/confirm?then={quote(safe_path(form.then))}" if proved else safe_path(form.then), 303)


async def _signup_page(call: Call, form: SignupPageForm, problems: dict[str, str] | None = None) -> Html:
    site, rules = call.engines.config(Site), call.engines.config(SignupRules)
    if rules.mode is SignupMode.CLOSED:
        sentence = rules.message or "This server does not take new members."
        return render(site, "problem", status=403, title="Sign up", sentence=sentence)
    invitation = await invites.find(call.engines, form.invite_code.strip()) if form.invite_code.strip() else None
    is_guarded = call.engines.config(ChallengeRules).is_on and invitation is None
    puzzle = msgspec.json.encode(await challenge(call.engines)).decode() if is_guarded else ""
    return render(
        site,
        "signup",
        status=422 if problems else 200,
        runs_script=is_guarded,
        title="Sign up",
        rules=rules,
        needs_reason=rules.mode is SignupMode.APPROVAL and not (invitation and invitation.admits),
        needs_invite=rules.mode is SignupMode.INVITE,
        takes_invite=is_guarded or rules.mode is not SignupMode.OPEN or bool(form.invite_code),
        puzzle=puzzle,
        script_path=PUZZLE_SCRIPT_PATH,
        form=form,
        problems=problems or {},
        then=safe_path(form.then),
        form_token=form_token(call),
    )


def _sentences(name: str, problems: Sequence[Problem]) -> str:
    return " ".join(f"{_LABELS.get(name, name.capitalize())} {problem.description}." for problem in problems)


_LABELS = {
    "username": "The user name",
    "email": "The address",
    "password": "The password",
    "agreement": "The rules",
    "invite_code": "The invitation",
    "date_of_birth": "The date of birth",
    "altcha": "The puzzle",
}
_SCRIPT = (FOLDER / "puzzle.js").read_bytes()
