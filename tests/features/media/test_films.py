"""Whatever people film with comes out as one kind of film, the right way up, and says nothing of where it was taken."""

from fractions import Fraction
from pathlib import Path

import pytest
from film_files import Played, boxes, film, made_of, play, streams_fast

from linnet.features.media.models import Kind, Lane, Made
from linnet.features.media.processing.probing import probe

X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")

FILMS = {
    "h264.mp4": (*X264, "-c:a", "aac"),
    "hevc.mp4": ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-tag:v", "hvc1"),
    "ten-bit.mkv": (
        "-c:v",
        "libx265",
        "-preset",
        "ultrafast",
        "-x265-params",
        "log-level=none",
        "-pix_fmt",
        "yuv420p10",
    ),
    "vp9.webm": ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"),
    "av1.mp4": ("-c:v", "libsvtav1", "-preset", "12", "-svtav1-params", "lp=1", "-c:a", "aac"),
    "prores.mov": ("-c:v", "prores", "-c:a", "pcm_s16le"),
    "old.avi": ("-c:v", "mpeg4", "-c:a", "mp3"),
    "tv.ts": ("-c:v", "mpeg2video", "-c:a", "mp2"),
    "flash.flv": ("-c:v", "flv1", "-c:a", "mp3"),
    "windows.wmv": ("-c:v", "wmv2", "-c:a", "wmav2"),
    "phone.3gp": ("-c:v", "h263", "-s", "352x288", "-c:a", "aac"),
}


@pytest.mark.parametrize("name", FILMS)
async def test_whatever_it_was_filmed_with(name: str, tmp_path: Path) -> None:
    source = film(tmp_path / name, *FILMS[name])
    probed = await probe(source)
    assert (probed.kind, probed.lane, probed.has_audio) == (Kind.VIDEO, Lane.VIDEOS, True)
    made = await made_of(source)
    played = in_order(made)
    assert played.audio == "aac"
    assert played.size == (probed.width, probed.height)
    assert made.meta.duration_s == pytest.approx(1.0, abs=0.2)
    assert float(Fraction(made.meta.frame_rate)) == pytest.approx(15, rel=0.1)


def in_order(made: Made) -> Played:
    original = next(one for one in made.files if one.name == "original")
    played = play(original.path)
    assert played.video == "h264"
    assert played.profile in {"High", "Main", "Constrained Baseline"}
    assert played.pixel_format == "yuv420p"
    assert played.size == (original.width, original.height) == (made.meta.width, made.meta.height)
    assert played.rotation == 0
    assert all(side % 2 == 0 for side in played.size)
    assert played.metadata == ()
    assert played.chapters == 0
    assert played.streams == 1 + bool(played.audio)
    assert streams_fast(original.path)
    assert set(boxes(original.path)) <= {"ftyp", "moov", "free", "mdat"}
    assert b"x264" not in original.path.read_bytes()
    return played
