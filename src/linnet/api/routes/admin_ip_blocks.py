"""`/api/v1/admin/ip_blocks`: networks that may not join, or not come at all."""

from typing import ClassVar

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page, PageForm
from linnet.api.routes.admin_accounts import actor_of
from linnet.features.accounts.ip_blocks import actions
from linnet.features.accounts.ip_blocks.actions import Wanted
from linnet.features.accounts.ip_blocks.models import IpBlock
from linnet.mastodon import dates
from linnet.mastodon.entities import admin as entities

READ = "admin:read:ip_blocks"
WRITE = "admin:write:ip_blocks"


class IpBlocksForm(PageForm):
    """A page of them: 100 unless told otherwise, at most 200."""

    limit_default: ClassVar[int] = 100
    limit_max: ClassVar[int] = 200


class IpBlockForm(Form):
    """Which network, and what it may not do; where a block is changed, what is left out stays."""

    ip: str | None = None
    """An address or a network, such as `203.0.113.0/24` or `2001:db8::/32`."""
    severity: str | None = None
    """`sign_up_requires_approval`, `sign_up_block` or `no_access`."""
    comment: str | None = None
    expires_in: int | None = None
    """Seconds from now; 0 for a block without end."""
    locks_me_out: bool = False
    """Needed to block, with `no_access`, a network that one's own address is in; an extension of ours."""

    @property
    def wanted(self) -> Wanted:
        """What the verbs take."""
        return Wanted(self.ip, self.severity, self.comment, self.expires_in, locks_me_out=self.locks_me_out)


@endpoint("GET", "/api/v1/admin/ip_blocks", scope=READ)
async def list_ip_blocks(call: Call, form: IpBlocksForm) -> Page[entities.IpBlock]:
    """List the networks that are blocked, newest first."""
    window = form.window
    found = await actions.page(call.engines, actor_of(call), window)
    return Page.of([_present(one) for one in found], [one.id for one in found], window)


@endpoint("GET", "/api/v1/admin/ip_blocks/{block_id}", scope=READ)
async def show_ip_block(call: Call, block_id: int) -> entities.IpBlock:
    """Show one of the networks that are blocked."""
    return _present(await actions.show(call.engines, actor_of(call), block_id))


@endpoint("POST", "/api/v1/admin/ip_blocks", scope=WRITE)
async def block_ip(call: Call, form: IpBlockForm) -> entities.IpBlock:
    """Block a network: no sign-ups, sign-ups only with approval, or no access at all."""
    return _present(await actions.create(call.engines, actor_of(call), form.wanted))


@endpoint("PUT", "/api/v1/admin/ip_blocks/{block_id}", scope=WRITE)
async def change_ip_block(call: Call, block_id: int, form: IpBlockForm) -> entities.IpBlock:
    """Change what a block is about, what it forbids, or how long it holds."""
    return _present(await actions.update(call.engines, actor_of(call), block_id, form.wanted))


@endpoint("DELETE", "/api/v1/admin/ip_blocks/{block_id}", scope=WRITE)
async def unblock_ip(call: Call, block_id: int) -> None:
    """End a block."""
    await actions.delete(call.engines, actor_of(call), block_id)


def _present(block: IpBlock) -> entities.IpBlock:
    return entities.IpBlock(
        id=str(block.id),
        ip=str(block.network),
        severity=block.severity,
        comment=block.comment,
        created_at=dates.moment(block.created_at),
        expires_at=None if block.expires_at is None else dates.moment(block.expires_at),
    )
