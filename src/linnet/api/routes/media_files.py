"""`/media`: files of uploads, out of the store. They never change; who may see them does."""

from collections.abc import Sequence
from typing import Final

from linnet.api.answers import Answer, Headers
from linnet.api.byte_ranges import Span, Unsatisfiable, knows, span_of, still_holds
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.streamed import Streamed
from linnet.features.media.delivery import Deliveries, File
from linnet.platform.errors import NotFound
from linnet.platform.seals import is_sealed
from linnet.platform.site import Site

PLAYLIST: Final = ".m3u8"
PLAYLIST_BYTES_MAX: Final = 1024 * 1024

MEDIA_CSP: Final = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
)
"""What browsers need to show a picture or a film by itself, and nothing else: no script, in an origin of its own."""

_SHOWN_AS: Final = ("image/", "video/", "audio/", "text/vtt", "application/vnd.apple.mpegurl")
_TYPE_OF_OTHERS: Final = "application/octet-stream"
_FOR_EVER: Final = ("Cache-Control", "public, max-age=31536000, immutable")
_FOR_NOBODY_ELSE: Final = ("Cache-Control", "private, no-store")


class FileForm(Form):
    """What the address of an upload that nothing shows yet has besides."""

    expires: str = ""
    signature: str = ""


@endpoint("GET", "/media/{media_id}/{file}", viewer="none", hidden=True)
async def show_file(call: Call, media_id: int, file: str, form: FileForm) -> Answer | Streamed:
    """A file of an upload: `<name>-<digest>.<ext>`."""
    return await _show(call, media_id, (file,), form)


@endpoint("GET", "/media/{media_id}/{tree}/{file}", viewer="none", hidden=True)
async def show_playlist(call: Call, media_id: int, tree: str, file: str, form: FileForm) -> Answer | Streamed:
    """A playlist, or what lies beside it."""
    return await _show(call, media_id, (tree, file), form)


@endpoint("GET", "/media/{media_id}/{tree}/{folder}/{file}", viewer="none", hidden=True)
async def show_piece(call: Call, media_id: int, tree: str, folder: str, file: str, form: FileForm) -> Answer | Streamed:
    """What lies below a playlist."""
    return await _show(call, media_id, (tree, folder, file), form)


async def _show(call: Call, media_id: int, path: Sequence[str], form: FileForm) -> Answer | Streamed:
    """The file, or the part of it that was asked for, for whoever may see it."""
    deliveries = call.engines.config(Deliveries)
    shown = await deliveries.find(call.engines, media_id)
    if not shown.is_used and not _is_owner(call, media_id, form):
        raise NotFound
    file = await deliveries.file(call.engines.blobs, shown, "/".join(path))
    tag = f'"{"/".join(path)}"'
    headers: Headers = (
        _FOR_EVER if shown.is_used else _FOR_NOBODY_ELSE,
        ("ETag", tag),
        ("Accept-Ranges", "bytes"),
        ("Content-Security-Policy", MEDIA_CSP),
        ("Access-Control-Expose-Headers", "Accept-Ranges, Content-Range, ETag"),
    )
    if knows(call.headers.get("if-none-match"), tag):
        return Answer(304, b"", "", headers)
    if not shown.is_used and path[-1].endswith(PLAYLIST):
        return Answer(200, await _sealed_playlist(call, file, form), file.content_type, headers)
    return _part(call, file, tag, headers)


def _is_owner(call: Call, media_id: int, form: FileForm) -> bool:
    """Whether the address is one that the owner was given, and not long ago."""
    keys = call.engines.config(Site).seal_keys
    at_s = call.engines.clock.now().timestamp()
    subject = Site.sealed_subject(media_id)
    return is_sealed(keys, subject, expires=form.expires, signature=form.signature, at_s=at_s)


def _part(call: Call, file: File, tag: str, headers: Headers) -> Answer | Streamed:
    content_type = file.content_type
    if not content_type.startswith(_SHOWN_AS):
        content_type, headers = _TYPE_OF_OTHERS, (*headers, ("Content-Disposition", "attachment"))
    try:
        asked = call.headers.get("range") if still_holds(call.headers.get("if-range"), tag) else None
        span = span_of(asked, file.bytes)
    except Unsatisfiable:
        return Answer(416, b"", "", (*headers, ("Content-Range", f"bytes */{file.bytes}")))
    whole = Span(0, file.bytes)
    start, end = (span or whole).start, (span or whole).end
    if span is not None:
        headers = (*headers, ("Content-Range", f"bytes {start}-{end - 1}/{file.bytes}"))
    pieces = call.engines.blobs.read(file.name, start, end)
    return Streamed(200 if span is None else 206, pieces, end - start, content_type, headers)


async def _sealed_playlist(call: Call, file: File, form: FileForm) -> bytes:
    """A playlist whose addresses may be seen as long as its own: players ask for them as they are written there."""
    text = b"".join([piece async for piece in call.engines.blobs.read(file.name, 0, PLAYLIST_BYTES_MAX)]).decode()
    seal = f"?expires={form.expires}&signature={form.signature}"
    return "\n".join(_sealed_line(line, seal) for line in text.split("\n")).encode()


def _sealed_line(line: str, seal: str) -> str:
    if line.startswith("#"):
        before, uri, after = line.partition('URI="')
        address, quote, rest = after.partition('"')
        return f"{before}{uri}{address}{seal}{quote}{rest}" if quote else line
    return f"{line.rstrip()}{seal}" if line.strip() else line
