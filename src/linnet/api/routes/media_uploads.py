"""`/api/v1/media/uploads`: uploads that go on where they were, by tus 1.0; see `docs/media.md`.

What is complete is a media as one sent to `/api/v2/media`, and has the upload's id.
"""

from email.utils import format_datetime
from typing import Final

from linnet.api import tus
from linnet.api.answers import NoContent
from linnet.api.endpoint import Call, endpoint
from linnet.features.media.resumable import actions, reads
from linnet.features.media.resumable.models import Details, Resumable
from linnet.mastodon import dates
from linnet.mastodon.entities.resumable_upload import ResumableUpload
from linnet.platform.errors import Invalid, Malformed, OtherType, OtherVersion

DEADLINE_S: Final = 3_600.0
"""Of one request: its bytes may come over a bad line. Those that are here by then are kept."""

ONE: Final = f"{tus.PATH}/{{upload_id}}"


@endpoint("POST", tus.PATH, scope="write:media", status=201, streams=True, deadline_s=DEADLINE_S)
async def begin_upload(call: Call) -> ResumableUpload:
    """Begin an upload (tus: creation, creation-with-upload, creation-defer-length); `Location` says where it goes on.

    `Upload-Length` says how large the file is, or `Upload-Defer-Length: 1` that a later request will. `Upload-Metadata`
    may have `filename`, `description` and `focus`. A body of the type `application/offset+octet-stream` is its
    beginning.
    """
    _check_version(call)
    length = _length(call)
    if length is None and (call.headers.get("upload-defer-length") or "").strip() != "1":
        raise Malformed("Upload-Length, or Upload-Defer-Length: 1, must say how large the file is")
    checksum = tus.checksum_in(call.headers.get("upload-checksum"))
    upload = await actions.begin(call.engines, call.me, length, _details(call))
    if _has_bytes(call):
        assert call.body is not None
        upload = await actions.add(call.engines, call.me, upload.id, 0, call.body, checksum=checksum)
    call.answer_headers.extend((("Location", call.address_of(f"{tus.PATH}/{upload.id}")), *_headers(upload)))
    return _present(upload)


@endpoint("PATCH", ONE, scope="write:media", status=204, streams=True, deadline_s=DEADLINE_S)
async def add_to_upload(call: Call, upload_id: int) -> NoContent:
    """Add bytes to an upload (tus: core, checksum), from `Upload-Offset` on, which is where it is.

    What came before the connection broke is kept. With the last byte, the upload is a media: `Linnet-Media-Id`.
    """
    _check_version(call)
    if not _has_bytes(call):
        raise OtherType(f"The body must be of the type {tus.CONTENT_TYPE}")
    at = tus.bytes_in(call.headers.get("upload-offset"), "Upload-Offset")
    if at is None:
        raise Malformed("Upload-Offset must say where these bytes belong")
    checksum = tus.checksum_in(call.headers.get("upload-checksum"))
    assert call.body is not None
    upload = await actions.add(
        call.engines, call.me, upload_id, at, call.body, bytes_total=_length(call), checksum=checksum
    )
    return NoContent(_headers(upload))


@endpoint("GET", ONE, scope="write:media")
async def show_upload(call: Call, upload_id: int) -> ResumableUpload:
    """Show how far an upload is; to HEAD, as tus has it, in headers alone."""
    upload = await reads.show(call.engines, call.me, upload_id)
    call.answer_headers.extend(_headers(upload))
    if upload.details.metadata:
        call.answer_headers.append(("Upload-Metadata", upload.details.metadata))
    return _present(upload)


@endpoint("DELETE", ONE, scope="write:media", status=204)
async def cancel_upload(call: Call, upload_id: int) -> NoContent:
    """Give up an upload (tus: termination), or the media it has become, unless a post shows it."""
    _check_version(call)
    await actions.cancel(call.engines, call.me, upload_id)
    return NoContent()


@endpoint("GET", tus.PATH, scope="write:media")
async def list_uploads(call: Call) -> list[ResumableUpload]:
    """List one's unfinished uploads, newest first: what an app left behind that was ended in the middle."""
    return [_present(one) for one in await reads.unfinished(call.engines, call.me)]


def _check_version(call: Call) -> None:
    if call.headers.get("tus-resumable") != tus.VERSION:
        raise OtherVersion(f"Tus-Resumable must be {tus.VERSION}, the version of the protocol that is spoken here")


def _length(call: Call) -> int | None:
    return tus.bytes_in(call.headers.get("upload-length"), "Upload-Length")


def _has_bytes(call: Call) -> bool:
    return (call.headers.get("content-type") or "").partition(";")[0].strip().lower() == tus.CONTENT_TYPE


def _details(call: Call) -> Details:
    header = call.headers.get("upload-metadata")
    told = tus.metadata_in(header)
    return Details(
        filename=told.get("filename", told.get("name", "")),
        description=told.get("description", ""),
        focus=_focus(told.get("focus", "")),
        metadata=(header or "").strip(),
    )


def _focus(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    try:
        across, up = (float(part) for part in text.split(","))
    except ValueError:
        raise Invalid("Validation failed: Focus must be two numbers from -1 to 1, as x,y") from None
    return across, up


def _headers(upload: Resumable) -> list[tuple[str, str]]:
    length = ("Upload-Defer-Length", "1") if upload.bytes_total is None else ("Upload-Length", str(upload.bytes_total))
    headers = [("Upload-Offset", str(upload.bytes_here)), length]
    if upload.is_complete:
        return [*headers, (tus.MEDIA_ID, str(upload.id))]
    return [*headers, ("Upload-Expires", format_datetime(upload.expires_at, usegmt=True))]


def _present(upload: Resumable) -> ResumableUpload:
    return ResumableUpload(
        id=str(upload.id),
        offset=upload.bytes_here,
        length=upload.bytes_total,
        filename=upload.details.filename,
        media_id=str(upload.id) if upload.is_complete else None,
        created_at=dates.moment(upload.created_at),
        expires_at=dates.moment(upload.expires_at),
    )
