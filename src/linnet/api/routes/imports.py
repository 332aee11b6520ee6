"""`/api/v1/imports`: bringing CSV files and archives of posts along from elsewhere; endpoints of our own."""

from collections.abc import Iterator
from typing import Literal

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.paging import Page, PageForm
from linnet.api.uploads import Upload
from linnet.features.portability import actions, reads
from linnet.features.portability.models import IMPORT_BYTES_MAX, ImportKind
from linnet.mastodon.entities.portability import Import, ImportFailure
from linnet.mastodon.presenters.portability import present_failures, present_imports
from linnet.platform.errors import Invalid

UPLOAD_DEADLINE_S = 600.0
PIECE_BYTES = 256 * 1024
FORM_BYTES = 64 * 1024
"""Of a form around its file."""


class ImportForm(Form):
    """A file and what it holds. `overwrite`: who is followed, blocked or muted and not in the file, is no longer."""

    type: Literal["following", "blocking", "muting", "lists", "bookmarks", "posts"] | None = None
    mode: Literal["merge", "overwrite"] = "merge"
    data: Upload | None = None


@endpoint(
    "POST",
    "/api/v1/imports",
    scope="write:accounts",
    status=202,
    body_bytes_max=IMPORT_BYTES_MAX + FORM_BYTES,
    deadline_s=UPLOAD_DEADLINE_S,
)
async def bring_file(call: Call, form: ImportForm) -> Import:
    """Bring a file along; a job reads it.

    `posts` is an archive of Mastodon (`.tar.gz`, `.zip`) or X (`.zip`) as downloaded there: one's own posts come with
    the dates they had, and nobody is notified. The other types are CSV files as Mastodon writes them.
    """
    if form.type is None:
        raise Invalid("Validation failed: Type must say what the file holds")
    if form.data is None:
        raise Invalid("Validation failed: Data must be a file")
    import_id = await actions.bring(
        call.engines,
        call.me,
        ImportKind(form.type),
        form.data.filename,
        _pieces(form.data),
        overwrites=form.mode == "overwrite",
    )
    return present_imports([await reads.show_import(call.engines, call.me, import_id)])[0]


@endpoint("GET", "/api/v1/imports", scope="read:accounts")
async def list_imports(call: Call, form: PageForm) -> Page[Import]:
    """List what one has brought in the last week, newest first."""
    found = await reads.imports(call.engines, call.me, form.window)
    return Page.of(present_imports(found), [one.id for one in found], form.window)


@endpoint("GET", "/api/v1/imports/{import_id}", scope="read:accounts")
async def show_import(call: Call, import_id: int) -> Import:
    """Show how far an import has come."""
    return present_imports([await reads.show_import(call.engines, call.me, import_id)])[0]


@endpoint("GET", "/api/v1/imports/{import_id}/failures", scope="read:accounts")
async def list_failures(call: Call, import_id: int) -> list[ImportFailure]:
    """List what could not be brought along, each with the reason."""
    return present_failures(await reads.failures(call.engines, call.me, import_id))


def _pieces(upload: Upload) -> Iterator[bytes]:
    upload.file.seek(0)
    while piece := upload.file.read(PIECE_BYTES):
        yield piece
