"""Handing one letter to the mail server, and what its answer means."""

import secrets
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Final, Self

import aiosmtplib
import idna
from aiosmtplib import SMTPDataError, SMTPNotSupported, SMTPRecipientRefused, SMTPRecipientsRefused

from linnet.platform.errors import ProductError
from linnet.push.mail.letters import Letter
from linnet.push.mail.rules import TIMEOUT_S, Encryption, MailRules, SmtpServer
from linnet.push.mail.templates import as_html, as_text

PERMANENT: Final = range(500, 600)
"""Replies by which a server says that it will not change its mind (RFC 5321, 4.2.1)."""


class _Whole(str):
    """A header's value that stays on one line: Python cuts long addresses into encoded words, which none reads."""

    __slots__ = ("name",)

    def __new__(cls, name: str, value: str) -> Self:
        """A value for the header of this name; no value of ours that could hold a line break may go here."""
        made = super().__new__(cls, value)
        made.name = name
        return made

    def fold(self, *, policy: EmailPolicy) -> str:
        """The header as it is sent; what `EmailPolicy` asks of a value that has a name."""
        return f"{self.name}: {self}{policy.linesep}"


class Refused(ProductError):
    """The server will never take this letter: nobody has that mailbox, or it does not like what is written."""

    def __init__(self, code: int) -> None:
        super().__init__(f"The mail server refused the letter for good (reply {code})")
        self.reply = code


class Undelivered(ProductError):
    """The server could not be reached, or did not take the letter this time."""


async def send(rules: MailRules, letter: Letter, at: datetime) -> None:
    """Give a letter to the server, which has taken it when this returns. Raises `Refused` or `Undelivered`."""
    assert rules.server is not None, "without a server letters go to the outbox"
    message = message_of(rules, letter, at)
    try:
        async with _client(rules.server, rules.host) as client:
            await client.send_message(message)
    except SMTPRecipientsRefused as error:
        raise _failure(error.recipients[0]) from error
    except (SMTPRecipientRefused, SMTPDataError) as error:
        raise _failure(error) from error
    except SMTPNotSupported as error:
        if "SMTPUTF8" in str(error):
            raise Refused(553) from error  # RFC 6531, 3.5: an address that this server cannot write down
        raise Undelivered(_sentence(error)) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise Undelivered(_sentence(error)) from error


async def call(rules: MailRules) -> str:
    """Connect, encrypt and sign in as for a letter, and leave; the server's greeting. Raises `Undelivered`."""
    assert rules.server is not None, "nobody to call"
    try:
        async with _client(rules.server, rules.host) as client:
            return (await client.noop()).message
    except (aiosmtplib.SMTPException, OSError) as error:
        raise Undelivered(_sentence(error)) from error


def message_of(rules: MailRules, letter: Letter, at: datetime) -> EmailMessage:
    """A letter as it is sent: plain text and HTML, and headers that no value of ours can break out of."""
    message = EmailMessage(policy=WIRE)
    message["From"] = rules.sender
    message["To"] = _written(letter.to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{secrets.token_hex(16)}@{rules.host}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if letter.unsubscribe:  # with one click at the mailbox (RFC 2369, RFC 8058), which is for https alone
        message["List-Unsubscribe"] = _Whole("List-Unsubscribe", f"<{letter.unsubscribe}>")
        if letter.unsubscribe.startswith("https://"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(as_text(letter))
    message.add_alternative(as_html(letter), subtype="html")
    return message


def _written(address: str) -> Address:
    """An address whose domain every mail server can read: letters beyond ASCII become `xn--…` (RFC 5891)."""
    local_part, _, domain = address.rpartition("@")
    if not local_part or not domain:
        raise Refused(553)
    try:
        plain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
        return Address(username=local_part, domain=plain)
    except (ValueError, IndexError):  # idna's errors are such; so are those of a part that headers cannot hold
        raise Refused(553) from None


def _client(server: SmtpServer, host: str) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.username or None,
        password=server.password or None,
        local_hostname=host,
        timeout=TIMEOUT_S,
        use_tls=server.encryption is Encryption.TLS,
        start_tls=server.encryption is Encryption.STARTTLS,
        tls_context=server.tls,
    )


def _failure(error: SMTPRecipientRefused | SMTPDataError) -> Refused | Undelivered:
    return Refused(error.code) if error.code in PERMANENT else Undelivered(f"The mail server answered {error.code}")


def _sentence(error: Exception) -> str:
    """What to tell an operator; never what the server quoted, which may be somebody's address."""
    code: int | None = getattr(error, "code", None)
    what = f"answered {code}" if code is not None else f"could not be used ({type(error).__name__})"
    return f"The mail server {what}"
