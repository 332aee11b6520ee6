"""A software authenticator: passkeys as a phone makes them, speaking WebAuthn's real messages (ES256, CBOR).

Each part of what it says can be falsified, to see what the server makes of it.
"""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from world import PUBLIC_URL

PRESENT, VERIFIED, BACKUP_ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


def encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Credential:
    """One passkey, as the authenticator keeps it."""

    id: bytes
    user_handle: bytes
    key: EllipticCurvePrivateKey
    counter: int = 0


@dataclass
class Authenticator:
    """A device with passkeys. `counts` is whether it counts uses; phones that sync do not."""

    origin: str = PUBLIC_URL
    rp_id: str | None = None
    """Another relying party than the one the options name."""
    flags: int = PRESENT | VERIFIED | BACKUP_ELIGIBLE | BACKED_UP
    counts: bool = True
    attestation: str = "none"
    credentials: list[Credential] = field(default_factory=list[Credential])

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """What `navigator.credentials.create` gives for these options, as JSON."""
        excluded = {decoded(one["id"]) for one in options.get("excludeCredentials", ())}
        assert not excluded & {one.id for one in self.credentials}, "a real device refuses to register twice"
        assert {"type": "public-key", "alg": -7} in options["pubKeyCredParams"]
        made = Credential(secrets.token_bytes(20), decoded(options["user"]["id"]), generate_private_key(SECP256R1()))
        self.credentials.append(made)
        client_data = self._client_data("webauthn.create", options["challenge"])
        attested = bytes(16) + len(made.id).to_bytes(2, "big") + made.id + cbor2.dumps(_cose(made.key))
        about = self._about(options["rp"]["id"], made, ATTESTED) + attested
        statement: dict[str, Any] = {}
        if self.attestation == "packed":
            statement = {"alg": -7, "sig": _signature(made.key, about, client_data)}
        answer = cbor2.dumps({"fmt": self.attestation, "attStmt": statement, "authData": about})
        response = {"clientDataJSON": encoded(client_data), "attestationObject": encoded(answer)}
        return _public_key(made, {**response, "transports": ["internal", "hybrid", "telepathy"]})

    def get(self, options: dict[str, Any], *, by: Credential | None = None) -> dict[str, Any]:
        """What `navigator.credentials.get` gives for these options, as JSON; `by` one that they may not allow."""
        allowed = [decoded(one["id"]) for one in options.get("allowCredentials", ())]
        used = by or next(one for one in self.credentials if not allowed or one.id in allowed)
        used.counter += self.counts
        client_data = self._client_data("webauthn.get", options["challenge"])
        about = self._about(options["rpId"], used)
        response = {
            "clientDataJSON": encoded(client_data),
            "authenticatorData": encoded(about),
            "signature": encoded(_signature(used.key, about, client_data)),
            "userHandle": encoded(used.user_handle),
        }
        return _public_key(used, response)

    def _client_data(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said, separators=(",", ":")).encode()

    def _about(self, rp_id: str, credential: Credential, more_flags: int = 0) -> bytes:
        """WebAuthn's authenticator data, but for what is attested."""
        rp_hash = hashlib.sha256((self.rp_id or rp_id).encode()).digest()
        return rp_hash + bytes([self.flags | more_flags]) + credential.counter.to_bytes(4, "big")


def _public_key(credential: Credential, response: dict[str, Any]) -> dict[str, Any]:
    name = encoded(credential.id)
    return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}


def _signature(key: EllipticCurvePrivateKey, about: bytes, client_data: bytes) -> bytes:
    return key.sign(about + hashlib.sha256(client_data).digest(), ECDSA(SHA256()))


def _cose(key: EllipticCurvePrivateKey) -> dict[int, Any]:
    """The public key as COSE has it: an ES256 key on P-256."""
    numbers = key.public_key().public_numbers()
    return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
