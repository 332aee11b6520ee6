"""The secrets that sign tokens: configured, or kept in the data folder, where `linnet keys rotate` makes new ones.

That file has one secret a line, oldest first, each after the first with the Unix second from which on it signs. A new
one is known to every process for some seconds before any signs with it, so that nobody ever meets an unknown key.
"""

import asyncio
import fcntl
import os
import secrets
import time
from collections.abc import Generator, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import structlog

from linnet.features.sessions.tokens import TokenRules
from linnet.platform.site import Site
from linnet.roles.keys import SECRET_CHARS_MIN, SECRET_VARIETY_MIN, secret_in
from linnet.settings import BadSetting, Settings

LOOK_EVERY_S: Final = 1.0
LEAD_S: Final = 10
"""So long after it was made a new secret begins to sign; every process has looked by then."""

KEPT_S: Final = 7 * 86_400
"""So long a secret still verifies after the next one began to sign; by then what it sealed was sealed anew."""

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SigningSecret:
    """A secret, and the Unix second from which on it signs."""

    secret: str
    since_s: int


def secrets_file(settings: Settings) -> Path:
    """Where generated secrets are kept."""
    return settings.folder / "secrets" / "jwt"


def signing_secrets(settings: Settings, at_s: float) -> tuple[str, ...]:
    """Every secret that may have signed a token, the one that signs at that moment first.

    Raises `BadSetting` for configured ones that somebody could guess. Without any, one is made, with mode 0600.
    """
    if settings.jwt_secret:
        others = [line.strip() for line in settings.jwt_secrets_accepted.splitlines() if line.strip()]
        _check("JWT_SECRET", [settings.jwt_secret])
        _check("LINNET_JWT_SECRETS_ACCEPTED", others)
        return settings.jwt_secret, *others
    return in_order(kept(settings), at_s)


def kept(settings: Settings) -> list[SigningSecret]:
    """The generated secrets, oldest first; one is made when there is none."""
    return _parsed(secret_in(secrets_file(settings)))


def in_order(known: Sequence[SigningSecret], at_s: float) -> tuple[str, ...]:
    """Secrets with the one that signs at that moment first, then the newest first."""
    current = max((index for index, one in enumerate(known) if one.since_s <= at_s), default=0)
    others = [one.secret for index, one in enumerate(known) if index != current]
    return known[current].secret, *reversed(others)


def rotate(settings: Settings, at_s: float) -> list[SigningSecret]:
    """Make a new secret, which signs in some seconds; secrets that were followed long ago go. All that stay.

    Raises `BadSetting` when the secret is configured and so not ours to change.
    """
    with _changing(settings) as known:
        fresh = SigningSecret(secrets.token_urlsafe(48), int(at_s) + LEAD_S)
        followed = [*(one.since_s for one in known[1:]), fresh.since_s]
        stay = [one for one, end_s in zip(known, followed, strict=True) if end_s > at_s - KEPT_S]
        _write(secrets_file(settings), [*stay, fresh])
    return [*stay, fresh]


def drop_former(settings: Settings, at_s: float) -> int:
    """Accept nothing any more that a former secret signed; how many went. Raises `BadSetting` as `rotate` does."""
    with _changing(settings) as known:
        current = in_order(known, at_s)[0]
        first = next(index for index, one in enumerate(known) if one.secret == current)
        _write(secrets_file(settings), known[first:])
    return first


async def keep_up(settings: Settings, configs: MutableMapping[type, object]) -> None:
    """Have this process sign and verify with what is in the file, until cancelled."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        try:
            look(settings, configs, time.time())
        except BadSetting as error:
            log.warning("signing_secrets_unreadable", reason=error.message)


def look(settings: Settings, configs: MutableMapping[type, object], at_s: float) -> None:
    """Take over the secrets of the file as they are at that moment."""
    rules, site = configs[TokenRules], configs[Site]
    assert isinstance(rules, TokenRules)
    assert isinstance(site, Site)
    found = signing_secrets(settings, at_s)
    if found != rules.secrets:
        configs[TokenRules] = new = replace(rules, secrets=found)
        configs[Site] = replace(site, seal_keys=new.seal_keys)


def _check(name: str, found: Sequence[str]) -> None:
    if any(len(one) < SECRET_CHARS_MIN or len(set(one)) < SECRET_VARIETY_MIN for one in found):
        raise BadSetting(
            f"{name} is too weak: it needs {SECRET_CHARS_MIN} characters or more, at random. "
            "Make one with: openssl rand -base64 48. Without any, Linnet makes its own."
        )


def _parsed(text: str) -> list[SigningSecret]:
    lines = [line.split() for line in text.splitlines() if line.strip()]
    try:
        return [SigningSecret(words[-1], int(words[0]) if len(words) > 1 else 0) for words in lines]
    except ValueError:
        raise BadSetting("The file of signing secrets is broken: each line is a Unix second and a secret") from None


@contextmanager
def _changing(settings: Settings) -> Generator[list[SigningSecret]]:
    """The generated secrets, while nobody else changes them."""
    if settings.jwt_secret:
        raise BadSetting(
            "The signing secret is configured as JWT_SECRET. To change it: add the new one to "
            "LINNET_JWT_SECRETS_ACCEPTED everywhere, then let the two change places, and take the old one away "
            "after a week."
        )
    file = secrets_file(settings)
    kept(settings)
    lock = os.open(file.with_name(".jwt.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield kept(settings)
    finally:
        os.close(lock)


def _write(file: Path, known: Sequence[SigningSecret]) -> None:
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    text = "".join(f"{one.since_s} {one.secret}\n" for one in known)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as writing:  # noqa: PTH123 -- Path.open takes no descriptor, and the mode must be right from the start
        writing.write(text)
        writing.flush()
        os.fsync(writing.fileno())
    if os.geteuid() == 0:  # the server may be somebody else, who must go on reading it
        owner = file.stat()
        os.chown(draft, owner.st_uid, owner.st_gid)
    draft.replace(file)
