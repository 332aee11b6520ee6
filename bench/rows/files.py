"""Files: uploads through the API against copying the same bytes beside them, and pictures that are read.

An upload counts until its row is committed: by then its bytes are durable in the store. What is made of it comes later
and is not counted; the file only begins as a film does, so that the worker is done with it at once.
"""

import asyncio
import io
import json
import os
import shutil
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image

from bench.client import Connection, drive, get, post
from bench.measuring import CONNECTIONS, Bench, Row, anyone, progress

UPLOAD_BYTES = 90_000_000
UPLOADS = 5
PICTURE = (1600, 1200)
READY_S = 60.0
_FILM = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2"
_BOUNDARY = "a-boundary-of-the-bench"


async def measure(bench: Bench) -> list[Row]:
    """Two rows of uploads and one of reads."""
    progress("files")
    token = bench.network.tokens[0]
    rows = [await _uploads(bench, token)]
    path, size = await _picture(bench, token)
    await drive(bench.stack.port, CONNECTIONS, 1.0, anyone([get(path, token)], 1))
    run = drive(bench.stack.port, CONNECTIONS, bench.options.seconds / 2, anyone([get(path, token)], 2))
    read = await bench.measure("a picture that a post shows, read again", run)
    rows.append(replace(read, notes=f"{size / 1000:,.0f} KB, {size / 1e6 * (read.rate or 0):,.0f} MB/s"))
    return rows


async def _uploads(bench: Bench, token: str) -> Row:
    contents = _FILM + os.urandom(UPLOAD_BYTES - len(_FILM))
    before = bench.stack.cpu_ms()
    sent_s = [await _upload(bench, token, contents) for _ in range(UPLOADS)]
    spent = bench.stack.cpu_ms() - before
    copied_s = [await asyncio.to_thread(_copy, contents) for _ in range(UPLOADS)]
    rate, copied = (UPLOAD_BYTES / 1e6 / statistics.median(one) for one in (sent_s, copied_s))
    return Row(
        f"uploads of {UPLOAD_BYTES // 1_000_000} MB, one at a time",
        rate=1 / statistics.median(sent_s),
        p50_ms=statistics.median(sent_s) * 1000,
        cpu_ms={kind: ms / UPLOADS for kind, ms in spent.most_common() if kind == "api"},
        notes=f"{rate:,.0f} MB/s; a plain copy with fsync {copied:,.0f} MB/s ({rate / copied:.2f} of it)",
    )


async def _upload(bench: Bench, token: str, contents: bytes) -> float:
    """Seconds from the first byte until the upload is durable and has its row."""
    connection, line = await bench.connect(), await Connection.open(bench.stack.port)
    known = await connection.fetchval("select coalesce(max(id), 0) from media")
    began = time.perf_counter()
    answer = asyncio.create_task(line.ask(_request(contents, token)))
    while not await connection.fetchval("select exists (select from media where id > $1)", known):
        assert not answer.done() or answer.result()[0] in {200, 202, 422}, answer.result()
        await asyncio.sleep(0.002)
    seconds = time.perf_counter() - began
    await answer
    await connection.close()
    return seconds


async def _picture(bench: Bench, token: str) -> tuple[str, int]:
    """The path of a picture that a post shows, and its bytes."""
    drawn = io.BytesIO()
    Image.effect_noise(PICTURE, 60).convert("RGB").save(drawn, "JPEG", quality=80)
    line = await Connection.open(bench.stack.port)
    media = json.loads((await line.ask(_request(drawn.getvalue(), token)))[1])
    ends = time.monotonic() + READY_S
    while media["url"] is None and time.monotonic() < ends:
        await asyncio.sleep(0.2)
        media = json.loads((await line.ask(get(f"/api/v1/media/{media['id']}", token)))[1])
    form = f"status=&media_ids[]={media['id']}".encode()
    posted = json.loads((await line.ask(post("/api/v1/statuses", form, token)))[1])
    address: str = posted["media_attachments"][0]["url"]
    path = urlsplit(address).path
    return path, len((await line.ask(get(path, token)))[1])


def _request(contents: bytes, token: str) -> bytes:
    part = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n'.encode()
    body = b"".join((part, contents, f"\r\n--{_BOUNDARY}--\r\n".encode()))
    return post("/api/v2/media", body, token, content_type=f"multipart/form-data; boundary={_BOUNDARY}")


def _copy(contents: bytes) -> float:
    """Seconds to copy a file of these contents on the disk that the store is on, until it is durable."""
    with tempfile.TemporaryDirectory(prefix="linnet-bench-") as folder:
        source, target = Path(folder, "source"), Path(folder, "target")
        source.write_bytes(contents)
        began = time.perf_counter()
        shutil.copyfile(source, target)
        with target.open("rb+") as file:
            os.fsync(file.fileno())
        return time.perf_counter() - began
