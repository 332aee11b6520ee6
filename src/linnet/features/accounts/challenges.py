"""A puzzle that costs a newcomer's machine a moment and a robot's farm a lot: ALTCHA's protocol, without a third party.

The server signs a puzzle and forgets it; an answer counts once. https://altcha.org/docs/v2/ describes the messages.
"""

import asyncio
import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import altcha

from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound, Problem

LIFETIME_S: Final = 20 * 60
"""Long enough to fill in the form that it belongs to."""

KEY_LIFETIME_S: Final = 30 * 86_400
_KEY: Final = "challenge:key"

ROUNDS: Final = 5_000
"""PBKDF2's, of one try: about two milliseconds in a browser."""

TRIES: Final = range(100, 300)
"""How many tries an answer takes: half a second on a laptop, two on an old phone."""

ANSWER_CHARS_MAX: Final = 4_000

MISSING: Final = Problem("ERR_BLANK", "is missing: please let your browser solve it, which takes a moment")
WRONG: Final = Problem("ERR_INVALID", "was not solved, is too old, or was used before; please try once more")


_altcha: Any = altcha
"""Its functions take and give dicts of unknown values, which strict types would complain about at every call."""


@dataclass(frozen=True, slots=True)
class ChallengeRules:
    """Whether newcomers must solve a puzzle."""

    is_on: bool = False


async def challenge(engines: Engines) -> Mapping[str, Any]:
    """A new puzzle, as ALTCHA's clients take it. Raises `NotFound` when this server sets none."""
    if not engines.config(ChallengeRules).is_on:
        raise NotFound
    key = await _key(engines)
    made: Any = await asyncio.to_thread(
        _altcha.create_challenge,
        "PBKDF2/SHA-256",
        ROUNDS,
        counter=secrets.choice(TRIES),
        expires_at=engines.clock.now() + timedelta(seconds=LIFETIME_S),
        hmac_secret=_of(key, b"puzzle"),
        hmac_key_secret=_of(key, b"answer"),
    )
    return made.to_dict()


async def check_answer(engines: Engines, answer: str) -> list[Problem]:
    """What is wrong with an answer (base64 of ALTCHA's JSON); empty when it is right, used before or not."""
    if not answer.strip():
        return [MISSING]
    key = await _key(engines)
    if len(answer) > ANSWER_CHARS_MAX or not answer.isascii():
        return [WRONG]
    result = _altcha.verify_solution(answer, _of(key, b"puzzle"), hmac_key_secret=_of(key, b"answer"))
    expires_at_s = _expiry(answer) if result.verified else 0.0
    return [] if expires_at_s > engines.clock.now().timestamp() else [WRONG]


async def spend(engines: Engines, answer: str) -> None:
    """Use up a right answer; raises `Invalid` the second time, also when both come at once."""
    signature: str = _decoded(answer)["challenge"]["signature"]
    key = f"challenge:{hashlib.sha256(signature.encode()).hexdigest()}"
    if not await engines.valkey.put_if_absent(key, b"", expires_s=LIFETIME_S):
        raise Invalid.of({"altcha": [WRONG]})


def _expiry(answer: str) -> float:
    """When a verified answer's puzzle expires, in Unix seconds."""
    return float(_decoded(answer)["challenge"]["parameters"]["expiresAt"])


def _decoded(answer: str) -> Any:  # noqa: ANN401 -- ALTCHA's JSON, which was verified
    return json.loads(base64.b64decode(answer).decode())


async def _key(engines: Engines) -> bytes:
    """What signs puzzles, the same in every process. It is only in Valkey: without it people solve another puzzle."""
    known = await engines.valkey.get(_KEY)
    if known is None:
        await engines.valkey.put_if_absent(_KEY, secrets.token_bytes(32), expires_s=KEY_LIFETIME_S)
        known = await engines.valkey.get(_KEY)
    assert known is not None, "it was put there a moment ago"
    return known


def _of(key: bytes, purpose: bytes) -> bytes:
    return hashlib.blake2b(purpose, key=key, digest_size=32).digest()
