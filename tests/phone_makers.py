"""Google's and Apple's services for tests: what they demand of who sends, and how they answer."""

import asyncio
import contextlib
import json
import ssl
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_curve_key
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from web_server import Heard, Reply, WebServer, web_server

PROJECT = "linnet-test"
EMAIL = "pusher@linnet-test.iam.gserviceaccount.com"
KEY_ID, TEAM_ID, TOPIC = "ABC123DEFG", "DEF123GHIJ", "org.example.linnet"


def pem(key: RSAPrivateKey | EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@dataclass
class Google:
    """The endpoint that gives tickets, and the one that takes messages; replies by device token."""

    server: WebServer
    key: RSAPrivateKey
    tickets: list[str] = field(default_factory=list[str])
    void: set[str] = field(default_factory=set[str])
    taken: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    replies: dict[str, Reply] = field(default_factory=dict[str, Reply])

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.server.port}"

    @property
    def credentials(self) -> str:
        """What Google's console gives an operator."""
        return json.dumps(
            {
                "type": "service_account",
                "project_id": PROJECT,
                "private_key_id": "0f",
                "private_key": pem(self.key),
                "client_email": EMAIL,
                "token_uri": f"{self.url}/token",
            }
        )

    def empty(self) -> None:
        """As if nothing had been sent; tickets stay good."""
        self.taken.clear()
        self.replies.clear()
        self.void.clear()

    async def answer(self, heard: Heard) -> Reply:
        assert heard.method == "POST"
        if heard.target == "/token":
            return self._give_ticket(heard)
        assert heard.target == f"/v1/projects/{PROJECT}/messages:send"
        assert heard.headers["content-type"] == "application/json"
        ticket = heard.headers["authorization"].removeprefix("Bearer ")
        if ticket not in self.tickets or ticket in self.void:
            return refusal(401, "UNAUTHENTICATED")
        message = json.loads(heard.body)["message"]
        assert all(isinstance(value, str) for value in message["data"].values()), "Google takes text alone"
        if message["token"] in self.replies:
            return self.replies[message["token"]]
        self.taken.append(message)
        return Reply(body=json.dumps({"name": f"projects/{PROJECT}/messages/{len(self.taken)}"}).encode())

    def _give_ticket(self, heard: Heard) -> Reply:
        form = parse_qs(heard.body.decode())
        assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
        (assertion,) = form["assertion"]
        audience = f"{self.url}/token"
        claims = jwt.decode(
            assertion, self.key.public_key(), algorithms=["RS256"], audience=audience, options={"verify_iat": False}
        )
        assert claims["iss"] == EMAIL
        assert claims["scope"] == "https://www.googleapis.com/auth/firebase.messaging"
        assert claims["exp"] - claims["iat"] == 3600
        self.tickets.append(f"ya29.ticket-{len(self.tickets)}")
        told = {"access_token": self.tickets[-1], "expires_in": 3599, "token_type": "Bearer"}
        return Reply(body=json.dumps(told).encode())


def refusal(status: int, word: str, *, code: str = "", field_: str = "", retry_after: str = "") -> Reply:
    """An answer of Google's that is none of success."""
    details: list[dict[str, Any]] = []
    if code:
        details.append({"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": code})
    if field_:
        violations = [{"field": field_, "description": "Invalid"}]
        details.append({"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": violations})
    error = {"code": status, "message": "no", "status": word, "details": details}
    headers = {"Retry-After": retry_after} if retry_after else {}
    return Reply(status, headers, json.dumps({"error": error}).encode())


@asynccontextmanager
async def google_service(tls: ssl.SSLContext) -> AsyncGenerator[Google]:
    google: Google

    async def answer(heard: Heard) -> Reply:
        return await google.answer(heard)

    async with web_server(answer, tls=tls) as server:
        google = Google(server, generate_rsa_key(65537, 2048))
        yield google


