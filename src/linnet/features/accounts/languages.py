"""What may stand for a language: codes as RFC 5646 writes them."""

import re
from typing import Final

LANGUAGE_LENGTH_MAX: Final = 35
"""RFC 5646 §4.4.1: buffers shorter than this may cut a language tag."""

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def is_language(code: str) -> bool:
    """Whether `code` is written as a language tag; which languages there are nobody asks."""
    return len(code) <= LANGUAGE_LENGTH_MAX and _TAG.fullmatch(code) is not None
