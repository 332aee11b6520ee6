"""What can go wrong with a store of files, as errors that callers know."""

import errno
from collections.abc import Generator
from contextlib import contextmanager
from time import perf_counter
from typing import Final

import structlog
from obstore.exceptions import BaseError
from prometheus_client import Counter, Histogram

from linnet.platform.errors import EngineDown, NotFound, StoreFull

ENGINE: Final = "media store"
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FULL_WORDS: Final = ("kind: StorageFull", "kind: QuotaExceeded", "507 Insufficient Storage", "QuotaExceeded")
"""How obstore and S3 servers say so: there is no error of its own for it."""
_CAUSE_CHARS_MAX: Final = 300

log = structlog.get_logger()

bytes_moved = Counter("linnet_media_store_bytes_total", "Bytes of files", ["direction"])
_seconds = Histogram(
    "linnet_media_store_seconds",
    "Duration of what the store was asked, of reads until their first bytes",
    ["operation"],
    buckets=(0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0),
)
_errors = Counter("linnet_media_store_errors_total", "What the store did not do", ["operation", "why"])


class BlobMissing(NotFound):
    """No file has this name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


@contextmanager
def asking(operation: str, name: str = "") -> Generator[None]:
    """Around calls of the store and nothing else: errors as `BlobMissing`, `StoreFull` or `EngineDown`; measured."""
    started = perf_counter()
    try:
        yield
    except FileNotFoundError as error:
        _errors.labels(operation, "missing").inc()
        raise BlobMissing(name) from error
    except (BaseError, OSError) as error:
        full = _is_full(error)
        _errors.labels(operation, "full" if full else "away").inc()
        cause = str(error).partition("\n")[0][:_CAUSE_CHARS_MAX]
        log.warning("media store full" if full else "media store away", operation=operation, cause=cause)
        raise (StoreFull(ENGINE) if full else EngineDown(ENGINE)) from error
    finally:
        _seconds.labels(operation).observe(perf_counter() - started)


def _is_full(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in _FULL
    text = str(error)
    return any(words in text for words in _FULL_WORDS)
