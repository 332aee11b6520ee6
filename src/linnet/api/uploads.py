"""Multipart bodies, read piece by piece: texts into memory, files to where they land or into temporary ones.

Nothing goes over its limit, and nothing stays of a file that nobody took.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import Final, Protocol

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from linnet.platform.errors import Malformed, ProductError, StoreFull, TooLarge

TEXT_BYTES_MAX: Final = 1024 * 1024
"""All text parts of one body together."""

PARTS_MAX: Final = 1000
NAME_BYTES_MAX: Final = 512
FILENAME_CHARS_MAX: Final = 255
MEMORY_BYTES_MAX: Final = 256 * 1024
"""A file beyond this goes to the disk."""

TEXT_FILE_BYTES_MAX: Final = 64 * 1024

HEAD_BYTES: Final = 32 * 1024
"""So many bytes of a file are here, or all, when it is asked how large it may be, and where it lands."""

FileLimit = Callable[[str, bytes], int]
"""How many bytes a file may have, by the name of its field and its first bytes; raises for what is refused."""


class Landing(Protocol):
    """Where a file goes while it arrives."""

    async def add(self, chunk: bytes) -> None:
        """Take the next bytes."""
        ...

    async def discard(self) -> None:
        """Leave nothing behind, unless somebody has taken the file."""
        ...


Land = Callable[[str, bytes], Awaitable[Landing]]
"""Begins to take in a file, by the name of its field and its first bytes; raises for what is refused."""


class Upload:
    """A file that came with a form. It is gone when the request is over, unless it has landed and was taken."""

    __slots__ = ("bytes_here", "bytes_max", "content_type", "file", "filename", "head", "landing", "waiting")

    def __init__(self, filename: str, content_type: str, file: "SpooledTemporaryFile[bytes]") -> None:
        self.filename = filename
        self.content_type = content_type
        self.file = file
        self.head = b""
        self.bytes_here = 0
        self.landing: Landing | None = None
        """Where it is, in place of `file`."""
        self.waiting: bytearray | None = None
        """Of one that lands: what has come and not gone there yet."""
        self.bytes_max: int | None = None
        """None until it was asked for; a form that asks nothing has the limit of its body alone."""

    @property
    def size(self) -> int:
        """Bytes."""
        if self.waiting is not None:
            return self.bytes_here
        here = self.file.tell()
        size = self.file.seek(0, 2)
        self.file.seek(here)
        return size

    def text(self) -> str:
        """Its contents as text; ValueError when it is too large or not UTF-8."""
        if self.size > TEXT_FILE_BYTES_MAX:
            message = "too large for a text"
            raise ValueError(message)
        self.file.seek(0)
        return self.file.read().decode()


class Multipart:
    """Feed it a body piece by piece; it gives `(name, text or upload)` pairs in their order."""

    def __init__(self, content_type: str, file_limit: FileLimit | None = None, land: Land | None = None) -> None:
        boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
        if not boundary:
            raise Malformed("A multipart body needs a boundary in its Content-Type")
        self.pairs: list[tuple[str, str | Upload]] = []
        self._file_limit = file_limit
        self._land = land
        self._landing: dict[str, Upload] = {}
        """The files that land, by the names of their fields: the first of each."""
        self._parts = 0
        self._text_bytes = 0
        self._begin()
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._header_name_bytes,
                    "on_header_value": self._header_value_bytes,
                    "on_header_end": self._header_ends,
                    "on_headers_finished": self._body_begins,
                    "on_part_data": self._body_bytes,
                    "on_part_end": self._part_ends,
                    "on_end": self._all_ends,
                },
            )
        except FormParserError as error:
            raise Malformed("The multipart boundary cannot be read") from error

    def feed(self, piece: bytes) -> None:
        """Take the next bytes; `Malformed` or `TooLarge` when they cannot be taken."""
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise Malformed("The multipart body cannot be read") from error

    def end(self) -> None:
        """No more bytes; `Malformed` when the last part was cut off."""
        try:
            self._parser.finalize()
        except FormParserError as error:
            raise Malformed("The multipart body ends too early") from error
        if not self._complete:
            raise Malformed("The multipart body ends too early")

    async def settle(self) -> None:
        """Have what came so far go where it lands; raises what that raises."""
        for name, upload in self._landing.items():
            if upload.bytes_max is None or not upload.waiting:
                continue
            if upload.landing is None:
                assert self._land is not None
                upload.landing = await self._land(name, upload.head)
            came = bytes(upload.waiting)
            upload.waiting.clear()
            await upload.landing.add(came)

    async def close(self) -> None:
        """Drop every file that was not taken, finished or not."""
        for _, value in self.pairs:
            if isinstance(value, Upload):
                value.file.close()
        if self._upload is not None:
            self._upload.file.close()
        for upload in self._landing.values():
            if upload.landing is not None:
                with suppress(ProductError):  # while the store is away, what is left there is cleaned up later
                    await upload.landing.discard()

    def _begin(self) -> None:
        self._complete = False
        self._headers: dict[bytes, bytes] = {}
        self._header_name = b""
        self._header_value = b""
        self._name = ""
        self._text = bytearray()
        self._upload: Upload | None = None

    def _header_name_bytes(self, piece: bytes, start: int, end: int) -> None:
        self._header_name += piece[start:end]

    def _header_value_bytes(self, piece: bytes, start: int, end: int) -> None:
        self._header_value += piece[start:end]

    def _header_ends(self) -> None:
        self._headers[self._header_name.lower()] = self._header_value
        self._header_name = self._header_value = b""

    def _body_begins(self) -> None:
        self._parts += 1
        if self._parts > PARTS_MAX:
            raise TooLarge("The form has too many parts")
        options = parse_options_header(self._headers.get(b"content-disposition", b""))[1]
        name = options.get(b"name", b"")
        if len(name) > NAME_BYTES_MAX:
            raise TooLarge("A name in the form is too long")
        self._name = _decoded(name)
        if b"filename" in options:
            self._upload = Upload(
                _decoded(options[b"filename"]).replace("\0", "")[:FILENAME_CHARS_MAX],
                self._headers.get(b"content-type", b"application/octet-stream").decode("latin-1"),
                SpooledTemporaryFile(max_size=MEMORY_BYTES_MAX),  # noqa: SIM115 -- closed by `close`
            )
            if self._land is not None and self._name not in self._landing:
                self._upload.waiting = bytearray()
                self._landing[self._name] = self._upload

    def _body_bytes(self, piece: bytes, start: int, end: int) -> None:
        if self._upload is not None:
            self._file_bytes(self._upload, piece[start:end])
            return
        self._text_bytes += end - start
        if self._text_bytes > TEXT_BYTES_MAX:
            raise TooLarge("The form's texts are too long")
        self._text += piece[start:end]

    def _file_bytes(self, upload: Upload, piece: bytes) -> None:
        upload.bytes_here += len(piece)
        if len(upload.head) < HEAD_BYTES:
            upload.head += piece[: HEAD_BYTES - len(upload.head)]
        if upload.bytes_max is None and len(upload.head) == HEAD_BYTES:
            self._ask_limit(upload)
        self._check_file(upload)
        if upload.waiting is not None:
            upload.waiting += piece
            return
        try:
            upload.file.write(piece)
        except OSError as error:  # the disk is full, most likely
            raise StoreFull("temporary files") from error

    def _ask_limit(self, upload: Upload) -> None:
        if self._file_limit is not None:
            upload.bytes_max = self._file_limit(self._name, upload.head)

    def _check_file(self, upload: Upload) -> None:
        if upload.bytes_max is not None and upload.bytes_here > upload.bytes_max:
            raise TooLarge(f"The file is too large: at most {upload.bytes_max // 1_048_576} MB are taken of its kind")

    def _part_ends(self) -> None:
        upload = self._upload
        if upload is None:
            self.pairs.append((self._name, _decoded(bytes(self._text))))
        else:
            if upload.bytes_max is None:
                self._ask_limit(upload)
                self._check_file(upload)
            self._upload = None
            upload.file.seek(0)
            self.pairs.append((self._name, upload))

    def _all_ends(self) -> None:
        self._complete = True


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise Malformed("The form is not in UTF-8") from error
