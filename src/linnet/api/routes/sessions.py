"""`/api/v1/auth/sessions`, `…/apps`, `…/sign_ins`: where one is signed in, which apps one let in, and who tried to."""

import msgspec

from linnet.api.answers import NoContent
from linnet.api.auth import access_of
from linnet.api.endpoint import Call, endpoint
from linnet.api.paging import Page, PageForm
from linnet.features.sessions import agents, attempts, sign_ins
from linnet.features.sessions.models import Access, FailedSignIn
from linnet.features.sessions.places import Places
from linnet.features.sessions.sign_ins import AppLetIn, SignIn
from linnet.mastodon.dates import moment


class Session(msgspec.Struct, kw_only=True):
    """Where somebody is signed in: a client of ours (`api`), a browser (`web`), or an app that was let in (`app`)."""

    id: str
    kind: str
    current: bool
    """Whether this is the one that asks."""
    app_name: str | None
    device: str
    """In words, as far as it says so itself."""
    address: str
    place: str
    """In words, such as `Lyon, France`; `unknown place` for most unless the server has a database of places."""
    created_at: str
    last_seen_at: str | None
    """Up to some minutes old; null when it was not used yet since that is noted."""


class LetIn(msgspec.Struct, kw_only=True):
    """An app that may act for the account."""

    id: str
    name: str
    website: str | None
    scopes: list[str]
    created_at: str
    last_seen_at: str | None


class FailedTry(msgspec.Struct, kw_only=True):
    """A password or code that was wrong."""

    id: str
    created_at: str
    device: str
    address: str
    place: str
    locked: bool
    """Whether, with it, devices that the account does not know were kept out for a while."""


@endpoint("GET", "/api/v1/auth/sessions", scope="read:accounts")
async def list_sessions(call: Call) -> list[Session]:
    """Where the account is signed in, newest first; not for apps."""
    access = access_of(call)
    found = await sign_ins.of_account(call.engines, sign_ins.owner(access))
    return [_session(one, access) for one in found]


@endpoint("DELETE", "/api/v1/auth/sessions/{session_id}", scope="write:accounts", status=204)
async def end_session(call: Call, session_id: int) -> NoContent:
    """Sign out somewhere else: its tokens stop working at once."""
    await sign_ins.end(call.engines, sign_ins.owner(access_of(call)), session_id)
    return NoContent()


@endpoint("DELETE", "/api/v1/auth/sessions", scope="write:accounts", status=204)
async def end_other_sessions(call: Call) -> NoContent:
    """Sign out everywhere else, apps included."""
    access = access_of(call)
    await sign_ins.end_others(call.engines, sign_ins.owner(access), access.counted_as)
    return NoContent()


@endpoint("GET", "/api/v1/auth/apps", scope="read:accounts")
async def list_apps(call: Call) -> list[LetIn]:
    """The apps that may act for the account, the one let in last first; not for apps."""
    return [_let_in(one) for one in await sign_ins.apps_of(call.engines, sign_ins.owner(access_of(call)))]


@endpoint("DELETE", "/api/v1/auth/apps/{app_id}", scope="write:accounts", status=204)
async def end_app(call: Call, app_id: int) -> NoContent:
    """Let an app in no longer: its tokens stop working at once."""
    await sign_ins.end_app(call.engines, sign_ins.owner(access_of(call)), app_id)
    return NoContent()


@endpoint("GET", "/api/v1/auth/sign_ins", scope="read:accounts")
async def list_failed_sign_ins(call: Call, form: PageForm) -> Page[FailedTry]:
    """Sign-ins to the account that failed in the last 90 days, newest first; not for apps."""
    found = await attempts.of_account(call.engines, sign_ins.owner(access_of(call)), form.window)
    places = call.engines.config(Places)
    return Page.of([failed_try(one, places) for one in found], [one.id for one in found], form.window)


def _session(one: SignIn, access: Access) -> Session:
    return Session(
        id=str(one.id),
        kind=one.kind,
        current=one.id == access.counted_as,
        app_name=one.app_name,
        device=one.device,
        address=one.address,
        place=one.place,
        created_at=moment(one.created_at),
        last_seen_at=moment(one.used_at) if one.used_at else None,
    )


def _let_in(one: AppLetIn) -> LetIn:
    return LetIn(
        id=str(one.id),
        name=one.name,
        website=one.website,
        scopes=list(one.scopes),
        created_at=moment(one.created_at),
        last_seen_at=moment(one.used_at) if one.used_at else None,
    )


def failed_try(one: FailedSignIn, places: Places) -> FailedTry:
    """A failed sign-in as its owner and moderators see it."""
    return FailedTry(
        id=str(one.id),
        created_at=moment(one.at),
        device=agents.in_words(one.agent),
        address=one.address,
        place=places.of(one.address),
        locked=one.locked,
    )
