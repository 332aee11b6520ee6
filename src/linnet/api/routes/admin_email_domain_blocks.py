"""`/api/v1/admin/email_domain_blocks`: mail domains that nobody may join with."""

from typing import ClassVar

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page, PageForm
from linnet.features.accounts import mail_domains
from linnet.features.accounts.mail_domains import RefusedDomain
from linnet.features.accounts.permissions import Actor
from linnet.mastodon import dates
from linnet.mastodon.entities.admin import EmailDomainBlock

READ = "admin:read:email_domain_blocks"
WRITE = "admin:write:email_domain_blocks"


class DomainsForm(PageForm):
    """A page of them: 100 unless told otherwise, at most 200."""

    limit_default: ClassVar[int] = 100
    limit_max: ClassVar[int] = 200


class DomainForm(Form):
    """Which domain."""

    domain: str = ""


@endpoint("GET", "/api/v1/admin/email_domain_blocks", scope=READ)
async def list_refused(call: Call, form: DomainsForm) -> Page[EmailDomainBlock]:
    """List the mail domains that staff refuse, newest first; those of the settings are not among them."""
    window = form.window
    found = await mail_domains.page(call.engines, _actor(call), window)
    return Page.of([_present(one) for one in found], [one.id for one in found], window)


@endpoint("GET", "/api/v1/admin/email_domain_blocks/{domain_id}", scope=READ)
async def show_refused(call: Call, domain_id: int) -> EmailDomainBlock:
    """Show one of the mail domains that staff refuse."""
    return _present(await mail_domains.show(call.engines, _actor(call), domain_id))


@endpoint("POST", "/api/v1/admin/email_domain_blocks", scope=WRITE)
async def refuse(call: Call, form: DomainForm) -> EmailDomainBlock:
    """Refuse a mail domain, and those below it, to new members."""
    return _present(await mail_domains.block(call.engines, _actor(call), form.domain))


@endpoint("DELETE", "/api/v1/admin/email_domain_blocks/{domain_id}", scope=WRITE)
async def take_again(call: Call, domain_id: int) -> None:
    """Take a mail domain again."""
    refused = await mail_domains.show(call.engines, _actor(call), domain_id)
    await mail_domains.unblock(call.engines, _actor(call), refused.domain)


def _actor(call: Call) -> Actor:
    return Actor(call.me, call.address)


def _present(domain: RefusedDomain) -> EmailDomainBlock:
    return EmailDomainBlock(id=str(domain.id), domain=domain.domain, created_at=dates.moment(domain.made_at))
