"""Numbers of bytes as people read them."""

from typing import Final

_UNITS: Final = ("bytes", "KB", "MB", "GB", "TB")
_STEP: Final = 1024


def size_text(size_bytes: int) -> str:
    """A size in the unit that fits: `12 bytes`, `3.4 MB`; a MB is 1,048,576 bytes, as in the settings.

    >>> size_text(3_565_158)
    '3.4 MB'
    """
    size, unit = float(size_bytes), 0
    while size >= _STEP and unit < len(_UNITS) - 1:
        size, unit = size / _STEP, unit + 1
    return f"{size_bytes:,} bytes" if unit == 0 else f"{size:.1f} {_UNITS[unit]}"
