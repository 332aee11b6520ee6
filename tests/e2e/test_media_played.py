"""Files as people have them, uploaded by Mastodon.py to a real server, posted, and played by a real Chromium."""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import av
import httpx
import pytest
import pyvips
from mastodon import Mastodon

from chromium import PROGRAM, Chromium, chromium
from film_files import film, picture, tone, turned
from picture_files import FORMATS, MAKER, animation, photo
from running import Server, eventually, running_server
from s3_server import S3Server

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium on this machine")

X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac")
X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-tag:v", "hvc1")
PLACE = ("-metadata", "location=+52.5200+013.4050/", "-metadata", "title=Kitchen")
SIZE = (320, 240)
LONG_S = 6

Made = tuple[Path, str, tuple[int, int] | None]
"""A file, what it is to be, and how large it is to be shown."""


Making = Callable[[Path], Iterable[Made]]


def pictures(folder: Path) -> Iterable[Made]:
    """Every format, lying and turned, with where it was taken."""
    for number, kind in enumerate(FORMATS):
        turn = 1 if kind == "gif" else number + 3
        yield photo(folder / f"photo{number}.{kind}", orientation=turn), "image", (120, 80)


def films(folder: Path) -> Iterable[Made]:
    """What telephones, cameras and programs write."""
    yield film(folder / "h264.mp4", *X264, *PLACE), "video", SIZE
    yield film(folder / "hevc.mov", *X265, *PLACE), "video", SIZE
    vp9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus")
    yield film(folder / "vp9.webm", *vp9, *PLACE), "video", SIZE
    yield film(folder / "av1.mkv", "-c:v", "libsvtav1", "-preset", "12", "-svtav1-params", "lp=1"), "video", SIZE
    yield film(folder / "old.avi", "-c:v", "mpeg4", "-c:a", "mp3"), "video", SIZE
    yield turned(folder / "turned.mov", film(folder / "lying.mp4", *X264)), "video", (240, 320)
    large = picture("3841x2161", rate=60, seconds=0.2)
    yield film(folder / "large.mkv", *X264[:4], "-pix_fmt", "yuv444p", inputs=large), "video", (1920, 1080)
    yield animation(folder / "moving.gif", 10), "gifv", (60, 40)


def sounds(folder: Path) -> Iterable[Made]:
    """What people record and listen to."""
    for name in ("song.mp3", "song.ogg", "song.flac", "song.wav"):
        yield film(folder / name, *PLACE, inputs=tone(2)), "audio", None
    yield film(folder / "talk.opus", "-b:a", "16k", inputs=tone(600)), "audio", None


KINDS = pytest.mark.parametrize("some", [pictures, films, sounds])


@KINDS
async def test_what_was_uploaded_plays(some: Making, server: Server, tmp_path: Path) -> None:
    await all_play(some, server, tmp_path)


@KINDS
async def test_what_lies_in_a_bucket_plays(some: Making, bucket_server: Server, tmp_path: Path) -> None:
    await all_play(some, bucket_server, tmp_path)


async def all_play(some: Making, server: Server, tmp_path: Path) -> None:
    """Upload, post and look at each."""
    person = server.join("photographer")
    client = Mastodon(access_token=person.token, api_base_url=server.url, version_check_mode="none")
    async with chromium() as tab:
        for path, kind, size in some(tmp_path):
            media: Any = client.media_post(str(path), mime_type="application/octet-stream", synchronous=True)
            status: Any = client.status_post(path.name, media_ids=[media.id])
            (shown,) = status.media_attachments
            assert (shown.type, bool(shown.blurhash)) == (kind, True), path.name
            await plays(tab, shown, size)
            says_nothing(shown.url, tmp_path / f"served-{path.name}")


async def test_a_long_film_in_a_bucket_can_be_wound_on(bucket_server: Server, tmp_path: Path) -> None:
    person = bucket_server.join("photographer")
    client = Mastodon(access_token=person.token, api_base_url=bucket_server.url, version_check_mode="none")
    long = film(tmp_path / "long.mp4", *X264, inputs=picture("480x360", seconds=LONG_S))
    async with chromium() as tab:
        for path, size in ((photo(tmp_path / "photo.jpg"), (120, 80)), (long, (480, 360))):
            sent: Any = client.media_post(str(path), mime_type="application/octet-stream")
            media: Any = eventually(partial(client.media, sent.id), lambda media: bool(media.url))
            status: Any = client.status_post(path.name, media_ids=[media.id])
            (shown,) = status.media_attachments
            await plays(tab, shown, size)
        await tab.evaluate(f"one.currentTime = {LONG_S - 2}")
        await tab.shows(f"!one.seeking && one.error === null && one.currentTime > {LONG_S - 2}")
    has_all_sizes(next(one.url for one in shown.variants if one.name == "hls"))
    assert not [path for path in (bucket_server.folder / "media").rglob("*") if path.is_file()]


def has_all_sizes(master: str) -> None:
    """Each playlist that this one names is there, and so is the file that it cuts."""
    for name in _names(httpx.get(master)):
        playlist = urljoin(master, name)
        (file,) = set(_names(httpx.get(playlist)))
        part = httpx.get(urljoin(playlist, file), headers={"Range": "bytes=100-199"})
        assert (part.status_code, len(part.content)) == (206, 100)


def _names(playlist: httpx.Response) -> list[str]:
    assert playlist.status_code == 200
    return [line for line in playlist.text.splitlines() if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def bucket_server(seed: Path, s3: S3Server) -> Iterator[Server]:
    """Another server, which keeps files in a bucket."""
    with running_server(seed, media_ladder_from="5", **s3.settings("played")) as server:
        yield server


async def plays(tab: Chromium, media: Any, size: tuple[int, int] | None) -> None:
    """The browser shows the file and what stands for it, as large as it is said to be."""
    element = "img" if media.type == "image" else "audio" if media.type == "audio" else "video"
    await tab.evaluate(
        f"document.body.innerHTML = '<{element} id=one muted></{element}><img id=small>';"
        f"one.src = {json.dumps(media.url)}; small.src = {json.dumps(media.preview_url)};"
        "if (one.play) { one.muted = true; one.play(); }"
    )
    await tab.shows("small.complete && small.naturalWidth > 0")
    if element == "img":
        await tab.shows("one.complete && one.naturalWidth > 0")
        found = await tab.evaluate("[one.naturalWidth, one.naturalHeight]")
    else:
        await tab.shows("one.error === null && one.readyState >= 2 && (one.currentTime > 0.1 || one.ended)")
        assert await tab.evaluate("one.duration") == pytest.approx(media.meta.original.duration, abs=0.1)
        found = await tab.evaluate("[one.videoWidth, one.videoHeight]")
    if size is not None:
        assert tuple(found) == size
        assert (media.meta.original.width, media.meta.original.height) == size


def says_nothing(url: str, path: Path) -> None:
    """Nothing in the file tells who made it where."""
    answer = httpx.get(url)
    assert answer.headers["x-content-type-options"] == "nosniff"
    path.write_bytes(answer.content)
    for secret in (b"52.52", b"Kitchen", MAKER.encode(), b"Exif"):
        assert secret not in answer.content
    if answer.headers["content-type"].startswith("image/"):
        fields = pyvips.Image.new_from_file(str(path)).get_fields()
        assert not [name for name in fields if name.startswith(("exif", "xmp", "iptc", "icc"))]
    else:
        with av.open(str(path)) as container:
            assert set(container.metadata) <= {"major_brand", "minor_version", "compatible_brands"}
