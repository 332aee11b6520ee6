"""`/appeal`: where the link in a letter leads by which one appeals, also when one cannot sign in."""

from typing import Final

from linnet.api.answers import Html, Redirect
from linnet.api.asking import Asked, Field, ask, told
from linnet.api.browser import check_form, page
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.features.accounts.models import Viewer
from linnet.features.cases.appeals import actions, links, reads
from linnet.features.cases.appeals.models import TEXT_CHARS_MAX, Against, State
from linnet.features.cases.appeals.reads import Shown, ShownStrike
from linnet.features.moderation.telling import tell
from linnet.platform.errors import Invalid, NotFound

NOWHERE: Final = "This link leads nowhere"
STALE: Final = "It may have been cut off: copy it as a whole."
TITLE: Final = "Appeal against what was decided"

SAID: Final = {
    State.PENDING: "Your appeal is here. A moderator will answer it, and you will get a letter.",
    State.APPROVED: "Your appeal was approved: it has been taken back.",
    State.REJECTED: "Your appeal was rejected. It was the one appeal that there is.",
}
OVER: Final = "It was taken back already, or the 20 days are over in which you could appeal."


class AppealPageForm(Form):
    """Why it is a mistake."""

    form_token: str = ""
    text: str = ""


@endpoint("GET", "/appeal/{token}", viewer="none", hidden=True)
@page
async def show_appeal(call: Call, token: str) -> Html | Redirect:
    """Show what was done, and ask why it is a mistake."""
    shown = await _shown(call, token)
    return _answered(call, shown) or ask(call, _asked(token, shown))


@endpoint("POST", "/appeal/{token}", viewer="none", hidden=True)
@page
async def appeal(call: Call, token: str, form: AppealPageForm) -> Html | Redirect:
    """Appeal, for whoever has the letter."""
    check_form(call, form.form_token)
    shown = await _shown(call, token)
    if (answered := _answered(call, shown)) is not None:
        return answered
    try:
        if isinstance(shown, ShownStrike):
            await actions.appeal_strike(call.engines, Viewer(shown.strike.account_id), shown.strike.id, form.text)
        else:
            author = Viewer(shown.decision.ruling.account_id)
            await actions.appeal_decision(call.engines, author, shown.decision.id, form.text)
    except Invalid as error:
        return ask(call, _asked(token, shown, form.text), error)
    return told(call, "Thank you", SAID[State.PENDING])


async def _shown(call: Call, token: str) -> Shown | ShownStrike:
    named = links.named_by(call.engines, token)
    if named is None:
        raise NotFound(f"{NOWHERE}. {STALE}")
    account_id, against, subject_id = named
    read = reads.own_one if against is Against.DECISION else reads.own_strike
    return await read(call.engines, Viewer(account_id), subject_id)


def _answered(call: Call, shown: Shown | ShownStrike) -> Html | None:
    """What there is to say where there is nothing to ask."""
    if shown.appeal is not None:
        return told(call, "Your appeal", f"{SAID[shown.appeal.state]} {shown.appeal.answer}".strip())
    return told(call, "Nothing to appeal against", OVER) if shown.appeal_until is None else None


def _asked(token: str, shown: Shown | ShownStrike, text: str = "") -> Asked:
    if isinstance(shown, ShownStrike):
        wrote = (f"They wrote: {shown.strike.text}",) if shown.strike.text else ()
    else:
        wrote = (tell(shown.decision, shown.parts, may_appeal=True).sentence,)
    lead = (*wrote, "Say why you think that this is a mistake. Somebody will read it; you can say it once.")
    hint = f"Up to {TEXT_CHARS_MAX:,} characters."
    return Asked(
        TITLE, f"/appeal/{token}", "Appeal", lead, (Field("text", "Your appeal", "textarea", hint=hint, value=text),)
    )
