"""A real S3 server (SeaweedFS out of its wheel) on ports of this machine; it can be killed and come back."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sysconfig
import tempfile
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from linnet.platform.blobs.opening import StoreRules, open_blobs
from linnet.platform.processes import at_birth
from seed import quick_place

ACCESS_KEY = "linnet-tests"
SECRET_KEY = "an-object-store-of-these-tests"
BUCKET = "linnet"
STARTING_S = 60.0
PORTS = (
    *("s3.port", "s3.port.grpc", "filer.port", "filer.port.grpc", "volume.port", "volume.port.grpc"),
    *("master.port", "master.port.grpc", "admin.port", "admin.port.grpc"),
)
"""Every port that it would else choose by itself."""


@dataclass
class S3Server:
    """A server with one empty bucket."""

    folder: Path
    ports: dict[str, int]
    process: "subprocess.Popen[bytes] | None" = field(default=None)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.ports['s3.port']}"

    def rules(self, prefix: str) -> StoreRules:
        """How to reach a part of the bucket."""
        return StoreRules(f"s3://{BUCKET}/{prefix}", self.endpoint, "us-east-1", ACCESS_KEY, SECRET_KEY)

    def settings(self, prefix: str) -> dict[str, str]:
        """The same as settings of Linnet."""
        rules = self.rules(prefix)
        return {
            "media_store_url": rules.url,
            "media_store_endpoint": rules.endpoint,
            "media_store_region": rules.region,
            "media_store_access_key": rules.access_key,
            "media_store_secret_key": rules.secret_key,
        }

    async def start(self) -> None:
        """Start it, anew or for the first time; return when it answers."""
        self._launch()
        await self._answers()

    def kill(self) -> None:
        """End it without warning."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stored(self, prefix: str) -> list[str]:
        """Names of all files in a part of the bucket, and of multipart uploads on their way to any part of it."""

        async def names() -> list[str]:
            return [found.name async for found in open_blobs(self.rules(prefix)).list("")]

        with ThreadPoolExecutor(1) as aside:  # a loop of its own, whether or not the test has one
            finished = aside.submit(asyncio.run, names()).result()
        return sorted([*finished, *self.unfinished_uploads()])

    def unfinished_uploads(self) -> list[str]:
        """What the server keeps of multipart uploads that were neither completed nor aborted."""
        url = f"http://127.0.0.1:{self.ports['filer.port']}/buckets/{BUCKET}/.uploads/"
        answer = httpx.get(url, headers={"Accept": "application/json"})
        found: dict[str, Any] = answer.json() if answer.is_success else {}  # the folder is made when first needed
        entries: list[dict[str, str]] = found.get("Entries") or []
        return [entry["FullPath"] for entry in entries]

    def _launch(self) -> None:
        command = [
            str(Path(sysconfig.get_path("scripts"), "weed")),
            *("mini", f"-dir={self.folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-bucket={BUCKET}"),
            *("-webdav=false", "-admin.ui=false", "-master.telemetry=false", "-s3.port.iceberg=0", "-s3.port.lance=0"),
            *(f"-{name}={port}" for name, port in self.ports.items()),
        ]
        keys = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "GOMEMLIMIT": "256MiB"}
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.folder,
                env={**os.environ, **keys},
                stdout=log,
                stderr=log,
                preexec_fn=at_birth(None, signal.SIGKILL),  # noqa: PLW1509 -- it ends with the tests, even with killed ones
            )

    async def _answers(self) -> None:
        """Return once the bucket is there and takes files."""
        assert self.process is not None
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.ports['filer.port']}", timeout=5) as filer:
            for _ in range(int(STARTING_S / 0.1)):
                assert self.process.poll() is None, (self.folder / "log").read_text(encoding="utf-8")[-2000:]
                try:
                    if (await filer.get(f"/buckets/{BUCKET}/")).is_success:
                        await open_blobs(self.rules("ready")).try_out()
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.1)
        raise AssertionError((self.folder / "log").read_text(encoding="utf-8")[-2000:])


@asynccontextmanager
async def s3_server() -> AsyncGenerator[S3Server]:
    """A server with one empty bucket, until the end."""
    with tempfile.TemporaryDirectory(prefix="linnet-s3-", dir=quick_place(), ignore_cleanup_errors=True) as folder:
        server = S3Server(Path(folder), _free_ports())
        try:
            await server.start()
            yield server
        finally:
            if server.process is not None:
                server.kill()
            shutil.rmtree(folder, ignore_errors=True)


def _free_ports() -> dict[str, int]:
    """A port for each purpose that nobody listens at now."""
    with ExitStack() as taken:
        sockets = [taken.enter_context(socket.socket()) for _ in PORTS]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return {name: one.getsockname()[1] for name, one in zip(PORTS, sockets, strict=True)}
