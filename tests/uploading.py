"""A worker of media in a test's process, and people who upload."""

import asyncio
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from linnet.features.media.models import Lane
from linnet.features.media.processing.ffmpeg import program
from linnet.platform.jobs.worker import Worker
from linnet.reactions import JOBS
from picture_files import encoded, quarters
from world import Person, World

on_both_stores = pytest.mark.parametrize("media_store", ["folder", "s3"])
"""Tells a story of `world` twice: with files in a folder, and in a bucket of a real S3 server."""

QUEUES = (*(lane.value for lane in Lane), "maintenance")


@asynccontextmanager
async def worker_of(world: World) -> AsyncGenerator[Worker]:
    """A worker that processes what is uploaded as long as the block lasts, as it would beside the API."""
    worker = Worker(world.engines, JOBS, QUEUES, own_slots={lane.value: 1 for lane in Lane}, drain_timeout_s=0.1)
    running = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop()
        await running


def picture(width: int = 640, height: int = 480, kind: str = "JPEG") -> bytes:
    """A file as a camera or program makes it."""
    return encoded(quarters(width, height), kind)


def film(path: Path, seconds: float = 1.0, *, size: str = "64x48", codec: str = "libx264", sound: bool = True) -> bytes:
    """A video with a moving picture and a tone. One of `mpeg4` is coded anew, which takes a while."""
    argv = [program().path, "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc=size={size}:rate=25:duration={seconds}"]
    if sound:
        argv += ["-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}", "-c:a", "aac"]
    argv += ["-c:v", codec, "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-shortest", str(path)]
    subprocess.run(argv, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return path.read_bytes()


async def upload(person: Person, contents: bytes, *, version: int = 2, **form: Any) -> httpx.Response:
    """Send a file as apps do."""
    files: dict[str, Any] = {"file": (form.pop("filename", "picture.jpg"), contents, "image/jpeg")}
    if "thumbnail" in form:
        files["thumbnail"] = ("thumbnail.jpg", form.pop("thumbnail"), "image/jpeg")
    return await person.ask("POST", f"/api/v{version}/media", files=files, data=form)


async def until_ready(person: Person, media_id: str, within_s: float = 60.0) -> Any:
    """Ask as clients do, until an upload is ready."""
    for _ in range(int(within_s * 10)):
        answer = await person.ask("GET", f"/api/v1/media/{media_id}")
        if answer.status_code != 206:
            assert answer.status_code == 200, answer.text
            return answer.json()
        await asyncio.sleep(0.1)
    raise TimeoutError


async def until_idle(world: World, within_s: float = 10.0) -> None:
    """Wait until no job of media is left."""
    for _ in range(int(within_s * 20)):
        if not await world.engines.db.value("select count(*) from jobs where name like 'media.%'"):
            return
        await asyncio.sleep(0.05)
    raise TimeoutError


async def stored(world: World) -> set[str]:
    """Names of all files in the store."""
    return {found.name async for found in world.engines.blobs.list("")}
