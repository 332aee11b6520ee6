"""The server's own secrets: configured, or made once and kept in the data folder."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from linnet.platform.telemetry.metrics import MetricsAccess
from linnet.platform.vapid import BadKey, VapidKey, new_private
from linnet.settings import BadSetting, Settings

SECRET_CHARS_MIN = 32
TOKEN_CHARS_MIN = 16
SECRET_VARIETY_MIN = 10
"""Different characters a signing secret must have: `aaaa…` and `changeme…` are long without being secret."""


def metrics_access(settings: Settings) -> MetricsAccess:
    """Who may read the metrics; a generated token is made when it is first asked for.

    Raises `BadSetting` for a token that somebody could guess.
    """
    file = settings.folder / "secrets" / "metrics"
    if settings.metrics_token:
        if len(settings.metrics_token) < TOKEN_CHARS_MIN or len(set(settings.metrics_token)) < SECRET_VARIETY_MIN:
            raise BadSetting(
                f"LINNET_METRICS_TOKEN is too weak: it needs {TOKEN_CHARS_MIN} characters or more, at random. "
                "Make one with: openssl rand -hex 16. Without any, Linnet makes its own."
            )
        return MetricsAccess(lambda: settings.metrics_token, "LINNET_METRICS_TOKEN of this server")
    return MetricsAccess(lambda: secret_in(file), f"the file {file}")


def vapid_key(settings: Settings) -> VapidKey:
    """By what push services know this server, configured or kept in the data folder; raises `BadSetting`."""
    file = settings.folder / "secrets" / "vapid"
    try:
        return VapidKey(settings.vapid_private_key or secret_in(file, new_private))
    except BadKey:
        where = "LINNET_VAPID_PRIVATE_KEY" if settings.vapid_private_key else f"What is in {file}"
        raise BadSetting(
            f"{where} is no key for Web Push: it must be the 32 bytes of a private key of the curve P-256 in base64url."
        ) from None


def _new_secret() -> str:
    return secrets.token_urlsafe(48)


def secret_in(file: Path, make: Callable[[], str] = _new_secret) -> str:
    """The secret kept in `file`; when absent, a new one that only this user can read. Safe beside other processes.

    Raises `BadSetting` when it can neither be read nor made.
    """
    try:
        return file.read_text(encoding="ascii").strip() if file.exists() else _made_in(file, make())
    except OSError as error:
        raise BadSetting(
            f"Linnet cannot keep its secrets in {file.parent}: {error.strerror}. "
            "Set LINNET_DATA_DIR to a folder that it may write to."
        ) from None


def _made_in(file: Path, secret: str) -> str:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as writing:  # noqa: PTH123 -- Path.open takes no descriptor, and the mode must be right from the start
        writing.write(secret)
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return file.read_text(encoding="ascii").strip()
