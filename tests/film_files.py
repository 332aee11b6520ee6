"""Real films and sounds, made by ffmpeg itself, and a look at what became of them."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import pytest

from linnet.features.media.models import Made, MadeFile, Refused
from linnet.features.media.processing import ffmpeg
from linnet.features.media.processing.limits import FilmLimits
from linnet.features.media.processing.making import make
from linnet.features.media.processing.pictures.studio import Studio
from linnet.features.media.processing.probing import probe

LIMITS = FilmLimits(preset="ultrafast", ladder_from_s=1_000.0, time_s=60.0)
"""The product's, but for the effort that x264 makes."""


def picture(size: str = "320x240", rate: int = 15, seconds: float = 1.0) -> list[str]:
    """Arguments of a moving test picture as input."""
    return ["-f", "lavfi", "-i", f"testsrc=s={size}:r={rate}:d={seconds}"]


def tone(seconds: float = 1.0) -> list[str]:
    """Arguments of a tone as input."""
    return ["-f", "lavfi", "-i", f"sine=d={seconds}:r=44100"]


def film(path: Path, *arguments: str, inputs: Sequence[str] = ()) -> Path:
    """A file at `path` that ffmpeg makes: of a second of picture and tone, unless other inputs are given."""
    given = [*(inputs or [*picture(), *tone()])]
    argv = [ffmpeg.program().path, "-v", "error", "-nostdin", "-y", *given, *arguments, str(path)]
    subprocess.run(argv, check=True, timeout=60)
    return path


def turned(path: Path, lying: Path) -> Path:
    """The same film as a telephone writes it that was held upright: a quarter turn counterclockwise by a header."""
    old = ffmpeg.program().version.startswith("5.")
    how = ("-metadata:s:v", "rotate=90") if old else ()
    return film(path, "-c", "copy", *how, inputs=[*([] if old else ["-display_rotation", "90"]), "-i", str(lying)])


@dataclass(frozen=True)
class Played:
    """What a player finds in a file."""

    video: str = ""
    profile: str = ""
    pixel_format: str = ""
    size: tuple[int, int] = (0, 0)
    rotation: int = 0
    rate: Fraction = Fraction(0)
    frames: int = 0
    audio: str = ""
    channels: int = 0
    seconds: float = 0.0
    streams: int = 0
    metadata: tuple[str, ...] = ()
    chapters: int = 0
    transfer: int = 2


def play(path: Path) -> Played:
    """Decode all of a file."""
    with av.open(path) as container:
        said = {**container.metadata}
        for stream in container.streams:
            said.update({f"{stream.type} {name}": value for name, value in stream.metadata.items()})
        ordinary = {
            "major_brand",
            "minor_version",
            "compatible_brands",
            "language",
            "handler_name",
            "vendor_id",
            "variant_bitrate",
        }
        said = {name: value for name, value in said.items() if not value.startswith("Lav")}  # ffmpeg 5.1 names itself
        metadata = tuple(sorted(f"{k}={v}" for k, v in said.items() if k.rpartition(" ")[2] not in ordinary))
        videos, audios = container.streams.video, container.streams.audio
        first = last = None
        frames = 0
        seconds = (container.duration or 0) / 1_000_000
        for frame in container.decode(video=0) if videos else ():
            first, last, frames = first or frame, frame, frames + 1
        assert not videos or (first is not None and last is not None)
        return Played(
            video=videos[0].codec_context.name if videos else "",
            profile=str(videos[0].profile) if videos else "",
            pixel_format=first.format.name if first else "",
            size=(first.width, first.height) if first else (0, 0),
            rotation=first.rotation if first else 0,
            rate=videos[0].average_rate or Fraction(0) if videos else Fraction(0),
            frames=frames,
            audio=audios[0].codec_context.name if audios else "",
            channels=audios[0].codec_context.channels if audios else 0,
            seconds=seconds,
            streams=len(container.streams),
            metadata=metadata,
            chapters=len(container.chapters()),
            transfer=int(first.color_trc) if first else 2,
        )


def boxes(path: Path) -> list[str]:
    """The names of the outermost boxes of an MP4, in their order."""
    found: list[str] = []
    with path.open("rb") as file:
        while len(head := file.read(8)) == 8:
            found.append(head[4:].decode("latin-1"))
            size = int.from_bytes(head[:4])
            if size == 1:
                size = int.from_bytes(file.read(8)) - 8
            if size < 8:
                break
            file.seek(size - 8, 1)
    return found


def streams_fast(path: Path) -> bool:
    """Whether a player can begin before it has the whole file."""
    order = boxes(path)
    return order.index("moov") < order.index("mdat")


async def made_of(source: Path, studio: Studio, limits: FilmLimits = LIMITS) -> Made:
    """What the product makes of a file, in a folder beside it."""
    folder = source.parent / f"{source.name}.made"
    folder.mkdir()
    told: list[int] = []
    made = await make(source, folder, await probe(source), told.append, limits, studio.make_picture)
    assert told == sorted(told)
    assert all(0 <= per_cent <= 100 for per_cent in told)
    assert {one.path.parent for one in made.files} <= {folder, folder / "still", folder / "hls"}
    return made


async def refusal(source: Path, studio: Studio, limits: FilmLimits = LIMITS) -> str:
    """The code with which a file is refused; it fails when it is not."""
    with pytest.raises(Refused) as refused:
        await made_of(source, studio, limits)
    assert str(refused.value).endswith(".")
    return refused.value.reason


def file_of(made: Made, name: str) -> MadeFile:
    """The variant of that name."""
    return next(one for one in made.files if one.name == name)
