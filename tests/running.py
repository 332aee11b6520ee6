"""A server as `linnet serve` starts it, in processes of its own, and people who come to it over the network."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import psutil
from bs4 import BeautifulSoup, Tag

from linnet.platform.processes import at_birth
from seed import plant, quick_place

PASSWORD = "tangerine-lighthouse-42"
STARTING_S = 90.0
STOPPING_S = 60.0
SOON_S = 30.0
"""What the worker does is done by then, also on a machine that is busy with other tests."""

POSTS_AT_ONCE = 16

T = TypeVar("T")
_numbers = count(1)


@dataclass(frozen=True)
class Newcomer:
    """Somebody who signed up, with the token of a first-party session."""

    id: str
    name: str
    token: str

    @property
    def email(self) -> str:
        return f"{self.name}@example.org"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True)
class Prolific:
    """Somebody who has posted a great deal."""

    author: Newcomer
    ids: list[int]
    """Of all their posts, newest first."""


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    pid: int
    """Process id of its supervisor."""
    folder: Path
    """Its data folder."""

    @property
    def domain(self) -> str:
        return urlsplit(self.url).netloc

    def log(self) -> str:
        """All it has logged so far."""
        return (self.folder.parent / "log").read_text(encoding="utf-8")

    def linnet(self, *command: str) -> str:
        """What the operator's command prints here."""
        environment = {**os.environ, "LINNET_DATA_DIR": str(self.folder)}
        whole = [sys.executable, "-m", "linnet", *command]
        return subprocess.run(whole, check=True, env=environment, capture_output=True, text=True).stdout

    def join(self, prefix: str) -> Newcomer:
        """Sign up somebody new, whose name begins with `prefix`: tests share the server, and must not meet."""
        name = f"{prefix}{next(_numbers)}"
        body = {"username": name, "email": f"{name}@example.org", "password": PASSWORD, "agreement": True}
        answer = httpx.post(f"{self.url}/api/v1/auth/signup", json=body)
        assert answer.status_code == 200, answer.text
        session = answer.json()
        return Newcomer(session["account"]["id"], name, session["access_token"])


@contextmanager
def running_server(seed: Path | None = None, **settings: str) -> Generator[Server]:
    """`linnet serve` with embedded engines until the block ends; then every process of it must be gone.

    With a `seed` it finds a database, as after its first start. `settings` are further ones by name:
    `contact_email="someone@example.org"`.
    """
    with tempfile.TemporaryDirectory(prefix="linnet-e2e-", dir=quick_place()) as folder:
        if seed is not None:
            plant(seed, Path(folder, "data"))
        port = _free_port()
        with Path(folder, "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "linnet", "serve"],
                env=_environment(folder, port, settings),
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=at_birth(None, signal.SIGTERM),  # noqa: PLW1509 -- it ends with the tests, even with killed ones
            )
        tell = partial(Path(folder, "log").read_text, encoding="utf-8")
        try:
            server = Server(f"http://127.0.0.1:{port}", process.pid, Path(folder, "data"))
            _wait_until_ready(server, process, tell)
            yield server
        finally:
            left = _stop(process)
        assert not left, f"processes outlived their supervisor: {left}\n{tell()[-4000:]}"
        assert process.returncode == 0, tell()[-4000:]


def eventually(ask: Callable[[], T], right: Callable[[T], bool], within_s: float = SOON_S) -> T:
    """What `ask` answers as soon as that is right; fails with the last answer."""
    deadline = time.monotonic() + within_s
    while not right(answer := ask()):
        assert time.monotonic() < deadline, f"still wrong after {within_s} s: {answer!r:.2000}"
        time.sleep(0.05)
    return answer


async def post_many(server: Server, author: Newcomer, number: int) -> list[int]:
    """The ids of `number` new posts (`number 0` …), several of them made at the same time."""
    slots = asyncio.Semaphore(POSTS_AT_ONCE)
    limits = httpx.Limits(max_connections=POSTS_AT_ONCE)
    async with httpx.AsyncClient(base_url=server.url, headers=author.headers, limits=limits, timeout=30) as client:

        async def post(count: int) -> int:
            async with slots:
                answer = await client.post("/api/v1/statuses", json={"status": f"number {count}"})
            assert answer.status_code == 200, answer.text
            return int(answer.json()["id"])

        return list(await asyncio.gather(*map(post, range(number))))


def code_from_browser(address: str, name: str) -> str:
    """Open an app's authorization address in a browser, sign in, let the app in; the code on the page."""
    with httpx.Client(follow_redirects=True) as client:
        page = client.get(address)
        page = _submit(client, page, "/signin", identifier=name, password=PASSWORD)
        page = _submit(client, page, "/oauth/authorize", decision="allow")
    code = BeautifulSoup(page.text, "html.parser").select_one("#code")
    assert code is not None, page.text
    return code.get_text(strip=True)


def _submit(client: httpx.Client, page: httpx.Response, action: str, **filled: str) -> httpx.Response:
    """Send the page's form that goes to `action`, with its own values and these."""
    form = BeautifulSoup(page.text, "html.parser").find("form", action=action)
    assert isinstance(form, Tag), f"no form for {action}: {page.status_code} {page.text[:2000]}"
    sent = {str(field["name"]): str(field.get("value", "")) for field in form.find_all("input", attrs={"name": True})}
    answer = client.post(str(page.url.join(action)), data={**sent, **filled})
    assert answer.status_code == 200, answer.text[:2000]
    return answer


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _environment(folder: str, port: int, settings: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LINNET_")}
    return {
        **kept,
        "LINNET_PORT": str(port),
        "LINNET_DATA_DIR": f"{folder}/data",
        "LINNET_BCRYPT_COST": "4",
        "LINNET_RATE_LIMITS": "false",
        "LINNET_API_PROCESSES": "1",
        "LINNET_LOG_LEVEL": "warning",
        **{f"LINNET_{name.upper()}": value for name, value in settings.items()},
    }


def _wait_until_ready(server: Server, process: "subprocess.Popen[bytes]", tell: Callable[[], Any]) -> None:
    deadline = time.monotonic() + STARTING_S
    while True:
        assert process.poll() is None, f"the server ended:\n{tell()}"
        assert time.monotonic() < deadline, f"the server is not ready after {STARTING_S} s:\n{tell()}"
        try:
            if httpx.get(f"{server.url}/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)


def _stop(process: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    """Ask the server to stop; the processes of it that are there all the same, which are killed."""
    try:
        family = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        family = []
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOPPING_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _, left = psutil.wait_procs(family, timeout=3)
    for one in left:
        one.kill()
    return left
