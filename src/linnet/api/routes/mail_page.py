"""`/settings/mail`: which letters one gets; `/mail/unsubscribe`: where a letter's link ends those of its kind."""

from typing import Final

from linnet.api.answers import Html, Redirect
from linnet.api.asking import Asked, ask, somebody, told
from linnet.api.browser import check_form, form_token, page
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.pages import render
from linnet.features.notifications.mailing import actions, reads
from linnet.features.notifications.mailing.models import KINDS, Digest, MailChoice, MailList
from linnet.features.sessions.models import Access
from linnet.platform.site import Site

PATH: Final = "/settings/mail"

LABELS: Final = {
    "mention": "mentions you",
    "quote": "quotes a post of yours",
    "status": "posts, where you asked to hear of it",
    "reblog": "boosts a post of yours",
    "follow": "follows you",
    "follow_request": "asks to follow you",
    "favourite": "favourites a post of yours",
    "poll": "had a poll that ended",
    "update": "edits a post that you boosted",
    "quoted_update": "edits a post that you quoted",
    "admin.sign_up": "signs up, if you are of the staff",
    "admin.report": "reports somebody, if you are of the staff",
}
"""Each kind after "when somebody"."""

NAMES: Final = {MailList.NEWS: "letters about notifications", MailList.DIGEST: "digests"}
STALE: Final = "Nothing ends by this link. It may have been cut off: copy it as a whole."


class ChoiceForm(Form):
    """The page's form: kinds that are ticked, and how often a digest."""

    form_token: str = ""
    kinds: tuple[str, ...] = ()
    digest: str = "never"


class OneClickForm(Form):
    """What a mailbox sends (RFC 8058), or our own button; the address says it all, so nothing of it is looked at."""


@endpoint("GET", PATH, viewer="none", hidden=True)
@page
async def show_choice(call: Call) -> Html | Redirect:
    """Show which letters somebody gets."""
    access = await somebody(call)
    return access if isinstance(access, Redirect) else await _choice_page(call, access)


@endpoint("POST", PATH, viewer="none", hidden=True)
@page
async def choose(call: Call, form: ChoiceForm) -> Html | Redirect:
    """Have these letters written from now on."""
    access = await somebody(call)
    if isinstance(access, Redirect):
        return access
    check_form(call, form.form_token)
    assert access.viewer is not None, "somebody"
    digest = Digest(form.digest) if form.digest in set(Digest) else Digest.NEVER
    await actions.choose(call.engines, access.viewer, MailChoice(frozenset(form.kinds) & frozenset(KINDS), digest))
    return await _choice_page(call, access, saved=True)


@endpoint("GET", "/mail/unsubscribe/{token}", viewer="none", hidden=True)
@page
async def show_unsubscribe(call: Call, token: str) -> Html | Redirect:
    """Ask whether letters are to end: programs that read mail follow links, people press buttons."""
    ended = actions.ended_by(call.engines, token)
    if ended is None:
        return told(call, "This link leads nowhere", STALE, status=404)
    what = NAMES[ended[1]]
    lead = (f"You get no more {what} from {call.engines.config(Site).title} then. Other letters are not touched.",)
    return ask(call, Asked("Get no more letters", f"/mail/unsubscribe/{token}", f"No more {what}", lead))


@endpoint("POST", "/mail/unsubscribe/{token}", viewer="none", hidden=True, limited=False)
@page
async def unsubscribe(call: Call, token: str, form: OneClickForm) -> Html:  # noqa: ARG001
    """End letters, for whoever has one: also for mailboxes with a button of their own, which share few addresses.

    So it is not limited; to make a link that does anything takes the server's key.
    """
    ended = actions.ended_by(call.engines, token)
    if ended is None:
        return told(call, "This link leads nowhere", STALE, status=404)
    account_id, letters = ended
    await actions.unsubscribe(call.engines, account_id, letters)
    return told(call, "Done", f"You get no more {NAMES[letters]}. At {PATH} you can have them again.")


async def _choice_page(call: Call, access: Access, *, saved: bool = False) -> Html:
    assert access.viewer is not None, "somebody"
    return render(
        call.engines.config(Site),
        "mail",
        title="Letters to you",
        labels=LABELS,
        chosen=await reads.choice(call.engines, access.viewer),
        digests=[one.value for one in Digest],
        saved=saved,
        form_token=form_token(call),
    )
