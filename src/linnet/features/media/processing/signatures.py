"""What a file is by its first bytes: never by its name or by what whoever sent it says."""

from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Final

HEAD_BYTES: Final = 4096
"""How much of a file's start decides what it is."""

_ID3_HEADER_BYTES: Final = 10
_TS_PACKET_BYTES: Final = 188
_GIF_IMAGE, _GIF_EXTENSION = 0x2C, 0x21
_PNG_CHUNKS_MAX: Final = 64
"""Chunks looked at for the sign of an animation, which comes before the first picture."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A kind of file: its content type and, when ffmpeg reads it, the one demuxer that may open it."""

    content_type: str
    demuxer: str = ""
    """Empty for pictures that never move; `webp` is not one of ffmpeg's but of ours (`unfolding.py`)."""
    declares_duration: bool = True
    """Whether the file says how long it is, so that one which ends earlier is known to be cut off."""
    animation: bool = False
    """A picture that may hold more than one frame."""

    @property
    def picture(self) -> bool:
        """Whether it is for the library that reads pictures, unless it moves."""
        return not self.demuxer or self.animation


_JPEG: Final = Signature("image/jpeg")
_PNG: Final = Signature("image/png", "apng", declares_duration=False, animation=True)
_GIF: Final = Signature("image/gif", "gif", declares_duration=False, animation=True)
_WEBP: Final = Signature("image/webp", "webp", declares_duration=False, animation=True)
_HEIC: Final = Signature("image/heic")
_AVIF: Final = Signature("image/avif")
_MOV: Final = Signature("video/quicktime", "mov")
_MP4: Final = Signature("video/mp4", "mov")
_MP3: Final = Signature("audio/mpeg", "mp3", declares_duration=False)
_AAC: Final = Signature("audio/aac", "aac", declares_duration=False)
_TS: Final = Signature("video/mp2t", "mpegts", declares_duration=False)

_STARTS: Final[tuple[tuple[bytes, Signature], ...]] = (
    (b"\xff\xd8\xff", _JPEG),
    (b"\x89PNG\r\n\x1a\n", _PNG),
    (b"GIF87a", _GIF),
    (b"GIF89a", _GIF),
    (b"\x1aE\xdf\xa3", Signature("video/x-matroska", "matroska")),
    (b"OggS", Signature("application/ogg", "ogg", declares_duration=False)),
    (b"fLaC", Signature("audio/flac", "flac")),
    (b"FLV\x01", Signature("video/x-flv", "flv", declares_duration=False)),
    (b"0&\xb2u\x8ef\xcf\x11\xa6\xd9\x00\xaa\x00b\xcel", Signature("video/x-ms-asf", "asf")),
    (b"\x00\x00\x01\xba", Signature("video/mpeg", "mpeg", declares_duration=False)),
    (b"\x06\x0e+4\x02\x05\x01\x01\r\x01\x02", Signature("application/mxf", "mxf", declares_duration=False)),
    (b"DKIF", Signature("video/x-ivf", "ivf", declares_duration=False)),
    (b"RF64", Signature("audio/wav", "wav")),
    (b"riff.\x91\xcf\x11\xa5\xd6(\xdb\x04\xc1\x00\x00", Signature("audio/wav", "w64")),
    (b"caff\x00\x01", Signature("audio/x-caf", "caf", declares_duration=False)),
    (b"#!AMR", Signature("audio/amr", "amr", declares_duration=False)),
    (b"wvpk", Signature("audio/x-wavpack", "wv", declares_duration=False)),
    (b"MAC ", Signature("audio/x-ape", "ape", declares_duration=False)),
    (b"TTA1", Signature("audio/x-tta", "tta", declares_duration=False)),
    (b".snd", Signature("audio/basic", "au", declares_duration=False)),
    (b"DSD ", Signature("audio/x-dsf", "dsf")),
)

_FORMS: Final[dict[tuple[bytes, bytes], Signature]] = {
    (b"RIFF", b"WEBP"): _WEBP,
    (b"RIFF", b"WAVE"): Signature("audio/wav", "wav"),
    (b"RIFF", b"AVI "): Signature("video/x-msvideo", "avi"),
    (b"FORM", b"AIFF"): Signature("audio/aiff", "aiff"),
    (b"FORM", b"AIFC"): Signature("audio/aiff", "aiff"),
}

_STILL_BRANDS: Final = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), _HEIC),
    **dict.fromkeys((b"avif", b"avis"), _AVIF),
}
_OLD_QUICKTIME: Final = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})


