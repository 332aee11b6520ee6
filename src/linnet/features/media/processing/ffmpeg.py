"""Which ffmpeg there is, and how it is run on what strangers sent: bounded, without a network, one format at a time."""

import asyncio
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import imageio_ffmpeg

from linnet.features.media.models import Refused
from linnet.features.media.processing import bounded
from linnet.features.media.processing.limits import SOURCE_PIXELS_MAX, STREAMS_MAX, FilmLimits
from linnet.platform.processes import CannotStart

VERSION_MIN: Final = (5, 1)
"""Debian 12's. Older ones lack `-fps_mode`."""

ENCODERS: Final = ("libx264", "aac")
_ASK_TIMEOUT_S: Final = 20.0
_VERSION: Final = re.compile(r"^ffmpeg version n?(\S+)")
_NUMBERS: Final = re.compile(r"^(\d+)\.(\d+)")

Told = Callable[[int], None]
"""Hears how many per cent are done, from 0 to 100, each number once."""


class FfmpegFailed(Exception):
    """A run that failed for a reason of ours and not of the file, such as a full disk: it may be tried again."""


@dataclass(frozen=True, slots=True)
class Program:
    """An ffmpeg that can do what we need."""

    path: str
    version: str
    bundled: bool
    """Whether it is the one of the wheel `imageio-ffmpeg`."""


@lru_cache(maxsize=4)
def program(setting: str = "") -> Program:
    """The ffmpeg at `setting`; when that is empty the system's if it will do, else the wheel's. Raises `CannotStart`.

    Asks the programs themselves, once a process; it takes a tenth of a second.
    """
    if setting:
        return _asked(setting, bundled=False)
    installed = shutil.which("ffmpeg")
    if installed is not None:
        try:
            return _asked(installed, bundled=False)
        except CannotStart:  # too old, or built without H.264
            pass
    try:
        wheel = imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError as error:  # a platform without a binary in the wheel
        raise CannotStart(f"No ffmpeg was found: {error} Install one, or name it in LINNET_MEDIA_FFMPEG.") from error
    return _asked(wheel, bundled=True)


def _asked(path: str, *, bundled: bool) -> Program:
    found = _VERSION.search(_answer(path, "-version"))
    version = found[1] if found else ""
    numbers = _NUMBERS.search(version)
    if not version or (numbers and (int(numbers[1]), int(numbers[2])) < VERSION_MIN):
        raise CannotStart(f"{path} is ffmpeg {version or '?'}; {'.'.join(map(str, VERSION_MIN))} or newer is needed.")
    encoders = set(_answer(path, "-hide_banner", "-encoders").split())
    if missing := [name for name in ENCODERS if name not in encoders]:
        raise CannotStart(f"{path} was built without {' and '.join(missing)}.")
    return Program(path, version, bundled)


def _answer(path: str, *arguments: str) -> str:
    try:
        asked = subprocess.run(  # noqa: S603 -- a program the operator chose or the system has
            [path, *arguments],
            check=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            timeout=_ASK_TIMEOUT_S,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotStart(f"{path} could not be run as ffmpeg: {error}.") from error
    return asked.stdout


def source(path: Path, demuxer: str, *options: str) -> list[str]:
    """Arguments that open a file as `demuxer` and nothing else, and nothing but that file."""
    return [
        *("-protocol_whitelist", "file", "-format_whitelist", demuxer, "-max_streams", str(STREAMS_MAX)),
        *("-max_pixels", str(SOURCE_PIXELS_MAX)),
        *options,
        *("-f", demuxer, "-i", f"file:{path}"),
    ]


async def run(
    arguments: Sequence[str], limits: FilmLimits, folder: Path, *, length_s: float = 0.0, told: Told | None = None
) -> None:
    """Run ffmpeg to its end in `folder`. `told` hears per cent of `length_s` seconds of output.

    Raises `Refused` when the file is at fault and `FfmpegFailed` when we are.
    """
    chosen = await asyncio.to_thread(program, limits.ffmpeg)
    argv = [
        *(chosen.path, "-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-y"),
        *("-filter_threads", "1", "-filter_complex_threads", "1", "-progress", "pipe:1", "-stats_period", "1"),
        *arguments,
    ]
    bounds = bounded.Bounds(
        wall_s=limits.time_s,
        cpu_s=max(int(limits.time_s * limits.threads), 1),
        memory_bytes=limits.memory_bytes,
        file_bytes=limits.output_bytes,
    )
    ended = await bounded.run(argv, bounds, folder, listen=_listener(length_s, told))
    if ended.code != 0 or ended.late:
        raise _explained(ended)


def _listener(length_s: float, told: Told | None) -> Callable[[str], None]:
    reached = -1

    def listen(line: str) -> None:
        nonlocal reached
        name, _, value = line.partition("=")
        if told is None or name != "out_time_us" or not value.isdigit() or length_s <= 0:
            return
        per_cent = min(int(int(value) / 10_000 / length_s), 100)
        if per_cent > reached:
            reached = per_cent
            told(per_cent)

    return listen


_TOO_COMPLEX: Final = Refused("too_complex", "The file takes too much memory to convert.")
_FAULTS: Final = (
    ("No space left on device", None),
    ("File too large", Refused("result_too_large", "What was made of the file is too large.")),
    ("Resource temporarily unavailable", None),
    ("Cannot allocate memory", _TOO_COMPLEX),
    ("malloc of size", _TOO_COMPLEX),
    ("Error while opening encoder", _TOO_COMPLEX),  # our arguments are right; x264 does not say what it lacked
    ("failed to map segment", None),
    ("Decoder not found", Refused("unknown_codec", "The file is coded in a way that is not supported.")),
    ("does not contain any stream", Refused("nothing_in_it", "There is no picture and no sound in the file.")),
    ("moov atom not found", Refused("cut_off", "The file is cut off: its table of contents is missing.")),
)
"""What ffmpeg complains about, what it means, and None where the file is not at fault."""


def _explained(ended: bounded.Ended) -> Exception:
    said = " | ".join(ended.errors)
    if ended.over_cpu:
        return Refused("too_complex", "The file takes too long to convert.")
    if ended.over_size:
        return Refused("result_too_large", "What was made of the file is too large.")
    for sign, meaning in _FAULTS:
        if sign in said:
            return Refused(meaning.reason, str(meaning)) if meaning is not None else FfmpegFailed(said[-500:])
    if ended.code in {-9, -15}:  # by somebody else: the kernel out of memory, an operator
        return FfmpegFailed(f"ffmpeg was killed by signal {-ended.code}. {said[-500:]}")
    return Refused("unreadable", "The file is damaged or could not be converted.")
