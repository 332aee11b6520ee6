"""Films a second: `python -m bench.media.films`. What the product makes of 1080p, beside the bare ffmpeg command.

The product probes, encodes within bounds, reads through what came of it and draws a poster; the bare command is the
same ffmpeg with the same arguments, nothing else. Both in turns, on a film of a moving test picture with noise.
"""

import argparse
import asyncio
import resource
import subprocess
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import psutil

from linnet.features.media.processing import ffmpeg, films
from linnet.features.media.processing.limits import FilmLimits
from linnet.features.media.processing.making import make
from linnet.features.media.processing.pictures.studio import Studio
from linnet.features.media.processing.probing import Probed, probe

LIMITS = FilmLimits(ladder_from_s=3_600.0)


@dataclass
class Took:
    """One film made once."""

    wall_s: float
    cpu_s: float


def source(folder: Path, seconds: float, codec: str) -> Path:
    """1920×1080 at 30 frames a second with a tone, at some 12 Mbit/s, as telephones write it."""
    made = folder / "source.mp4"
    inputs = [
        *("-f", "lavfi", "-i", f"testsrc2=s=1920x1080:r=30:d={seconds},noise=alls=12:allf=t"),
        *("-f", "lavfi", "-i", f"sine=d={seconds}"),
    ]
    codecs = ["-c:v", codec, "-preset", "ultrafast", "-b:v", "12M", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    argv = [ffmpeg.program().path, "-v", "error", "-nostdin", "-y", *inputs, *codecs, str(made)]
    subprocess.run(argv, check=True)  # noqa: S603 -- our own ffmpeg
    return made


async def ours(film: Path, folder: Path, studio: Studio) -> None:
    """All that a worker does with a film between the store and the store."""
    await make(film, folder, await probe(film), lambda _: None, LIMITS, studio.make_picture)


async def bare(film: Path, folder: Path, probed: Probed) -> None:
    """The command alone."""
    arguments = films.command(film, folder, probed.demuxer, probed, LIMITS)
    argv = [ffmpeg.program().path, "-nostdin", "-loglevel", "error", "-y", *arguments]
    process = await asyncio.create_subprocess_exec(*argv)
    assert await process.wait() == 0


async def timed(work: Callable[[Path], Awaitable[None]]) -> Took:
    """How long it took, and how much of the processor in all processes it started."""
    with tempfile.TemporaryDirectory(prefix="linnet-bench-") as folder:
        before, started = cpu_s(), perf_counter()
        await work(Path(folder))
        return Took(perf_counter() - started, cpu_s() - before)


def cpu_s() -> float:
    """Processor seconds of all processes started here: those that ended, and the studio's that is kept."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    here = [child.cpu_times() for child in psutil.Process().children(recursive=True)]
    return ended.ru_utime + ended.ru_stime + sum(times.user + times.system for times in here)


async def measure(seconds: float, rounds: int, codec: str) -> None:
    """Print seconds of film a second, ours and bare."""
    studio = Studio(pixels_max=33_177_600)
    with tempfile.TemporaryDirectory(prefix="linnet-bench-") as folder:
        film = source(Path(folder), seconds, codec)
        probed = await probe(film)
        took: dict[str, list[Took]] = {"bare": [], "ours": []}
        await timed(lambda at: ours(film, at, studio))  # a worker's studio is there already
        for _ in range(rounds):
            took["bare"].append(await timed(lambda at: bare(film, at, probed)))
            took["ours"].append(await timed(lambda at: ours(film, at, studio)))
    await studio.close()
    wall = {name: median(one.wall_s for one in found) for name, found in took.items()}
    cpu = {name: median(one.cpu_s for one in found) for name, found in took.items()}
    print(f"{seconds:.0f} s of 1080p30 ({codec}), ffmpeg {ffmpeg.program().version}, x264 {LIMITS.preset}")
    for name in took:
        print(
            f"{name}: {seconds / wall[name]:5.2f} film seconds a second, {cpu[name] / seconds:5.2f} core seconds each"
        )
    print(f"ours takes {wall['ours'] / wall['bare'] - 1:+.1%} time and {cpu['ours'] / cpu['bare'] - 1:+.1%} processor")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"largest process: {peak / 1024:.0f} MiB")


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--codec", default="libx264", choices=["libx264", "libx265"])
    arguments = parser.parse_args()
    asyncio.run(measure(arguments.seconds, arguments.rounds, arguments.codec))


if __name__ == "__main__":
    main()
