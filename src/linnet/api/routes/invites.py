"""`/api/v1/invites`: codes with which members bring others in; endpoints of our own."""

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page, PageForm
from linnet.features.accounts import invites
from linnet.features.accounts.permissions import Actor
from linnet.mastodon import dates
from linnet.mastodon.entities.invite import Invite
from linnet.platform.site import Site


class InviteForm(Form):
    """How often a code may be used, and for how many seconds; without numbers once, and for a week."""

    max_uses: int | None = None
    expires_in: int | None = None


class InvitesForm(PageForm):
    """One's own codes, or everybody's for those who manage them."""

    all: bool = False


@endpoint("POST", "/api/v1/invites", scope="write:accounts")
async def create_invite(call: Call, form: InviteForm) -> Invite:
    """Make a code that lets somebody in. Members have limits; for staff no number means no limit."""
    made = await invites.create(call.engines, _actor(call), uses_max=form.max_uses, lifetime_s=form.expires_in)
    return _present(call, made)


@endpoint("GET", "/api/v1/invites", scope="read:accounts")
async def list_invites(call: Call, form: InvitesForm) -> Page[Invite]:
    """List one's codes, newest first, used up and ended ones too."""
    window = form.window
    found = await invites.page(call.engines, _actor(call), window, everybodys=form.all)
    return Page.of([_present(call, one) for one in found], [one.id for one in found], window)


@endpoint("DELETE", "/api/v1/invites/{invite_id}", scope="write:accounts")
async def revoke_invite(call: Call, invite_id: int) -> None:
    """Take a code back; who came in with it stays."""
    await invites.revoke(call.engines, _actor(call), invite_id)


def _actor(call: Call) -> Actor:
    return Actor(call.me, call.address)


def _present(call: Call, invite: invites.Invite) -> Invite:
    return Invite(
        id=str(invite.id),
        code=invite.code,
        url=f"{call.engines.config(Site).public_url}/signup?invite_code={invite.code}",
        uses=invite.uses,
        max_uses=invite.uses_max,
        expires_at=dates.moment(invite.expires_at) if invite.expires_at else None,
        created_at=dates.moment(invite.created_at),
        usable=invite.is_alive,
        account_id=None if invite.account_id is None else str(invite.account_id),
    )
