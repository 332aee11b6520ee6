"""Devices in words: what a `User-Agent` header says about itself, for people who look through their sign-ins."""

import re
from typing import Final

UNKNOWN_DEVICE: Final = "unknown device"
NAME_CHARS_MAX: Final = 40

_BROWSERS: Final = (
    ("Edge", ("Edg/", "EdgA/", "EdgiOS/")),
    ("Opera", ("OPR/", "Opera/")),
    ("Vivaldi", ("Vivaldi/",)),
    ("Samsung Internet", ("SamsungBrowser/",)),
    ("Firefox", ("Firefox/", "FxiOS/")),
    ("Chrome", ("CriOS/", "Chrome/", "Chromium/")),
    ("Safari", ("Safari/",)),
)
"""Most particular first: nearly all call themselves Safari, and many Chrome."""

_SYSTEMS: Final = (
    ("iPhone", ("iPhone",)),
    ("iPad", ("iPad",)),
    ("Android", ("Android",)),
    ("iOS", ("iOS", "CFNetwork/")),
    ("Windows", ("Windows",)),
    ("ChromeOS", ("CrOS",)),
    ("macOS", ("Macintosh", "Mac OS X", "macOS")),
    ("Linux", ("Linux", "X11")),
)
_PRODUCT: Final = re.compile(r"[A-Za-z][\w .+-]*?(?=/\d)")
"""What an app calls itself before its version: `Ivory/40312`, `Ice Cubes/1.10`."""


def in_words(agent: str) -> str:
    """`Firefox on Windows`, `Tusky on Android`, `curl`, or `unknown device`; for reading, never for deciding."""
    system = next((name for name, marks in _SYSTEMS if any(mark in agent for mark in marks)), "")
    program = _program(agent)
    if program and system:
        return f"{program} on {system}"
    return program or system or UNKNOWN_DEVICE


def _program(agent: str) -> str:
    if agent.startswith("Mozilla/"):
        return next((name for name, marks in _BROWSERS if any(mark in agent for mark in marks)), "")
    named = _PRODUCT.match(agent)
    return named[0].strip()[:NAME_CHARS_MAX] if named else ""
