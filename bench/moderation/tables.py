"""The labelled sets (`--data DIR`), and how a set is cut into parts for training, for choosing, and for judging."""

import hashlib
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

Row = dict[str, Any]

TRAIN, CHOOSE, JUDGE = "train", "choose", "judge"
_SEED: Final = b"linnet-moderation:"
_SHARES: Final = ((14, TRAIN), (17, CHOOSE), (20, JUDGE))
"""Twentieths of a set up to which each part goes."""


def rows(data: Path, name: str) -> list[Row]:
    """All rows of one set, or none where DIR has no such file."""
    path = data / f"{name}.parquet"
    if not path.exists():
        return []
    polars: Any = import_module("polars")
    return cast("list[Row]", polars.read_parquet(path).to_dicts())


def part_of(group: str) -> str:
    """Which part a row is in, by what must not stand in two parts: its group of duplicates, its author, its target."""
    twentieth = int.from_bytes(hashlib.blake2b(_SEED + group.encode(), digest_size=4).digest()) % 20
    return next(part for limit, part in _SHARES if twentieth < limit)
