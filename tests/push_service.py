"""A push service for tests: takes messages of Web Push over TLS, checks who sent them, and reads them as an app does.

Written from RFC 8188, 8291 and 8292 (and for old apps from draft-ietf-webpush-encryption-04 and -vapid-01), without
code of Linnet's and not by the library that it encrypts with.
"""

import base64
import hashlib
import hmac
import json
import re
import struct
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from web_server import Heard, Reply, WebServer, web_server


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Receiver:
    """An app with a subscription: it has the keys, and knows whose messages it wants."""

    endpoint: str
    standard: bool
    key: EllipticCurvePrivateKey
    secret: bytes
    server_key: str = ""

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def subscription(self) -> dict[str, Any]:
        """What the app tells its server."""
        keys = {"p256dh": b64(self.public), "auth": b64(self.secret)}
        return {"endpoint": self.endpoint, "keys": keys, "standard": self.standard}

    def read(self, body: bytes, headers: dict[str, str]) -> bytes:
        """The plain text of a message."""
        if headers["content-encoding"] == "aes128gcm":
            return self._read_standard(body)
        assert headers["content-encoding"] == "aesgcm"
        parameters = dict(part.split("=", 1) for part in headers["crypto-key"].split(";"))
        salt = re.fullmatch(r"salt=([\w-]+)", headers["encryption"])
        assert salt is not None
        return self._read_legacy(body, unb64(salt[1]), unb64(parameters["dh"]))

    def _read_standard(self, body: bytes) -> bytes:
        salt, record_bytes, id_bytes = body[:16], *struct.unpack("!LB", body[16:21])
        theirs, record = body[21 : 21 + id_bytes], body[21 + id_bytes :]
        assert len(record) <= record_bytes
        first = hkdf(self.secret, self._shared(theirs), b"WebPush: info\0" + self.public + theirs, 32)
        key = hkdf(salt, first, b"Content-Encoding: aes128gcm\0", 16)
        nonce = hkdf(salt, first, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert padded[-1:] == b"\x02", "the last record ends so"
        return padded[:-1]

    def _read_legacy(self, body: bytes, salt: bytes, theirs: bytes) -> bytes:
        first = hkdf(self.secret, self._shared(theirs), b"Content-Encoding: auth\0", 32)
        context = b"P-256\0" + struct.pack("!H", len(self.public)) + self.public
        context += struct.pack("!H", len(theirs)) + theirs
        key = hkdf(salt, first, b"Content-Encoding: aesgcm\0" + context, 16)
        nonce = hkdf(salt, first, b"Content-Encoding: nonce\0" + context, 12)
        padded = AESGCM(key).decrypt(nonce, body, None)
        (padding,) = struct.unpack("!H", padded[:2])
        assert not padded[2 : 2 + padding].strip(b"\0")
        return padded[2 + padding :]

    def _shared(self, theirs: bytes) -> bytes:
        return self.key.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), theirs))


def hkdf(salt: bytes, key: bytes, purpose: bytes, length: int) -> bytes:
    """RFC 5869 with SHA-256, for what one round of it gives."""
    first = hmac.digest(salt, key, hashlib.sha256)
    return hmac.digest(first, purpose + b"\x01", hashlib.sha256)[:length]


@dataclass(frozen=True)
class Arrived:
    """A message as an app got it, and what the service was told about it."""

    receiver: Receiver
    message: dict[str, Any]
    ttl_s: int
    urgency: str
    subject: str


@dataclass
class PushService:
    """The service, its apps, and what it answers: by endpoint, else that it took the message."""

    server: WebServer
    receivers: dict[str, Receiver] = field(default_factory=dict[str, Receiver])
    arrived: list[Arrived] = field(default_factory=list[Arrived])
    replies: dict[str, Reply] = field(default_factory=dict[str, Reply])

    @property
    def origin(self) -> str:
        return f"https://127.0.0.1:{self.server.port}"

    def receiver(self, *, standard: bool = True) -> Receiver:
        """An app that asks for a new subscription."""
        path = f"/push/{len(self.receivers)}"
        made = Receiver(self.origin + path, standard, generate_private_key(SECP256R1()), b"0123456789abcdef")
        self.receivers[path] = made
        return made

    def messages(self, receiver: Receiver) -> list[dict[str, Any]]:
        """What an app has got, oldest first."""
        return [one.message for one in self.arrived if one.receiver is receiver]

    def empty(self) -> None:
        for kept in (self.receivers, self.arrived, self.replies, self.server.heard):
            kept.clear()

    async def take(self, heard: Heard) -> Reply:
        assert heard.method == "POST"
        receiver = self.receivers[heard.target]
        subject = self._signed_by(receiver, heard.headers)
        if heard.target in self.replies:
            return self.replies[heard.target]
        ttl_s = int(heard.headers["ttl"])
        assert len(heard.body) <= 4096
        message = json.loads(receiver.read(heard.body, heard.headers))
        self.arrived.append(Arrived(receiver, message, ttl_s, heard.headers["urgency"], subject))
        return Reply(201, {"Location": f"{self.origin}/message/{len(self.arrived)}"})

    def _signed_by(self, receiver: Receiver, headers: dict[str, str]) -> str:
        """Check that the server which the app subscribed with sends this, to us and today; how to reach it."""
        scheme, _, credentials = headers["authorization"].partition(" ")
        if receiver.standard:
            assert scheme == "vapid"
            parts = dict(part.strip().split("=", 1) for part in credentials.split(","))
            token, key = parts["t"], parts["k"]
        else:
            assert scheme == "WebPush"
            token = credentials
            key = dict(part.split("=", 1) for part in headers["crypto-key"].split(";"))["p256ecdsa"]
        assert key == receiver.server_key, "an app hears only from whom it subscribed with"
        public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), unb64(key))
        claims = jwt.decode(token, public, algorithms=["ES256"], audience=self.origin)
        assert claims["exp"] <= time.time() + 90_000, "no more than a day; tests move the clock a little"
        return claims["sub"]


@asynccontextmanager
async def push_service(tls: SSLContext) -> AsyncGenerator[PushService]:
    """A service on a free port."""
    service: PushService

    async def take(heard: Heard) -> Reply:
        return await service.take(heard)

    async with web_server(take, tls=tls) as server:
        service = PushService(server)
        yield service
