"""Lists of hosts: those everybody knows, those that shorten links, and those whose names are given away."""

import gzip
from functools import cache
from importlib.resources import files


@cache
def known() -> frozenset[str]:
    """The ten thousand domains most visited, and those of banks: what others are made to look like."""
    return _names("known")


@cache
def shorteners() -> frozenset[str]:
    """Services that hide where a link leads."""
    return _names("shorteners")


@cache
def dynamic() -> frozenset[str]:
    """Domains below which anybody gets a name for an address at home."""
    return _names("dynamic")


@cache
def risky_suffixes() -> frozenset[str]:
    """Suffixes of which yearly reports (Spamhaus, Interisle) find most names abused."""
    return frozenset(files(__name__).joinpath("risky_suffixes.txt").read_text(encoding="ascii").split())


def _names(name: str) -> frozenset[str]:
    packed = files(__name__).joinpath(f"{name}.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode("ascii").split())
