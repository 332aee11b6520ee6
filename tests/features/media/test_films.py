"""Whatever people film with comes out as one kind of film, the right way up, and says nothing of where it was taken."""

import asyncio
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image, ImageStat

from film_files import LIMITS, Played, boxes, file_of, film, made_of, picture, play, streams_fast, tone, turned
from linnet.features.media.models import Kind, Lane, Made
from linnet.features.media.processing.pictures.studio import Studio
from linnet.features.media.processing.probing import probe

X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none")

FILMS = {
    "h264.mp4": (*X264, "-c:a", "aac"),
    "hevc.mp4": (*X265, "-tag:v", "hvc1"),
    "ten-bit.mkv": (*X265, "-pix_fmt", "yuv420p10"),
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
async def test_whatever_it_was_filmed_with(name: str, studio: Studio, tmp_path: Path) -> None:
    source = film(tmp_path / name, *FILMS[name])
    probed = await probe(source)
    assert (probed.kind, probed.lane, probed.has_audio) == (Kind.VIDEO, Lane.VIDEOS, True)
    made = await made_of(source, studio)
    played = in_order(made)
    assert played.audio == "aac"
    assert played.size == (probed.width, probed.height)
    assert made.meta.duration_s == pytest.approx(1.0, abs=0.2)
    assert float(Fraction(made.meta.frame_rate)) == pytest.approx(15, rel=0.1)
    assert made.meta.bitrate > 0


async def test_a_film_taken_upright_is_shown_upright(studio: Studio, tmp_path: Path) -> None:
    source = film(tmp_path / "lying.mp4", *X264, inputs=picture("320x180"))
    upright = turned(tmp_path / "turned.mov", source)
    probed = await probe(upright)
    assert (probed.width, probed.height, probed.rotation) == (180, 320, 90)
    made = await made_of(upright, studio)
    played = in_order(made)
    assert played.size == (180, 320)
    assert not played.audio


async def test_a_large_and_fast_film_of_odd_sizes(studio: Studio, tmp_path: Path) -> None:
    source = film(
        tmp_path / "large.mkv", *X264[:4], "-pix_fmt", "yuv444p", inputs=picture("3841x2161", rate=120, seconds=0.05)
    )
    limits = replace(LIMITS, pixels_max=9_000_000)
    made = await made_of(source, studio, limits)
    played = in_order(made)
    assert played.size == (1920, 1080)
    assert played.rate <= 60


async def test_pixels_that_are_not_square_become_so(studio: Studio, tmp_path: Path) -> None:
    source = film(tmp_path / "dv.mov", *X264, "-vf", "setsar=16/15", inputs=picture("720x576"))
    assert in_order(await made_of(source, studio)).size == (768, 576)


async def test_high_dynamic_range_becomes_ordinary(studio: Studio, tmp_path: Path) -> None:
    colours = ("-color_trc", "smpte2084", "-color_primaries", "bt2020", "-colorspace", "bt2020nc")
    x265 = "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
    codec = (*X265[:4], "-x265-params", x265, "-pix_fmt", "yuv420p10", *colours)
    source = film(tmp_path / "hdr.mp4", *codec, inputs=picture())
    played = in_order(await made_of(source, studio))
    assert played.transfer == 1


async def test_where_and_with_what_it_was_taken_is_gone(studio: Studio, tmp_path: Path) -> None:
    """Whether the streams are made anew or copied, and whatever lies beside them."""
    (tmp_path / "note.txt").write_text("at home")
    (tmp_path / "chapters.txt").write_text(";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle=Home\n")
    said = (
        *("-metadata", "location=+52.5200+013.4050/", "-metadata", "title=Home", "-metadata:s", "title=Kitchen"),
        *("-map", "0", "-map", "1", "-map_metadata", "2"),
    )
    chapters = ["-i", str(tmp_path / "chapters.txt")]
    inputs = [*picture(), *tone(), *chapters]
    attached = ("-attach", str(tmp_path / "note.txt"), "-metadata:s:t", "mimetype=text/plain")
    anew = film(tmp_path / "gps.mkv", *X265, "-c:a", "aac", *said, *attached, inputs=inputs)
    right = film(tmp_path / "gps.mp4", *X264, "-c:a", "aac", "-b:v", "200k", *said, inputs=inputs)
    for source in (anew, right):
        assert b"Kitchen" in source.read_bytes()
        made = await made_of(source, studio)
        in_order(made)
        for secret in (b"52.52", b"Home", b"Kitchen", b"at home"):
            assert secret not in file_of(made, "original").path.read_bytes()


async def test_what_is_right_is_not_made_again(studio: Studio, tmp_path: Path) -> None:
    main = ("-c:v", "libx264", "-preset", "superfast", "-pix_fmt", "yuv420p", "-profile:v", "main")
    source = film(tmp_path / "right.mp4", *main, "-c:a", "aac", "-b:a", "96k")
    before = play(source)
    played = in_order(await made_of(source, studio))
    assert played.profile == before.profile == "Main"
    assert (played.frames, played.audio) == (before.frames, "aac")


async def test_a_poster_shows_something(studio: Studio, tmp_path: Path) -> None:
    black = "color=c=black:s=320x240:r=10:d=2[black];testsrc=s=320x240:r=10:d=1[shown];[black][shown]concat[out0]"
    source = film(tmp_path / "fade.mp4", *X264, inputs=["-f", "lavfi", "-i", black])
    made = await made_of(source, studio)
    poster = file_of(made, "poster")
    assert (poster.content_type, poster.width, poster.height) == ("image/jpeg", 320, 240)
    assert ImageStat.Stat(Image.open(poster.path).convert("L")).stddev[0] > 20
    assert file_of(made, "small_webp").content_type == "image/webp"
    assert made.blurhash
    assert made.perceptual_hash is not None
    dark = film(tmp_path / "dark.mp4", *X264, inputs=["-f", "lavfi", "-i", "color=c=black:s=64x64:d=0.5"])
    assert file_of(await made_of(dark, studio), "poster").width == 64


@pytest.mark.parametrize("kind", ["gif", "webp", "png"])
async def test_animations_become_silent_films(kind: str, studio: Studio, tmp_path: Path) -> None:
    codecs = {"gif": (), "webp": ("-c:v", "libwebp_anim", "-loop", "0"), "png": ("-f", "apng", "-plays", "0")}
    source = film(tmp_path / f"moving.{kind}", *codecs[kind], inputs=picture("161x121", rate=10))
    probed = await probe(source)
    assert (probed.kind, probed.lane, probed.picture) == (Kind.GIFV, Lane.VIDEOS, True)
    made = await made_of(source, studio)
    played = in_order(made)
    assert (made.kind, played.audio, played.frames, played.size) == (Kind.GIFV, "", 10, (160, 120))
    assert made.meta.duration_s == pytest.approx(1.0, abs=0.11)


async def test_pictures_that_stand_still_are_not_films(tmp_path: Path) -> None:
    for kind in ("gif", "webp", "png", "jpg"):
        source = film(tmp_path / f"still.{kind}", "-frames:v", "1", "-update", "1", inputs=picture("32x32"))
        probed = await probe(source)
        assert (probed.kind, probed.lane) == (Kind.IMAGE, Lane.IMAGES)


async def test_what_is_see_through_is_shown_on_white(studio: Studio, tmp_path: Path) -> None:
    frames = [Image.new("RGBA", (32, 32), (0, 0, 0, 0)) for _ in range(2)]
    frames[1].putpixel((0, 0), (255, 0, 0, 255))
    frames[0].save(tmp_path / "clear.png", save_all=True, append_images=frames[1:], duration=100)
    made = await made_of(tmp_path / "clear.png", studio)
    assert ImageStat.Stat(Image.open(file_of(made, "poster").path).convert("L")).mean[0] > 240


async def test_a_long_film_has_a_ladder(studio: Studio, tmp_path: Path) -> None:
    source = film(tmp_path / "long.mp4", *X264, "-c:a", "aac", inputs=[*picture("1280x720", 10, 6), *tone(6)])
    made = await made_of(source, studio, replace(LIMITS, ladder_from_s=5))
    master = file_of(made, "hls")
    assert master.content_type == "application/vnd.apple.mpegurl"
    lines = master.path.read_text().splitlines()
    sizes = [line.split("RESOLUTION=")[1].split(",")[0] for line in lines if "RESOLUTION" in line]
    assert sizes == ["1280x720", "854x480", "480x270"]
    playlists = [line for line in lines if line.endswith(".m3u8")]
    assert {path.suffix for path in master.path.parent.iterdir()} == {".m3u8", ".m4s"}
    for name in playlists:
        played = play(master.path.parent / name)
        assert (played.video, played.seconds, played.metadata) == ("h264", pytest.approx(6, abs=0.1), ())
    assert play(master.path.parent / "sound.m3u8").audio == "aac"
    in_order(made)
    assert not list(master.path.parent.parent.glob("rendition*"))


async def test_a_film_that_is_called_off_leaves_no_process(studio: Studio, tmp_path: Path) -> None:
    source = film(tmp_path / "long.mkv", *X264, inputs=picture("640x360", 60, 5))
    work = asyncio.create_task(made_of(source, studio, replace(LIMITS, preset="placebo")))
    while not running(tmp_path):
        await asyncio.sleep(0.02)
        assert not work.done()
    await asyncio.sleep(0.1)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert not running(tmp_path)


def in_order(made: Made) -> Played:
    """What plays, after all that holds for every film was looked at."""
    original = file_of(made, "original")
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
    assert b"x264 - core" not in original.path.read_bytes()
    return played


def running(folder: Path) -> list[str]:
    """Command lines of programs that work on a film in this folder."""
    found: list[str] = []
    for process in Path("/proc").iterdir():
        try:
            line = (process / "cmdline").read_bytes().decode(errors="replace") if process.name.isdigit() else ""
        except OSError:
            continue
        if str(folder) in line and "ffmpeg" in line:
            found.append(line)
    return found
