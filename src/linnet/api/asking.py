"""Pages that ask for a few things and do one: a form with what is wrong beside each field, without scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from linnet.api.answers import Html, Redirect
from linnet.api.browser import form_token, sign_in_path, signed_in
from linnet.api.endpoint import Call
from linnet.api.errors import status_of
from linnet.api.pages import render
from linnet.features.sessions import recovery
from linnet.features.sessions.factors.step_up import StepUpRequired
from linnet.features.sessions.models import Access
from linnet.platform.errors import Invalid, Problem, ProductError, TooMany
from linnet.platform.site import Site


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in. `label` is also the subject of what is said of it: "The address is taken."."""

    name: str
    label: str
    kind: str = "text"
    """The type of the input, or `textarea`; a `password` is never shown again."""
    autocomplete: str = "off"
    hint: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A page with a form that goes to `action`."""

    title: str
    action: str
    button: str
    lead: Sequence[str] = ()
    fields: Sequence[Field] = ()
    aside: str = ""
    aside_path: str = ""


def ask(call: Call, asked: Asked, error: ProductError | None = None) -> Html | Redirect:
    """The page, with what was wrong with the form that came from it; who must prove themselves anew does that first."""
    if isinstance(error, StepUpRequired):
        return Redirect(f"/settings/security/confirm?then={quote(asked.action)}", 303)
    details: Mapping[str, Sequence[Problem]] = error.details if isinstance(error, Invalid) else {}
    known = {field.name: field.label for field in asked.fields}
    problems = {
        name: " ".join(f"{known[name]} {one.description}." for one in found)
        for name, found in details.items()
        if name in known
    }
    if isinstance(error, TooMany):
        call.answer_headers.append(("Retry-After", str(error.retry_after_s)))
    return render(
        call.engines.config(Site),
        "asking",
        status=status_of(error) if error else 200,
        title=asked.title,
        asked=asked,
        problems=problems,
        problem="" if problems or error is None else error.message,
        form_token=form_token(call),
    )


def told(call: Call, title: str, sentence: str, *, status: int = 200) -> Html:
    """A page that says what has happened."""
    return render(call.engines.config(Site), "problem", status=status, title=title, sentence=sentence)


async def somebody(call: Call, *, unconfirmed: bool = False) -> Access | Redirect:
    """Who is signed in at this browser, or where to sign in first."""
    access = await signed_in(call, unconfirmed=unconfirmed)
    if access is None or access.viewer is None:
        return Redirect(sign_in_path(call.path), 303)
    return access


async def ask_owner(call: Call, asked: Asked) -> Html | Redirect:
    """The page for whoever is signed in and may do what it asks about; before it, where they show that they may."""
    access = await somebody(call)
    if isinstance(access, Redirect):
        return access
    try:
        await recovery.check_recent(call.engines, access)
    except StepUpRequired as error:
        return ask(call, asked, error)
    return ask(call, asked)
