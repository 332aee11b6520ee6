"""A real mail server for tests: aiosmtpd on a free port, with TLS and passwords where a test wants them."""

import asyncio
import contextlib
import ssl
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass
class MailServer:
    """A server, what it was given, and how it answers. `refusals` are replies by recipient or command."""

    tls: ssl.SSLContext | None = None
    users: dict[str, str] = field(default_factory=dict[str, str])
    refusals: dict[str, str] = field(default_factory=dict[str, str])
    taken: list[EmailMessage] = field(default_factory=list[EmailMessage])
    recipients: list[str] = field(default_factory=list[str])
    encrypted: list[bool] = field(default_factory=list[bool])
    signed_in: list[bool] = field(default_factory=list[bool])
    holds: bool = False
    """Whether it takes letters and does not say so."""
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def empty(self) -> None:
        for kept in (self.taken, self.recipients, self.encrypted, self.signed_in):
            kept.clear()
        self.refusals.clear()
        self.holds = False

    def to(self, address: str) -> list[EmailMessage]:
        """Letters to one address, oldest first."""
        return [letter for letter, to in zip(self.taken, self.recipients, strict=True) if to == address]

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if "DATA" in self.refusals:
            return self.refusals["DATA"]
        content = envelope.content
        assert isinstance(content, bytes)
        letter = message_from_bytes(content, policy=WIRE)
        assert isinstance(letter, EmailMessage)
        self.taken.append(letter)
        self.recipients.extend(envelope.rcpt_tos)
        self.encrypted.append(session.ssl is not None)
        self.signed_in.append(bool(session.authenticated))
        while self.holds:  # noqa: ASYNC110 -- the test sets it from another thread
            await asyncio.sleep(0.02)
        return "250 OK"

    def protocol(self) -> SMTP:
        def authenticate(_: Any, __: Any, ___: Any, mechanism: str, proof: Any) -> AuthResult:
            assert isinstance(proof, LoginPassword)
            known = self.users.get(proof.login.decode()) == proof.password.decode()
            return AuthResult(success=known, handled=known)

        return SMTP(
            self,
            hostname="mail.test",
            tls_context=self.tls,
            require_starttls=self.tls is not None,
            authenticator=authenticate if self.users else None,
            auth_required=bool(self.users),
            auth_require_tls=self.tls is not None,
            enable_SMTPUTF8=True,
        )


@contextlib.contextmanager
def mail_server(**options: Any) -> Generator[MailServer]:
    """A server that runs beside the test, in a thread of its own."""
    server, loop = MailServer(**options), asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listening = asyncio.run_coroutine_threadsafe(loop.create_server(server.protocol, "127.0.0.1", 0), loop).result(5)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(listening.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


def certificate(folder: Path, *names: str) -> Path:
    """A file with a key and a certificate for 127.0.0.1 and these hosts; whoever trusts them trusts this very file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1")), *map(x509.DNSName, names)]),
            critical=False,
        )
        .sign(key, SHA256())
    )
    file = folder / "mail.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


def body(letter: EmailMessage, subtype: str = "plain") -> str:
    """The text of one part of a letter."""
    part = letter.get_body((subtype,))
    assert part is not None
    text = part.get_content()
    assert isinstance(text, str)
    return text


def link_in(letter: EmailMessage) -> str:
    """The path of the link that a letter is about."""
    (line,) = [line for line in body(letter).splitlines() if line.startswith("https://linnet.test/")]
    return line.removeprefix("https://linnet.test")
