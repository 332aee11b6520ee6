"""`/api/v1/admin/domain_allows`: other servers that are allowed. This server talks to none: nothing follows from it."""

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page
from linnet.api.routes.admin_accounts import actor_of
from linnet.api.routes.admin_domain_blocks import ServersForm
from linnet.features.accounts import other_servers
from linnet.features.accounts.other_servers import OtherServer
from linnet.mastodon import dates
from linnet.mastodon.entities.admin import DomainAllow

READ = "admin:read:domain_allows"
WRITE = "admin:write:domain_allows"


class ServerForm(Form):
    """Which server."""

    domain: str = ""


@endpoint("GET", "/api/v1/admin/domain_allows", scope=READ)
async def list_allowed_servers(call: Call, form: ServersForm) -> Page[DomainAllow]:
    """List the other servers that are allowed, newest first."""
    window = form.window
    found = await other_servers.page(call.engines, actor_of(call), window, allowed=True)
    return Page.of([_present(one) for one in found], [one.id for one in found], window)


@endpoint("GET", "/api/v1/admin/domain_allows/{allowed_id}", scope=READ)
async def show_allowed_server(call: Call, allowed_id: int) -> DomainAllow:
    """Show one of the other servers that are allowed."""
    return _present(await other_servers.show(call.engines, actor_of(call), allowed_id, allowed=True))


@endpoint("POST", "/api/v1/admin/domain_allows", scope=WRITE)
async def allow_server(call: Call, form: ServerForm) -> DomainAllow:
    """Allow another server. This one talks to none, so it is only written down."""
    return _present(await other_servers.allow(call.engines, actor_of(call), form.domain))


@endpoint("DELETE", "/api/v1/admin/domain_allows/{allowed_id}", scope=WRITE)
async def disallow_server(call: Call, allowed_id: int) -> None:
    """Take another server off the list of those that are allowed."""
    await other_servers.remove(call.engines, actor_of(call), allowed_id, allowed=True)


def _present(server: OtherServer) -> DomainAllow:
    return DomainAllow(id=str(server.id), domain=server.domain, created_at=dates.moment(server.made_at))