def recognise(head: bytes) -> Signature | None:
    """What a file that begins with `head` (`HEAD_BYTES` of it, or all) is; None when we take no such files."""
    for start, signature in _STARTS:
        if head.startswith(start):
            return signature
    return _FORMS.get((head[:4], head[8:12])) or _boxed(head) or _sound(head) or _transport(head)


def _boxed(head: bytes) -> Signature | None:
    """Files of boxes (ISO 14496-12): films and sounds, and the pictures that share the format."""
    box = head[4:8]
    if box in _OLD_QUICKTIME:
        return _MOV
    if box != b"ftyp":
        return None
    length = min(int.from_bytes(head[:4]), len(head))
    brand, others = head[8:12], {head[at : at + 4] for at in range(16, length, 4)}
    if brand in {b"mif1", b"msf1"} and others & {b"avif", b"avis"}:
        return _AVIF
    return _STILL_BRANDS.get(brand) or (_MOV if brand == b"qt  " else _MP4)


def _sound(head: bytes) -> Signature | None:
    """Streams of frames that begin with a sync word, maybe after an ID3 tag."""
    if head[:3] == b"ID3" and len(head) > _ID3_HEADER_BYTES:
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        after = head[_ID3_HEADER_BYTES + size :]
        return (_frames(after) if after else None) or _MP3  # a tag with a cover is longer than the head
    return _frames(head)


def _frames(head: bytes) -> Signature | None:
    if head[:4] == b"fLaC":
        return Signature("audio/flac", "flac")
    if head[:2] == b"\x0bw":
        return Signature("audio/ac3", "ac3", declares_duration=False)
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    layer, version = head[1] >> 1 & 3, head[1] >> 3 & 3
    if layer == 0:
        return _AAC if version >= 2 else None
    known = version != 1 and head[2] >> 4 != 15 and head[2] >> 2 & 3 != 3
    return _MP3 if known else None


def _transport(head: bytes) -> Signature | None:
    """MPEG transport streams, with or without the four bytes of time of a Blu-ray."""
    for start, step in ((0, _TS_PACKET_BYTES), (4, _TS_PACKET_BYTES + 4)):
        marks = head[start : start + step * 5 : step]
        if len(marks) >= 4 and set(marks) == {0x47}:
            return _TS
    return None


def moves(file: BinaryIO, signature: Signature) -> bool:
    """Whether a GIF, PNG or WebP holds more than one frame; reads no further than it must."""
    if not signature.animation:
        return False
    file.seek(0)
    if signature is _GIF:
        return _gif_moves(file)
    return _png_moves(file) if signature is _PNG else _webp_moves(file)


def may_move(head: bytes, signature: Signature) -> bool:
    """`moves` of a file that begins so; also where so little of it does not tell."""
    try:
        return moves(_Beginning(head), signature)
    except EOFError:
        return True


class _Beginning(BytesIO):
    """The first bytes of a file; EOFError for whoever wants more of it."""

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        if size is not None and len(found) < size:
            raise EOFError
        return found


def _webp_moves(file: BinaryIO) -> bool:
    head = file.read(21)
    return head[12:16] == b"VP8X" and len(head) == 21 and bool(head[20] & 0x02)


def _png_moves(file: BinaryIO) -> bool:
    file.seek(8)
    for _ in range(_PNG_CHUNKS_MAX):
        head = file.read(8)
        if len(head) < 8 or head[4:] == b"IDAT":
            return False
        if head[4:] == b"acTL":
            return int.from_bytes(file.read(4)) > 1
        file.seek(int.from_bytes(head[:4]) + 4, 1)
    return False


def _gif_moves(file: BinaryIO) -> bool:
    head = file.read(13)
    if len(head) < 13:
        return False
    if head[10] & 0x80:
        file.seek(3 << (head[10] & 7) + 1, 1)
    frames = 0
    while mark := file.read(1):
        if mark[0] == _GIF_EXTENSION:
            file.seek(1, 1)
        elif mark[0] == _GIF_IMAGE:
            frames += 1
            if frames > 1:
                return True
            descriptor = file.read(9)
            if len(descriptor) < 9:
                return False
            colours = 3 << (descriptor[8] & 7) + 1 if descriptor[8] & 0x80 else 0
            file.seek(colours + 1, 1)
        else:
            return False
        while size := file.read(1):
            if size[0] == 0:
                break
            file.seek(size[0], 1)
    return False
