"""`/api/v1/mutes`: whom one has muted."""

from linnet.api.endpoint import Call, endpoint
from linnet.api.paging import AccountsPageForm, Page
from linnet.features.relationships import reads
from linnet.mastodon.entities.account import MutedAccount
from linnet.mastodon.presenters.accounts import present_muted


@endpoint("GET", "/api/v1/mutes", scope="read:mutes")
async def list_mutes(call: Call, form: AccountsPageForm) -> Page[MutedAccount]:
    """Whom one has muted, the latest first, and until when."""
    rows = await reads.mutes(call.engines.db, call.me, form.window)
    return Page[MutedAccount].of(await present_muted(call.engines, rows), [row.id for row in rows], form.window)
