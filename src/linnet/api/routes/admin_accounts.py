"""`/api/v1/admin/accounts` and `/api/v2/admin/accounts`: what staff see of members, and do with them."""

from typing import ClassVar, Literal

from linnet.api.auth import access_of
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page, PageForm
from linnet.api.routes.sessions import FailedTry, failed_try
from linnet.features.accounts import members, staff
from linnet.features.accounts.members import Search, State
from linnet.features.accounts.models import Role
from linnet.features.accounts.permissions import Actor
from linnet.features.sessions import oversight
from linnet.features.sessions.addresses import accounts_at
from linnet.features.sessions.factors.step_up import require_recent
from linnet.features.sessions.places import Places
from linnet.mastodon.entities.admin import AdminAccount
from linnet.mastodon.presenters.accounts import ROLES
from linnet.mastodon.presenters.admin import present_members
from linnet.platform.errors import Invalid, Problem
from linnet.platform.ids import parse_id

READ = "admin:read:accounts"
WRITE = "admin:write:accounts"
STAFF = (Role.MODERATOR, Role.ADMIN)


class MembersForm(PageForm):
    """Which members; texts are the beginning of what is looked for."""

    limit_default: ClassVar[int] = 100
    limit_max: ClassVar[int] = 200

    username: str | None = None
    display_name: str | None = None
    by_domain: str | None = None
    """There are no members of other servers here: none is found."""
    email: str | None = None
    ip: str | None = None


class V1MembersForm(MembersForm):
    """Which members, as version 1 asks: one switch for each state; of several the last one in this list counts."""

    local: bool = False
    remote: bool = False
    active: bool = False
    pending: bool = False
    disabled: bool = False
    silenced: bool = False
    suspended: bool = False
    sensitized: bool = False
    staff: bool = False

    @property
    def state(self) -> State | None:
        """The state that is asked for."""
        switches: tuple[tuple[State, bool], ...] = (
            ("active", self.active),
            ("pending", self.pending),
            ("disabled", self.disabled),
            ("silenced", self.silenced),
            ("sensitized", self.sensitized),
            ("suspended", self.suspended),
        )
        return next((state for state, on in reversed(switches) if on), None)

    @property
    def is_empty(self) -> bool:
        """Whether nobody can be meant: members of other servers."""
        return self.remote or bool(self.by_domain)


class V2MembersForm(MembersForm):
    """Which members, as version 2 asks."""

    origin: Literal["", "local", "remote"] = ""
    status: Literal["", "active", "pending", "disabled", "silenced", "suspended"] = ""
    permissions: Literal["", "staff"] = ""
    role_ids: list[str] = []
    invited_by: str | None = None


class ActionForm(Form):
    """What to do with an account, and why."""

    type: str = ""
    """`none`, `disable` or `suspend`. `silence` and `sensitive` are not there yet."""
    text: str = ""
    """Why, for the audit log: at most 500 characters."""
    report_id: str | None = None
    warning_preset_id: str | None = None
    send_email_notification: bool = False


class RoleForm(Form):
    """Which role."""

    role: str = ""
    """`user`, `moderator` or `admin`."""


@endpoint("GET", "/api/v1/admin/accounts", scope=READ)
async def list_members(call: Call, form: V1MembersForm) -> Page[AdminAccount]:
    """List members with their private half, newest first."""
    roles = STAFF if form.staff else None
    return await _page(call, form, form.state, roles, None, empty=form.is_empty)


@endpoint("GET", "/api/v2/admin/accounts", scope=READ)
async def list_members_v2(call: Call, form: V2MembersForm) -> Page[AdminAccount]:
    """List members with their private half, newest first, by the filters of version 2."""
    roles = STAFF if form.permissions == "staff" else None
    if form.role_ids:
        asked = {role for role, entity in ROLES.items() if entity.id in form.role_ids}
        roles = tuple(role for role in roles or tuple(Role) if role in asked)
    invited_by = None if not form.invited_by else parse_id(form.invited_by) or 0
    empty = form.origin == "remote" or bool(form.by_domain)
    state: State | None = form.status or None
    return await _page(call, form, state, roles, invited_by, empty=empty)


@endpoint("GET", "/api/v1/admin/accounts/{account_id}", scope=READ)
async def show_member(call: Call, account_id: int) -> AdminAccount:
    """Show one member with their private half."""
    return await _shown(call, account_id)


