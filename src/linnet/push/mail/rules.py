"""Which mail server takes our letters, and in whose name they go out."""

import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from enum import StrEnum
from functools import cached_property
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

from linnet.platform.errors import ProductError

TIMEOUT_S: Final = 20.0
"""How long the server may take for each step of a delivery."""


class Encryption(StrEnum):
    """How the connection to the server is kept private."""

    TLS = "tls"
    """From its first byte."""
    STARTTLS = "starttls"
    """From a command on; a server that does not know it is not used."""
    NONE = "none"
    """Not at all: only to a server on this very machine."""


_PORTS: Final = {Encryption.TLS: 465, Encryption.STARTTLS: 587, Encryption.NONE: 25}


class BadMailRules(ProductError):
    """An address of a mail server or a sender that cannot be used; the message says what it takes."""


@dataclass(frozen=True)
class SmtpServer:
    """A mail server that takes letters from us to anybody. Without a user name it asks for none."""

    host: str
    port: int
    encryption: Encryption
    username: str = ""
    password: str = field(default="", repr=False)

    @cached_property
    def tls(self) -> ssl.SSLContext | None:
        """How its certificate is checked: against the authorities of the system, or those of `SSL_CERT_FILE`."""
        return None if self.encryption is Encryption.NONE else ssl.create_default_context()


@dataclass(frozen=True, slots=True)
class MailRules:
    """Where letters go; without a server they stay in the outbox, where the operator reads them."""

    server: SmtpServer | None
    sender: Address
    host: str
    """The name we go by towards mail servers, and in the ids of letters."""


def server_of(url: str) -> SmtpServer | None:
    """The server of `smtp://user:password@host:587` or `smtps://…`, None for no text; raises `BadMailRules`.

    `smtp` demands STARTTLS, but for a server on this machine. User name and password are percent-encoded.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadMailRules(_HOW) from None
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise BadMailRules(_HOW)
    if (parts.username is None) != (parts.password is None):
        raise BadMailRules("A mail server's user name and password come together: smtp://user:password@host:587")
    encryption = Encryption.TLS if parts.scheme == "smtps" else Encryption.STARTTLS
    if parts.scheme == "smtp" and _is_here(parts.hostname):
        encryption = Encryption.NONE
    return SmtpServer(
        parts.hostname,
        port or _PORTS[encryption],
        encryption,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


def sender_of(text: str, *, title: str, host: str) -> Address:
    """`text`, a plain address or `Name <address>`, as the sender; by default the server's title and `noreply@host`."""
    name, address = parseaddr(text) if text else ("", f"noreply@{host}")
    try:
        return Address(" ".join((name or title).split()), addr_spec=address)
    except (ValueError, IndexError):  # what a malformed address makes of the standard library's parser
        raise BadMailRules(f"{text!r} is not an e-mail address such as Name <name@example.com>") from None


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_HOW: Final = "It must look like smtp://user:password@mail.example.com:587 or smtps://user:password@mail.example.com"
