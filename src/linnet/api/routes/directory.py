"""`/api/v1/directory`: people who agreed to be found."""

from typing import Final, Literal

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.features.relationships import directory
from linnet.mastodon.entities.account import Account
from linnet.mastodon.presenters.accounts import present_in_order

LIMIT: Final = 40
LIMIT_MAX: Final = 80


class DirectoryForm(Form):
    """Which people, in which order; `local` makes no difference here."""

    offset: int = 0
    limit: int = LIMIT
    order: Literal["active", "new"] = "active"
    local: bool = True


@endpoint("GET", "/api/v1/directory", viewer="optional")
async def list_directory(call: Call, form: DirectoryForm) -> list[Account]:
    """List people who agreed to be found, the lately active or the newest first."""
    find = directory.newest if form.order == "new" else directory.most_active
    ids = await find(call.engines, call.viewer, limit=min(max(form.limit, 1), LIMIT_MAX), offset=max(form.offset, 0))
    return await present_in_order(call.engines, ids)
