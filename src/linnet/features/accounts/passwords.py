"""Passwords: bcrypt off the event loop, strength by zxcvbn, and one answer in one time for known and unknown names."""

import asyncio
import base64
import hashlib
import hmac
import os
import sys
import threading
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

import bcrypt
from zxcvbn import zxcvbn

from linnet.platform.errors import Problem, TooMany

CHARS_MAX: Final = 256
SCORED_CHARS: Final = 48
"""zxcvbn takes more than linear time; what comes after these characters cannot make a password weaker."""

SYMBOLS_READ: Final = 2
"""zxcvbn reads symbols as letters in every combination: more kinds of them would take seconds, at a stranger's wish."""

_SYMBOLS: Final = frozenset("@({[<!|$+%")
_PLAIN_SYMBOL: Final = "~"

THREADS: Final = max(1, (os.cpu_count() or 2) - 1)
"""Threads of one process that hash for people at known devices, and as many for strangers."""

WAITING_MAX: Final = 40 * THREADS
"""Passwords of one process waiting to be hashed; at a quarter of a second each, more would only wait in vain."""

STRANGERS_MAX: Final = WAITING_MAX // 2
"""The same for people at unknown devices, who queue apart: a flood of them holds nobody else up."""

NICENESS: Final = 12
"""How far hashing gives way to answering, where the system knows (Linux has a priority for each thread).

On a core that is busy with answers all the time, Linux gives a thread of niceness 12 a fifteenth of it: a sign-in then
takes four seconds, and the answers hardly notice.
"""

STRANGERS_NICENESS: Final = 16
"""The same for strangers, of whom an attacker sends as many as the limits allow: a fortieth of a busy core."""

_PEPPER: Final = b"linnet password v1"
_NOBODY: Final = "$2b${cost:02}$" + "K" * 21 + "O" + "4" * 31
"""A well-formed hash that no password has, so that checking an unknown name takes as long as a known one."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """What a password must be, and what a hash of it costs."""

    cost: int = 12
    """bcrypt's work factor: 2**cost rounds."""
    strength_checked: bool = True
    score_min: int = 3
    """zxcvbn's 0 to 4; 3 withstands guessing against a slow hash."""
    chars_min: int = 8
    site_words: Sequence[str] = ()
    """What everybody knows of this server, such as its name, and so may not guard an account on it."""


async def hash_password(rules: PasswordRules, password: str, *, trusted: bool = True) -> str:
    """The bcrypt hash to store. Raises `TooMany` when too many wait; who is not `trusted` hears so earlier."""
    return await _lane(trusted=trusted).run(
        lambda: bcrypt.hashpw(_prepared(password), bcrypt.gensalt(rules.cost)).decode()
    )


async def verify_password(rules: PasswordRules, password: str, hash_: str | None, *, trusted: bool = True) -> bool:
    """Whether `password` is the one behind `hash_`; None, for a name nobody has, is False after the same time.

    Raises `TooMany` when too many wait; who is not `trusted` hears so earlier.
    """
    known = hash_ or _NOBODY.format(cost=rules.cost)
    return await _lane(trusted=trusted).run(lambda: _is_behind(rules, password, known)) and hash_ is not None


def check_room_for_strangers() -> None:
    """Raise `TooMany` when so many strangers wait that the next one need not even be looked up."""
    _lane(trusted=False).check_room()


def is_outdated(rules: PasswordRules, hash_: str) -> bool:
    """Whether a hash was made at another cost, or by another kind of bcrypt, than a new one is."""
    return not hash_.startswith(f"$2b${rules.cost:02}$")


async def check_password(
    rules: PasswordRules, password: str, own_words: Sequence[str], *, trusted: bool = True
) -> list[Problem]:
    """What is wrong with a new password; `own_words` are the person's names, which make it easy to guess.

    Raises `TooMany` as `hash_password` does.
    """
    if not password.strip():
        return [Problem("ERR_BLANK", "can't be blank")]
    if len(password) < rules.chars_min:
        return [Problem("ERR_TOO_SHORT", f"is too short (minimum is {rules.chars_min} characters)")]
    if len(password) > CHARS_MAX:
        return [Problem("ERR_TOO_LONG", f"is too long (maximum is {CHARS_MAX} characters)")]
    if not rules.strength_checked:
        return []
    return await _lane(trusted=trusted).run(
        lambda: _strength_problems(rules, password, (*own_words, *rules.site_words))
    )


def _is_behind(rules: PasswordRules, password: str, hash_: str) -> bool:
    """A wrong password for a hash of a lower cost is made to take what it takes for a name nobody has.

    2^c rounds, and then 2^c + … + 2^(cost-1), are 2^cost.
    """
    prepared = _prepared(password)
    if bcrypt.checkpw(prepared, hash_.encode()):
        return True
    for cost in range(int(hash_[4:6]), rules.cost):
        bcrypt.checkpw(prepared, _NOBODY.format(cost=cost).encode())
    return False


def _strength_problems(rules: PasswordRules, password: str, known: Sequence[str]) -> list[Problem]:
    words = [part for word in known for part in (word, *word.replace("@", " ").split()) if part]
    verdict = zxcvbn(_scored(password), user_inputs=words, max_length=SCORED_CHARS)
    if verdict["score"] >= rules.score_min:
        return []
    feedback = verdict["feedback"]
    hints = [hint.rstrip(".") for hint in (feedback["warning"], *feedback["suggestions"]) if hint]
    return [Problem("ERR_TOO_WEAK", "is too easy to guess" + "".join(f". {hint}" for hint in hints))]


def _scored(password: str) -> str:
    """What zxcvbn looks at; symbols beyond the first kinds are one that means no letter, which is never stronger."""
    text = password[:SCORED_CHARS]
    kinds = dict.fromkeys(one for one in text if one in _SYMBOLS)
    return text.translate({ord(one): _PLAIN_SYMBOL for one in list(kinds)[SYMBOLS_READ:]})


def _prepared(password: str) -> bytes:
    """44 bytes that stand for the whole password, since bcrypt reads only 72 and stops at a NUL.

    The HMAC's fixed key keeps the result apart from plain SHA-256 hashes of passwords that leaked elsewhere ("password
    shucking"). NFC lets one typed on another keyboard or system be the same password (RFC 8265).
    """
    text = unicodedata.normalize("NFC", password).encode(errors="surrogatepass")
    return base64.b64encode(hmac.digest(_PEPPER, text, hashlib.sha256))


class _Lane:
    """A few threads for slow hashes (bcrypt works without the interpreter's lock), with a bounded queue before them."""

    def __init__(self, niceness: int, waiting_max: int) -> None:
        self.threads = ThreadPoolExecutor(
            THREADS, thread_name_prefix="passwords", initializer=_give_way, initargs=(niceness,)
        )
        self.waiting_max = waiting_max
        self._waiting = 0

    def check_room(self) -> None:
        """Raise `TooMany` when so many wait already that one more would not be served in time."""
        if self._waiting >= self.waiting_max:
            raise TooMany("Too many people are signing in. Please try again in a moment.", retry_after_s=10)

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns; raises as `check_room`."""
        self.check_room()
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.threads, work)
        finally:
            self._waiting -= 1


def _give_way(niceness: int) -> None:
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)


def _lane(*, trusted: bool) -> _Lane:
    return LANES[0] if trusted else LANES[1]


LANES: Final = _Lane(NICENESS, WAITING_MAX), _Lane(STRANGERS_NICENESS, STRANGERS_MAX)
"""For people at known devices, and for strangers."""
