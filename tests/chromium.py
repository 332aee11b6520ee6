"""A real Chromium, without a window, steered over the DevTools protocol by a pipe: no driver and no library needed."""

import asyncio
import json
import os
import shutil
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WAIT_S = 20.0


class Chromium:
    """One tab of a browser."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._numbers = count(1)
        self._session = ""

    async def begin(self) -> None:
        """Open the tab."""
        target = await self.command("Target.createTarget", url="about:blank")
        attached = await self.command("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        await self.command("Page.enable")

    async def command(self, method: str, **params: Any) -> dict[str, Any]:
        """What the browser answers to a command of the protocol."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        self._writer.write(json.dumps(message).encode() + b"\0")
        while True:
            raw = await asyncio.wait_for(self._reader.readuntil(b"\0"), WAIT_S)
            answer = json.loads(raw[:-1])
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    async def evaluate(self, script: str) -> Any:
        """The value of an expression on the page; None while the page changes."""
        answer = await self.command("Runtime.evaluate", expression=script, userGesture=True, returnByValue=True)
        return answer["result"].get("value")

    async def open(self, url: str) -> None:
        """Go to a page."""
        await self.command("Page.navigate", url=url)
        await self.shows(f"location.href === {json.dumps(url)} && document.readyState === 'complete'")

    async def shows(self, script: str) -> None:
        """Return when the expression is true on the page."""
        for _ in range(int(WAIT_S / 0.05)):
            if await self.evaluate(script):
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"{script} never came true on: {await self.evaluate('document.body.innerText')}")

    async def fill(self, name: str, value: str) -> None:
        """Type into the field with this name."""
        await self.evaluate(f"document.querySelector('[name={name}]:not([type=hidden])').value = {json.dumps(value)}")

    async def press(self, label: str) -> None:
        """Press the button, or follow the link, with this text."""
        found = f"[...document.querySelectorAll('button, a')].find((one) => one.innerText === {json.dumps(label)})"
        await self.shows(f"!!{found}")
        await self.evaluate(f"{found}.click()")


@asynccontextmanager
async def chromium() -> AsyncGenerator[Chromium]:
    """A browser with a profile of its own, until the end."""
    assert PROGRAM is not None
    to_browser, from_us = os.pipe()
    to_us, from_browser = os.pipe()
    assert min(to_browser, from_browser) > 4, "they are moved to 3 and 4 in this order"
    with tempfile.TemporaryDirectory(prefix="linnet-chromium-", ignore_cleanup_errors=True) as profile:
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe"]
        # The protocol's pipes are the browser's descriptors 3 and 4.
        shell = f'exec 3<&{to_browser} 4>&{from_browser}; exec "$@"'
        log = (Path(profile) / "log").open("wb")
        process = await asyncio.create_subprocess_exec(
            "bash", "-c", shell, "bash", PROGRAM, *flags, f"--user-data-dir={profile}", "about:blank",
            pass_fds=(to_browser, from_browser), stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        os.close(to_browser)
        os.close(from_browser)
        try:
            reader, writer = await _streams(to_us, from_us)
            tab = Chromium(reader, writer)
            await tab.begin()
            yield tab
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            await process.wait()
            log.close()


async def _streams(readable: int, writable: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=2**24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(readable, "rb"))
    transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, os.fdopen(writable, "wb"))
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)
