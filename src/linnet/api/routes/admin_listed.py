"""`/api/v1/admin/listed`: words and domains that moderators list; endpoints of our own."""

from datetime import datetime
from typing import ClassVar, Literal

import msgspec

from linnet.api.answers import Answer
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page, PageForm
from linnet.api.routes.admin_accounts import actor_of
from linnet.api.uploads import Upload
from linnet.features.cases import listing
from linnet.features.moderation.listed import Listed, ListedKind, NewListed
from linnet.features.moderation.measures import Measure
from linnet.mastodon import dates
from linnet.mastodon.entities.admin import ListedThing
from linnet.platform.errors import Invalid

READ = "admin:read"
WRITE = "admin:write"
FORM_BYTES = 64 * 1024
"""Of a form around its file."""


class ListedForm(PageForm):
    """A page of one list: 100 unless told otherwise, at most 200."""

    limit_default: ClassVar[int] = 100
    limit_max: ClassVar[int] = 200

    kind: Literal["word", "domain"] = "word"


class NewListedForm(Form):
    """What is to be listed, and what is to be done about a text with it."""

    kind: Literal["word", "domain"] = "word"
    value: str = ""
    """Words in a row, or a domain, which stands for all below it."""
    measure: Literal["label", "warn", "limit_reach", "hold", "reject"] = "hold"
    comment: str = ""
    """For colleagues: up to 500 characters."""
    expires_at: datetime | None = None


class ListedFileForm(Form):
    """A CSV file whose first line is `kind,value,measure,comment,expires_at`."""

    data: Upload | None = None


class Imported(msgspec.Struct):
    """How many lines were taken."""

    number: int


@endpoint("GET", "/api/v1/admin/listed", scope=READ)
async def list_listed(call: Call, form: ListedForm) -> Page[ListedThing]:
    """List the words, or the domains, that moderators listed, newest first."""
    window = form.window
    found = await listing.page(call.engines, actor_of(call), ListedKind(form.kind), window)
    return Page.of([_present(one) for one in found], [one.id for one in found], window)


@endpoint("GET", "/api/v1/admin/listed/export", scope=READ)
async def export_listed(call: Call) -> Answer:
    """Fetch everything that is listed as a CSV file."""
    text = await listing.take(call.engines, actor_of(call))
    headers = (("Content-Disposition", 'attachment; filename="listed.csv"'), ("Cache-Control", "private, no-store"))
    return Answer(200, text.encode(), "text/csv; charset=utf-8", headers)


@endpoint("POST", "/api/v1/admin/listed/import", scope=WRITE, body_bytes_max=listing.FILE_BYTES_MAX + FORM_BYTES)
async def import_listed(call: Call, form: ListedFileForm) -> Imported:
    """List what a CSV file says: all of it, or, where a line cannot be used, nothing."""
    try:
        text = "" if form.data is None else form.data.text()
    except (UnicodeDecodeError, ValueError):
        raise Invalid("Validation failed: Data must be a text file in UTF-8") from None
    return Imported(await listing.bring(call.engines, actor_of(call), text))


@endpoint("GET", "/api/v1/admin/listed/{listed_id}", scope=READ)
async def show_listed(call: Call, listed_id: int) -> ListedThing:
    """Show one of the words or domains that are listed."""
    return _present(await listing.show(call.engines, actor_of(call), listed_id))


@endpoint("POST", "/api/v1/admin/listed", scope=WRITE)
async def add_listed(call: Call, form: NewListedForm) -> ListedThing:
    """List a word or a domain; one that is listed already is meant anew."""
    new = NewListed(ListedKind(form.kind), form.value, Measure(form.measure), form.comment, form.expires_at)
    return _present(await listing.add(call.engines, actor_of(call), new))


@endpoint("DELETE", "/api/v1/admin/listed/{listed_id}", scope=WRITE)
async def remove_listed(call: Call, listed_id: int) -> None:
    """Take a word or a domain off its list."""
    await listing.remove(call.engines, actor_of(call), listed_id)


def _present(one: Listed) -> ListedThing:
    return ListedThing(
        id=str(one.id),
        kind=one.kind,
        value=one.value,
        measure=one.measure,
        comment=one.comment,
        added_by_account_id=None if one.added_by is None else str(one.added_by),
        created_at=dates.moment(one.created_at),
        expires_at=None if one.expires_at is None else dates.moment(one.expires_at),
    )
