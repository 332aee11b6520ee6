"""`/settings/sessions`: where one is signed in and which apps one let in, in a browser without scripts."""

from linnet.api.answers import Html, Redirect
from linnet.api.browser import check_form, form_token, page, sign_in_path, signed_in
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.pages import render
from linnet.features.sessions import attempts, sign_ins
from linnet.features.sessions.agents import in_words
from linnet.features.sessions.places import Places
from linnet.mastodon.dates import moment
from linnet.platform.errors import NotFound
from linnet.platform.ids import parse_id
from linnet.platform.paging import Window
from linnet.platform.site import Site

PATH = "/settings/sessions"
FAILED_SHOWN = 10


class EndForm(Form):
    """The buttons."""

    form_token: str = ""
    end: str = ""
    """`others`, or `sign-in` or `app` and an id, such as `app:123`."""


@endpoint("GET", PATH, viewer="none", hidden=True)
@page
async def show_sessions(call: Call) -> Html | Redirect:
    """List sign-ins, apps, and who tried to sign in."""
    access = await signed_in(call)
    if access is None:
        return Redirect(sign_in_path(PATH), 303)
    account_id = sign_ins.owner(access)
    places = call.engines.config(Places)
    return render(
        call.engines.config(Site),
        "sessions",
        title="Where you are signed in",
        sign_ins=[
            {
                "id": one.id,
                "name": one.app_name or (one.device if one.kind != "app" else "A token that the operator made"),
                "device": one.device if one.kind == "app" else "",
                "where": _where(one.place, one.address),
                "since": moment(one.created_at),
                "used": moment(one.used_at) if one.used_at else None,
                "current": one.id == access.counted_as,
            }
            for one in await sign_ins.of_account(call.engines, account_id)
        ],
        apps=[
            {"id": one.id, "name": one.name, "scopes": ", ".join(one.scopes), "since": moment(one.created_at)}
            for one in await sign_ins.apps_of(call.engines, account_id)
        ],
        failed=[
            {"at": moment(one.at), "device": in_words(one.agent), "where": _where(places.of(one.address), one.address)}
            for one in await attempts.of_account(call.engines, account_id, Window(limit=FAILED_SHOWN))
            if not one.locked
        ],
        form_token=form_token(call),
    )


@endpoint("POST", PATH, viewer="none", hidden=True)
@page
async def end_sessions(call: Call, form: EndForm) -> Redirect:
    """End what the button says; what has ended already is no mistake."""
    check_form(call, form.form_token)
    access = await signed_in(call)
    if access is None:
        return Redirect(sign_in_path(PATH), 303)
    account_id = sign_ins.owner(access)
    what, _, number = form.end.partition(":")
    found = parse_id(number)
    try:
        if what == "others":
            await sign_ins.end_others(call.engines, account_id, access.counted_as)
        elif what == "sign-in" and found is not None:
            await sign_ins.end(call.engines, account_id, found)
        elif what == "app" and found is not None:
            await sign_ins.end_app(call.engines, account_id, found)
    except NotFound:
        pass
    return Redirect(PATH, 303)


def _where(place: str, address: str) -> str:
    return f"{place}, {address}" if address else place
