"""`/api/v1/admin/domain_blocks`: other servers that are blocked. This server talks to none: nothing follows from it."""

import hashlib
from typing import ClassVar

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page, PageForm
from linnet.api.routes.admin_accounts import actor_of
from linnet.features.accounts import other_servers
from linnet.features.accounts.other_servers import OtherServer, Wanted
from linnet.mastodon import dates
from linnet.mastodon.entities.admin import DomainBlock

READ = "admin:read:domain_blocks"
WRITE = "admin:write:domain_blocks"


class ServersForm(PageForm):
    """A page of them: 100 unless told otherwise, at most 200."""

    limit_default: ClassVar[int] = 100
    limit_max: ClassVar[int] = 200


class BlockForm(Form):
    """How a server is blocked; where a block is changed, what is left out stays."""

    severity: str | None = None
    """`silence`, `suspend` or `noop`."""
    reject_media: bool | None = None
    reject_reports: bool | None = None
    obfuscate: bool | None = None
    private_comment: str | None = None
    public_comment: str | None = None

    @property
    def wanted(self) -> Wanted:
        """What the verbs take."""
        return Wanted(
            severity=self.severity,
            reject_media=self.reject_media,
            reject_reports=self.reject_reports,
            obfuscate=self.obfuscate,
            private_comment=self.private_comment,
            public_comment=self.public_comment,
        )


class NewBlockForm(BlockForm):
    """Which server, and how it is blocked."""

    domain: str = ""


@endpoint("GET", "/api/v1/admin/domain_blocks", scope=READ)
async def list_blocked_servers(call: Call, form: ServersForm) -> Page[DomainBlock]:
    """List the other servers that are blocked, newest first."""
    window = form.window
    found = await other_servers.page(call.engines, actor_of(call), window, allowed=False)
    return Page.of([_present(one) for one in found], [one.id for one in found], window)


@endpoint("GET", "/api/v1/admin/domain_blocks/{blocked_id}", scope=READ)
async def show_blocked_server(call: Call, blocked_id: int) -> DomainBlock:
    """Show one of the other servers that are blocked."""
    return _present(await other_servers.show(call.engines, actor_of(call), blocked_id, allowed=False))


@endpoint("POST", "/api/v1/admin/domain_blocks", scope=WRITE)
async def block_server(call: Call, form: NewBlockForm) -> DomainBlock:
    """Block another server. This one talks to none, so it is only written down."""
    return _present(await other_servers.block(call.engines, actor_of(call), form.domain, form.wanted))


@endpoint("PUT", "/api/v1/admin/domain_blocks/{blocked_id}", scope=WRITE)
async def change_blocked_server(call: Call, blocked_id: int, form: BlockForm) -> DomainBlock:
    """Block another server in another way."""
    return _present(await other_servers.change_block(call.engines, actor_of(call), blocked_id, form.wanted))


@endpoint("DELETE", "/api/v1/admin/domain_blocks/{blocked_id}", scope=WRITE)
async def unblock_server(call: Call, blocked_id: int) -> None:
    """End the block of another server."""
    await other_servers.remove(call.engines, actor_of(call), blocked_id, allowed=False)


def _present(server: OtherServer) -> DomainBlock:
    return DomainBlock(
        id=str(server.id),
        domain=server.domain,
        digest=hashlib.sha256(server.domain.encode()).hexdigest(),
        created_at=dates.moment(server.made_at),
        severity=server.severity,
        reject_media=server.reject_media,
        reject_reports=server.reject_reports,
        private_comment=server.private_comment,
        public_comment=server.public_comment,
        obfuscate=server.obfuscate,
    )