@dataclass(frozen=True)
class AppleMessage:
    """A message as Apple got it."""

    device: str
    headers: dict[str, str]
    payload: dict[str, Any]


@dataclass
class Apple:
    """A service that speaks HTTP/2 and nothing else; replies by device token: status, reason and other headers."""

    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_curve_key(SECP256R1()))
    taken: list[AppleMessage] = field(default_factory=list[AppleMessage])
    asked: list[str] = field(default_factory=list[str])
    tickets: set[str] = field(default_factory=set[str])
    replies: dict[str, tuple[int, dict[str, Any], dict[str, str]]] = field(
        default_factory=dict[str, tuple[int, dict[str, Any], dict[str, str]]]
    )
    connections: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def empty(self) -> None:
        """As if nothing had been sent."""
        for kept in (self.taken, self.asked, self.replies, self.tickets):
            kept.clear()

    def answer(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, Any], dict[str, str]]:
        assert headers[":method"] == "POST"
        device = headers[":path"].removeprefix("/3/device/")
        self.asked.append(device)
        ticket = headers["authorization"].removeprefix("bearer ")
        head = jwt.get_unverified_header(ticket)
        assert (head["alg"], head["kid"]) == ("ES256", KEY_ID)
        claims = jwt.decode(ticket, self.key.public_key(), algorithms=["ES256"], options={"verify_iat": False})
        assert claims["iss"] == TEAM_ID
        self.tickets.add(ticket)
        assert headers["apns-topic"] == TOPIC
        assert headers["apns-push-type"] == "alert"
        assert headers["apns-priority"] in {"5", "10"}
        assert int(headers["apns-expiration"]) > time.time()
        assert len(headers["apns-collapse-id"]) <= 64
        assert len(body) <= 4096
        if device in self.replies:
            return self.replies[device]
        self.taken.append(AppleMessage(device, headers, json.loads(body)))
        return 200, {}, {"apns-id": "0"}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, with as many requests beside each other as the client likes."""
        self.connections += 1
        tls: ssl.SSLObject = writer.get_extra_info("ssl_object")
        assert tls.selected_alpn_protocol() == "h2"
        speaking = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        speaking.initiate_connection()
        writer.write(speaking.data_to_send())
        heads: dict[int, dict[str, str]] = {}
        bodies: dict[int, bytearray] = {}
        with contextlib.suppress(ConnectionError, ssl.SSLError, h2.exceptions.ProtocolError):
            while received := await reader.read(65_536):
                for event in speaking.receive_data(received):
                    self._hear(speaking, event, heads, bodies)
                writer.write(speaking.data_to_send())
                await writer.drain()
        writer.close()

    def _hear(
        self,
        speaking: h2.connection.H2Connection,
        event: h2.events.Event,
        heads: dict[int, dict[str, str]],
        bodies: dict[int, bytearray],
    ) -> None:
        match event:
            case h2.events.RequestReceived():
                heads[event.stream_id] = {str(name): str(value) for name, value in event.headers}
                bodies[event.stream_id] = bytearray()
            case h2.events.DataReceived():
                bodies[event.stream_id] += event.data
                speaking.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            case h2.events.StreamEnded():
                stream = event.stream_id
                status, told, headers = self.answer(heads.pop(stream), bytes(bodies.pop(stream)))
                speaking.send_headers(stream, [(":status", str(status)), *headers.items()], end_stream=not told)
                if told:
                    speaking.send_data(stream, json.dumps(told).encode(), end_stream=True)
            case _:
                pass


@asynccontextmanager
async def apple_service(tls: ssl.SSLContext) -> AsyncGenerator[Apple]:
    apple = Apple()
    tls.set_alpn_protocols(["h2"])
    listening = await asyncio.start_server(apple.serve, "127.0.0.1", 0, ssl=tls)
    apple.port = listening.sockets[0].getsockname()[1]
    try:
        yield apple
    finally:
        listening.close()
