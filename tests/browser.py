"""A browser without scripts, for tests: cookies of its own, pages that are read, forms that are filled in and sent."""

from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import httpx
from bs4 import BeautifulSoup, Tag

from world import PUBLIC_URL, World


class Browser:
    """One person's browser. `page` is what it shows, `location` where the last answer sent it."""

    def __init__(self, world: World) -> None:
        transport = world.client._transport  # pyright: ignore[reportPrivateUsage] -- the same server, other cookies
        self.client = httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL)
        self.answer = httpx.Response(200)

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def page(self) -> BeautifulSoup:
        return BeautifulSoup(self.answer.text, "html.parser")

    @property
    def text(self) -> str:
        return " ".join(self.page.get_text(" ").split())

    @property
    def location(self) -> str:
        return self.answer.headers["location"]

    @property
    def location_query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.location).query).items()}

    async def open(self, path: str, **params: Any) -> Self:
        """Go to a page, following redirects as long as they stay on this server."""
        self.answer = await self.client.get(path, params=params or None)
        return await self._follow()

    async def submit(self, action: str, button: str | None = None, /, **fields: str) -> Self:
        """Fill in the page's form that goes to `action` and send it, by the button with that value if named."""
        form = self.page.find("form", action=action)
        assert isinstance(form, Tag), f"no form for {action} on this page: {self.text[:300]}"
        sent = {
            str(one["name"]): str(one.get("value", ""))
            for one in form.find_all("input")
            if one.get("type") != "checkbox"
        }
        known = {str(one["name"]) for one in form.find_all(["input", "textarea"])}
        assert known >= set(fields), f"the form has no {set(fields) - known}"
        if button is not None:
            chosen = form.find("button", value=button)
            assert isinstance(chosen, Tag)
            sent[str(chosen["name"])] = button
        self.answer = await self.client.post(action, data={**sent, **fields})
        return await self._follow()

    async def _follow(self) -> Self:
        while self.answer.is_redirect and (self.location.startswith("/") or self.location.startswith(PUBLIC_URL)):
            self.answer = await self.client.get(self.location)
        return self
