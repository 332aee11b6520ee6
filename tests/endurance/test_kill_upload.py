"""An upload in parts outlives the process that takes it: `kill -9` in mid-request, and the phone goes on."""

import random
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
from PIL import Image

from running import Newcomer, Server, eventually

TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {**TUS, "Content-Type": "application/offset+octet-stream"}
SENT = 9 * 1024 * 1024
"""More than one piece, and less than the file."""


def large_picture(path: Path) -> bytes:
    """A picture of 12 MB."""
    Image.frombytes("RGB", (2000, 2000), random.Random(7).randbytes(2000 * 2000 * 3)).save(path, compress_level=0)
    return path.read_bytes()


def kill_api(server: Server) -> None:
    for process in psutil.Process(server.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "api" in process.cmdline() and "--fd" in process.cmdline():
                process.send_signal(signal.SIGKILL)


def begin_to_send(server: Server, phone: Newcomer, path: str, whole: bytes) -> socket.socket:
    """A request that has sent a part of its body, and would go on."""
    address = urlsplit(server.url)
    line = socket.create_connection((address.hostname or "", address.port or 0), timeout=20)
    headers = {
        **phone.headers,
        **BYTES,
        "Upload-Offset": "0",
        "Content-Length": str(len(whole)),
        "Host": address.netloc,
    }
    head = f"PATCH {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
    line.sendall(head.encode() + whole[:SENT])
    return line


def offset(server: Server, phone: Newcomer, path: str) -> int:
    """Where the upload is; -1 while nobody answers."""
    with suppress(httpx.TransportError):
        answer = httpx.head(server.url + path, headers={**phone.headers, **TUS}, timeout=10)
        return int(answer.headers.get("upload-offset", "-1"))
    return -1


def test_a_phone_goes_on_after_the_process_was_killed_in_the_middle(server: Server, tmp_path: Path) -> None:
    whole = large_picture(tmp_path / "large.png")
    phone = server.join("phone")
    size = {**phone.headers, **TUS, "Upload-Length": str(len(whole))}
    begun = httpx.post(f"{server.url}/api/v1/media/uploads", headers=size)
    assert begun.status_code == 201, begun.text
    path = urlsplit(begun.headers["location"]).path
    line = begin_to_send(server, phone, path, whole)
    eventually(lambda: offset(server, phone, path), lambda at: at > 0)
    kill_api(server)
    line.close()
    at = eventually(lambda: offset(server, phone, path), lambda at: at >= 0)
    assert 0 < at <= SENT, "one piece at most is lost"
    last = None
    for _ in range(20):
        with suppress(httpx.TransportError):
            headers = {**phone.headers, **BYTES, "Upload-Offset": str(at)}
            last = httpx.patch(server.url + path, headers=headers, content=whole[at:], timeout=60)
            break
        time.sleep(0.5)
    assert last is not None
    assert (last.status_code, last.headers["upload-offset"]) == (204, str(len(whole))), last.text
    media_id = last.headers["linnet-media-id"]
    answer = eventually(
        lambda: httpx.get(f"{server.url}/api/v1/media/{media_id}", headers=phone.headers),
        lambda answer: answer.status_code != 206,
        within_s=90,
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["meta"]["original"]["width"] > 0
    assert not list((server.folder / "media" / "pieces").rglob("*-*")), "no piece stays"
