"""`/api/v1/admin/audit_log`: who did what for this server; an endpoint of our own."""

from linnet.api.endpoint import Call, endpoint
from linnet.api.paging import Page, PageForm
from linnet.features.accounts import audit
from linnet.features.accounts.permissions import Actor
from linnet.mastodon.entities.admin import AuditEntry
from linnet.mastodon.presenters.admin import present_entries
from linnet.platform.ids import parse_id


class AuditForm(PageForm):
    """Which acts: of one actor, about one account, of one kind such as `account.suspend`."""

    actor_id: str | None = None
    target_id: str | None = None
    action: str | None = None

    @property
    def about(self) -> audit.About:
        """What the feature takes; an id that is none is nobody's."""
        return audit.About(_id(self.actor_id), _id(self.target_id), self.action or None)


@endpoint("GET", "/api/v1/admin/audit_log", scope="admin:read")
async def list_acts(call: Call, form: AuditForm) -> Page[AuditEntry]:
    """List who did what for this server, newest first. Nothing in this log can be changed or removed."""
    window = form.window
    entries = await audit.page(call.engines, Actor(call.me, call.address), window, form.about)
    return Page.of(await present_entries(call.engines, entries), [entry.id for entry in entries], window)


def _id(text: str | None) -> int | None:
    return None if not text else parse_id(text) or 0
