"""`/api/v1/admin/canonical_email_blocks`: mailboxes that nobody may join with, known by their digests."""

from typing import ClassVar

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page, PageForm
from linnet.api.routes.admin_accounts import actor_of
from linnet.features.accounts import canonical_emails
from linnet.mastodon.entities.admin import CanonicalEmailBlock

READ = "admin:read:canonical_email_blocks"
WRITE = "admin:write:canonical_email_blocks"


class MailboxesForm(PageForm):
    """A page of them: 100 unless told otherwise, at most 200."""

    limit_default: ClassVar[int] = 100
    limit_max: ClassVar[int] = 200


class MailboxForm(Form):
    """Which mailbox: an address of it, or its digest."""

    email: str = ""
    canonical_email_hash: str = ""
    """SHA-256 of the address in small letters, without dots and what follows a plus before the `@`; hexadecimal."""


class AddressForm(Form):
    """Which address."""

    email: str = ""


@endpoint("GET", "/api/v1/admin/canonical_email_blocks", scope=READ)
async def list_mailboxes(call: Call, form: MailboxesForm) -> Page[CanonicalEmailBlock]:
    """List the mailboxes that are blocked, newest first."""
    window = form.window
    found = await canonical_emails.page(call.engines, actor_of(call), window)
    return Page.of([_present(one) for one in found], [one.id for one in found], window)


@endpoint("POST", "/api/v1/admin/canonical_email_blocks/test", scope=READ)
async def try_mailbox(call: Call, form: AddressForm) -> list[CanonicalEmailBlock]:
    """Tell which block an address would meet, if any."""
    return [_present(one) for one in await canonical_emails.matching(call.engines, actor_of(call), form.email)]


@endpoint("GET", "/api/v1/admin/canonical_email_blocks/{mailbox_id}", scope=READ)
async def show_mailbox(call: Call, mailbox_id: int) -> CanonicalEmailBlock:
    """Show one of the mailboxes that are blocked."""
    return _present(await canonical_emails.show(call.engines, actor_of(call), mailbox_id))


@endpoint("POST", "/api/v1/admin/canonical_email_blocks", scope=WRITE)
async def block_mailbox(call: Call, form: MailboxForm) -> CanonicalEmailBlock:
    """Block a mailbox; nothing but its digest is kept."""
    made = await canonical_emails.block(
        call.engines, actor_of(call), email=form.email, hash_text=form.canonical_email_hash
    )
    return _present(made)


@endpoint("DELETE", "/api/v1/admin/canonical_email_blocks/{mailbox_id}", scope=WRITE)
async def unblock_mailbox(call: Call, mailbox_id: int) -> None:
    """Take a mailbox again."""
    await canonical_emails.unblock(call.engines, actor_of(call), mailbox_id)


def _present(block: canonical_emails.CanonicalEmailBlock) -> CanonicalEmailBlock:
    return CanonicalEmailBlock(id=str(block.id), canonical_email_hash=block.hash.hex())
