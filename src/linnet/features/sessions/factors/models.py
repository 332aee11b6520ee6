"""The nouns of second factors: what an account has, and what a person answers with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

Json = Mapping[str, object]
"""What authenticators and their browsers speak: WebAuthn's own shapes, which its library reads and writes."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A secret for an authenticator app, in clear this once: as text to type, and as the address in the QR code."""

    secret: str
    uri: str


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its owner sees it."""

    id: int
    name: str
    created_at: datetime
    used_at: datetime | None
    backed_up: bool
    """Whether it is kept in more places than the one device."""


@dataclass(frozen=True, slots=True)
class Factors:
    """What an account has besides its password."""

    totp: bool
    passkeys: tuple[Passkey, ...]
    recovery_codes_left: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person proves themselves with; the first that was sent counts."""

    totp: str = ""
    recovery_code: str = ""
    passkey: Json | None = None
    password: str = ""
