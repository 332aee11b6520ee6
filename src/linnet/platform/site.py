"""Where this server lives and what it is called: every URL, `Link` header and cookie is made from here."""

import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from urllib.parse import quote, urlsplit

from linnet.platform.seals import sealed

_SEAL_S: Final = 86_400
_SEAL_STEP_S: Final = 3_600


@dataclass(frozen=True)
class Site:
    """The server's public face. `public_url` has a scheme, a host, perhaps a port, and no trailing slash."""

    public_url: str
    title: str = "Linnet"
    description: str = ""
    contact_email: str = ""
    software_name: str = "linnet"
    languages: tuple[str, ...] = ("en",)
    rules: tuple[str, ...] = ()
    streams_at: str = ""
    """Where streams are, if elsewhere; no trailing slash."""
    media_at: str = ""
    """Where files are, if elsewhere, such as at a CDN that asks this server; no trailing slash."""
    seal_keys: tuple[bytes, ...] = field(default=(), repr=False)
    """Keys of the addresses that only owners of uploads are given, the current one first."""

    @cached_property
    def domain(self) -> str:
        """Host, and port where it is not the scheme's own, as in `@name@domain`."""
        return urlsplit(self.public_url).netloc

    @cached_property
    def is_secure(self) -> bool:
        """Whether people reach the server over TLS."""
        return self.public_url.startswith("https://")

    @cached_property
    def streaming_url(self) -> str:
        """The WebSocket origin: `wss://` when people come over TLS."""
        return self.streams_at or self.public_url.replace("http", "ws", 1)

    def account_url(self, username: str) -> str:
        """The page of an account."""
        return f"{self.public_url}/@{username}"

    def status_url(self, username: str, status_id: int) -> str:
        """The page of a status."""
        return f"{self.public_url}/@{username}/{status_id}"

    def tag_url(self, name: str) -> str:
        """The page of a hashtag. Percent-encoded, because Swift's `URL` refuses addresses that are not ASCII."""
        return f"{self.public_url}/tags/{quote(name, safe='')}"

    @cached_property
    def media_origin(self) -> str:
        """Whence files come, as pages have to allow it; empty where they come from this server itself."""
        there = urlsplit(self.media_at)
        return f"{there.scheme}://{there.netloc}" if there.netloc else ""

    def media_url(self, media_id: int, file: str) -> str:
        """Where a file of a medium is, which a post shows."""
        return f"{self.media_at or self.public_url}/media/{media_id}/{file}"

    def upload_url(self, media_id: int, file: str) -> str:
        """Where a file of an upload is that nothing shows yet, for its owner and a day or an hour more.

        The same for an hour, so that browsers do not fetch it again each time. No CDN is asked for it.
        """
        expires_at_s = (int(time.time()) // _SEAL_STEP_S + 1) * _SEAL_STEP_S + _SEAL_S
        seal = sealed(self.seal_keys[0], self.sealed_subject(media_id), expires_at_s)
        return f"{self.public_url}/media/{media_id}/{file}?{seal}"

    @staticmethod
    def sealed_subject(media_id: int) -> str:
        """What the seal of an upload's address is for: all of its files."""
        return f"media {media_id}"
