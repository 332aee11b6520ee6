"""Log lines on stderr: JSON, or text on a terminal; from structlog and from libraries alike, and never a secret."""

import logging
import re
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Literal, cast

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

Format = Literal["json", "text", "auto"]
LEVELS: Final = {"debug": 10, "info": 20, "warning": 30, "error": 40}
REDACTED: Final = "[redacted]"

_SECRET_NAME = re.compile(r"(?i)(?:password|passwd|secret|token|authorization|cookie|credential|api_?key)s?\Z")
_SECRET_IN_TEXT = re.compile(
    r"(?i)(?P<before>://[^/@\s:'\"]*:)[^/@\s'\"]+(?=@)"
    r"|(?P<named>\bbearer\s+|\b\w*(?:password|secret|token)['\"]?\s*[=:]\s*['\"]?)[^\s'\",&]+"
)
"""Passwords in addresses, bearer tokens, and what follows `password=`, `"token": ` and their like."""

_PERSON_IN_TEXT = re.compile(r"(?P<row>\bDETAIL:\s*).+|(?<![/\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
"""The row that PostgreSQL names when one breaks a rule, and mail addresses."""

_DEPTH_MAX: Final = 4
_QUIET: Final = {
    "uvicorn": logging.WARNING,
    "asyncio": logging.WARNING,
    "httpx": logging.WARNING,
    "python_multipart": logging.ERROR,  # that a body is malformed is told to whoever sent it, however often
    "opentelemetry": logging.ERROR,  # a collector that is away is tried again
    "asyncpg": logging.ERROR,  # that a server is away is said by whoever needed it, in one line
}
_encoder = msgspec.json.Encoder(enc_hook=repr)


def configure(*, form: Format, level: str, role: str) -> None:
    """Send every log line of this process to stderr, from `level` on, each with `role`. Call it once, first of all."""
    text = form == "text" or (form == "auto" and sys.stderr.isatty())
    colours = sys.stderr.isatty()
    first: list[Processor] = [structlog.contextvars.merge_contextvars]
    last: list[Processor] = [
        structlog.processors.format_exc_info,
        redact,  # after exceptions have become text, and before what is added to every line, which has no secrets
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _Naming(role),
    ]
    structlog.configure(
        processors=[*first, *last, _as_text(colours) if text else _as_json],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr)
        if text
        else structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*first, _named_for_logger],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *last,
                _as_text(colours) if text else _as_json_text,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=max(LEVELS[level], logging.INFO), force=True)
    logging.captureWarnings(capture=True)
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(least)


def redact(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Black out fields named like secrets; inside texts passwords, tokens and what tells of people."""
    for name, value in event.items():
        event[name] = _redacted(name, value, 0)
    return event


def without_secrets(text: str) -> str:
    """`text` with the passwords and tokens in it blacked out."""
    if "=" in text or ":" in text or "earer" in text:
        return _SECRET_IN_TEXT.sub(lambda found: (found["before"] or found["named"]) + REDACTED, text)
    return text


def without_people(text: str) -> str:
    """`text` with the mail addresses in it blacked out, and the rows that PostgreSQL names in its errors."""
    if "@" in text or "DETAIL" in text:
        return _PERSON_IN_TEXT.sub(lambda found: (found["row"] or "") + REDACTED, text)
    return text


def _redacted(name: str, value: Any, depth: int) -> Any:  # noqa: ANN401 -- a log field may be of any type
    if value is None or isinstance(value, (int, float)):
        return REDACTED if value and _is_secret(name) else value
    if _is_secret(name):
        return REDACTED
    if isinstance(value, str):
        return without_people(without_secrets(value))
    if depth < _DEPTH_MAX and isinstance(value, Mapping):
        fields = cast("Mapping[Any, Any]", value)
        return {key: _redacted(str(key), inner, depth + 1) for key, inner in fields.items()}
    if depth < _DEPTH_MAX and isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [_redacted("", inner, depth + 1) for inner in cast("Sequence[Any]", value)]
    return value


@lru_cache(maxsize=1024)
def _is_secret(name: str) -> bool:
    return _SECRET_NAME.search(name) is not None


class _Naming:
    """Adds which of our processes speaks."""

    def __init__(self, role: str) -> None:
        self._role = role

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> EventDict:
        event["role"] = self._role
        return event


def _named_for_logger(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    record = event.get("_record")
    if record is not None:
        event["logger"] = record.name
    return event


def _as_json(_: WrappedLogger, __: str, event: EventDict) -> bytes:
    return _encoder.encode({"timestamp": event.pop("timestamp", None), "level": event.pop("level", None), **event})


def _as_json_text(logger: WrappedLogger, method: str, event: EventDict) -> str:
    return _as_json(logger, method, event).decode()


def _as_text(colours: bool) -> structlog.dev.ConsoleRenderer:  # noqa: FBT001 -- private, and called by one function
    return structlog.dev.ConsoleRenderer(colors=colours)
