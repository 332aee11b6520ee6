"""Pieces of SQL that stores of features above build their statements of: what posts show is written with the posts."""

from linnet.features.media.attachments.store import (
    ATTACH,
    ATTACHABLE,
    DETACH,
    KEPT,
    SAID,
    SAID_BY_MESSAGE,
    SHOWN,
    SHOWN_BY_MESSAGE,
    kept_of,
    shown_of,
)

__all__ = [
    "ATTACH",
    "ATTACHABLE",
    "DETACH",
    "KEPT",
    "SAID",
    "SAID_BY_MESSAGE",
    "SHOWN",
    "SHOWN_BY_MESSAGE",
    "kept_of",
    "shown_of",
]
