"""Whether anything that a test process logged, at any level, was one of the secrets of our tests."""

import logging
import re
from typing import Final

import structlog

SECRET: Final = re.compile(
    r"tangerine-lighthouse"  # everybody's password
    r"|0f n0b0dy 3lse"  # what signs the tokens
    r"|[\w.+-]@example\.(?:org|com)"  # people's mail addresses
    r"|(?<![\w-])[\w-]{43}(?![\w-])"  # tokens, codes and cookies: 256 bits in base64
    r"|eyJ[\w-]{10,}\.eyJ"  # signed tokens
)

told: Final[list[str]] = []
"""What should not have been logged."""


def look(event: object) -> None:
    """Note a line with a secret in it."""
    line = repr(event)
    if SECRET.search(line):
        told.append(line[:500])


def look_at_event(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """The same as a processor of structlog."""
    look(event)
    return event


class Listener(logging.Handler):
    """The same for what libraries log."""

    def emit(self, record: logging.LogRecord) -> None:
        """Look at a record."""
        look((record.getMessage(), record.exc_info))