@endpoint("POST", "/api/v1/admin/accounts/{account_id}/approve", scope=WRITE)
async def approve(call: Call, account_id: int) -> AdminAccount:
    """Let somebody in who waits for approval."""
    await staff.approve(call.engines, actor_of(call), account_id)
    return await _shown(call, account_id)


@endpoint("POST", "/api/v1/admin/accounts/{account_id}/reject", scope=WRITE)
async def reject(call: Call, account_id: int) -> AdminAccount:
    """Turn somebody down who waits for approval; nothing stays of the account."""
    shown = await _shown(call, account_id)
    await staff.reject(call.engines, actor_of(call), account_id)
    return shown


@endpoint("POST", "/api/v1/admin/accounts/{account_id}/action", scope=WRITE)
async def act_on(call: Call, account_id: int, form: ActionForm) -> None:
    """Lock or suspend an account, or only note that it was looked at; it is in the audit log."""
    act = {"none": staff.warn, "disable": staff.lock, "suspend": staff.suspend}.get(form.type)
    if act is None:
        raise Invalid.of({"type": [Problem("ERR_INCLUSION", "must be one of none, disable, suspend")]})
    await act(call.engines, actor_of(call), account_id, form.text)


@endpoint("POST", "/api/v1/admin/accounts/{account_id}/enable", scope=WRITE)
async def enable(call: Call, account_id: int) -> AdminAccount:
    """Let a locked account sign in again, also where too many wrong passwords keep unknown devices out."""
    await oversight.enable(call.engines, actor_of(call), account_id)
    return await _shown(call, account_id)


@endpoint("GET", "/api/v1/admin/accounts/{account_id}/sign_ins", scope=READ)
async def list_failed_sign_ins(call: Call, account_id: int, form: PageForm) -> Page[FailedTry]:
    """List sign-ins to somebody's account that failed in the last 90 days, newest first; an endpoint of our own."""
    found = await oversight.failed_sign_ins(call.engines, actor_of(call), account_id, form.window)
    places = call.engines.config(Places)
    return Page.of([failed_try(one, places) for one in found], [one.id for one in found], form.window)


@endpoint("POST", "/api/v1/admin/accounts/{account_id}/unsuspend", scope=WRITE)
async def unsuspend(call: Call, account_id: int) -> AdminAccount:
    """Show a suspended account again."""
    await staff.unsuspend(call.engines, actor_of(call), account_id)
    return await _shown(call, account_id)


@endpoint("DELETE", "/api/v1/admin/accounts/{account_id}", scope=WRITE)
async def delete(call: Call, account_id: int) -> AdminAccount:
    """Delete a suspended account for good."""
    shown = await _shown(call, account_id)
    await staff.delete(call.engines, actor_of(call), account_id)
    return shown


@endpoint("PUT", "/api/v1/admin/accounts/{account_id}/role", scope=WRITE)
async def change_role(call: Call, account_id: int, form: RoleForm) -> AdminAccount:
    """Give an account another role. The last admin keeps theirs. Not for apps, and only soon after a proof."""
    await require_recent(call.engines, access_of(call))
    if form.role not in set(Role):
        raise Invalid.of({"role": [Problem("ERR_INCLUSION", "must be one of user, moderator, admin")]})
    await staff.change_role(call.engines, actor_of(call), account_id, Role(form.role))
    return await _shown(call, account_id)


def actor_of(call: Call) -> Actor:
    """Who acts, from where."""
    return Actor(call.me, call.address)


async def _shown(call: Call, account_id: int) -> AdminAccount:
    member = await members.show(call.engines, actor_of(call), account_id)
    return (await present_members(call.engines, [member]))[0]


async def _page(
    call: Call,
    form: MembersForm,
    state: State | None,
    roles: tuple[Role, ...] | None,
    invited_by: int | None,
    *,
    empty: bool,
) -> Page[AdminAccount]:
    """The page of members that the form asks for; none at all when `empty`."""
    window, among = form.window, () if empty else None
    if form.ip and not empty:
        among = await accounts_at(call.engines, form.ip)
    search = Search(
        state=state,
        roles=roles,
        username=form.username or None,
        display_name=form.display_name or None,
        email=form.email or None,
        invited_by=invited_by,
        among=among,
    )
    found = await members.page(call.engines, actor_of(call), window, search)
    shown = await present_members(call.engines, found)
    return Page.of(shown, [member.account_id for member in found], window)
