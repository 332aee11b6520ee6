"""`/api/v1/admin/media_known_bad`: pictures that nobody may upload, by what they look like; endpoints of our own."""

from datetime import datetime
from typing import ClassVar, Final

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page, PageForm
from linnet.features.accounts.permissions import Actor
from linnet.features.media.known_bad import actions
from linnet.features.media.known_bad.actions import NewKnownBad
from linnet.features.media.known_bad.models import KnownBad, hash_of, hash_text
from linnet.mastodon import dates
from linnet.mastodon.entities.admin import KnownBadMedia
from linnet.platform.errors import Invalid
from linnet.platform.ids import parse_id

READ: Final = "admin:read"
WRITE: Final = "admin:write"


class KnownBadPageForm(PageForm):
    """A page of them: 100 unless told otherwise, at most 200."""

    limit_default: ClassVar[int] = 100
    limit_max: ClassVar[int] = 200


class KnownBadForm(Form):
    """Which picture: its perceptual hash, or an upload that looks like it. `reason` is for staff."""

    hash: str | None = None
    media_id: str | None = None
    reason: str = ""
    expires_at: datetime | None = None


@endpoint("GET", "/api/v1/admin/media_known_bad", scope=READ)
async def list_known_bad(call: Call, form: KnownBadPageForm) -> Page[KnownBadMedia]:
    """List the pictures that nobody may upload, newest first."""
    window = form.window
    found = await actions.page(call.engines, _actor(call), window)
    return Page.of([_present(one) for one in found], [one.id for one in found], window)


@endpoint("GET", "/api/v1/admin/media_known_bad/{known_id}", scope=READ)
async def show_known_bad(call: Call, known_id: int) -> KnownBadMedia:
    """Show one of the pictures that nobody may upload."""
    return _present(await actions.show(call.engines, _actor(call), known_id))


@endpoint("POST", "/api/v1/admin/media_known_bad", scope=WRITE)
async def add_known_bad(call: Call, form: KnownBadForm) -> KnownBadMedia:
    """Refuse a picture, and what looks like it, from now on."""
    if form.media_id is not None:
        media_id = parse_id(form.media_id) or 0
        added = await actions.add_upload(call.engines, _actor(call), media_id, form.reason, form.expires_at)
    elif form.hash is not None:
        new = NewKnownBad(hash_of(form.hash), form.reason, form.expires_at)
        added = await actions.add(call.engines, _actor(call), new)
    else:
        raise Invalid("Validation failed: Hash or media_id must say which picture")
    return _present(added)


@endpoint("DELETE", "/api/v1/admin/media_known_bad/{known_id}", scope=WRITE)
async def remove_known_bad(call: Call, known_id: int) -> None:
    """Take a picture off the list."""
    await actions.remove(call.engines, _actor(call), known_id)


def _actor(call: Call) -> Actor:
    return Actor(call.me, call.address)


def _present(known: KnownBad) -> KnownBadMedia:
    return KnownBadMedia(
        id=str(known.id),
        hash=hash_text(known.hash),
        reason=known.reason,
        added_by_account_id=None if known.added_by is None else str(known.added_by),
        created_at=dates.moment(known.created_at),
        expires_at=None if known.expires_at is None else dates.moment(known.expires_at),
    )
