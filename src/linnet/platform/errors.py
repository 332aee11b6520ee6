"""The errors that a person can act on, and the one table of what each is over HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final


class ProductError(Exception):
    """Something the caller can understand and act on; `message` is a sentence for them."""

    code: ClassVar[str | None] = None
    """What a client branches on where the status is not enough: `error_code` of the answer."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(ProductError):
    """It does not exist, or this viewer may not know that it does: one answer for both."""

    def __init__(self, message: str = "Record not found") -> None:
        super().__init__(message)


class Unauthenticated(ProductError):
    """No valid token came with a request that needs one."""

    def __init__(self, message: str = "The access token is invalid") -> None:
        super().__init__(message)


class Forbidden(ProductError):
    """Known caller, but this is not theirs to do."""

    def __init__(self, message: str = "This action is not allowed") -> None:
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field: `code` is a Mastodon `ERR_…` name, `description` a predicate: "is reserved"."""

    code: str
    description: str
    offset: int | None = None
    """From which of its code points on the value is wrong, counted from 0, where that can be told."""


class Invalid(ProductError):
    """Well-formed input that breaks a rule; `details` says which field and why."""

    def __init__(self, message: str, details: Mapping[str, Sequence[Problem]] | None = None) -> None:
        super().__init__(message)
        self.details = details or {}

    @classmethod
    def of(cls, details: Mapping[str, Sequence[Problem]]) -> "Invalid":
        """All that is wrong with a form, also as one sentence: "Validation failed: Username is reserved, …"."""
        predicates = [
            f"{name.replace('_', ' ').capitalize()} {problem.description}"
            for name, problems in details.items()
            for problem in problems
        ]
        return cls(f"Validation failed: {', '.join(predicates)}", details)


class Malformed(ProductError):
    """Input that cannot be read at all: broken JSON, bad UTF-8, nesting without end."""


class TooLarge(ProductError):
    """A body or a part of one over its limit."""


class Conflict(ProductError):
    """The same thing is being done by another request right now."""


class OtherVersion(ProductError):
    """The caller speaks a version of a protocol that is not spoken here."""


class OtherType(ProductError):
    """A body of a type that is not taken here."""


class Damaged(ProductError):
    """Bytes are not those that were sent; none of them is kept."""


class TooMany(ProductError):
    """A rate limit was reached; `retry_after_s` says when to come back."""

    def __init__(self, message: str = "Too many requests", *, retry_after_s: int = 60) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class EngineDown(ProductError):
    """PostgreSQL, Valkey or the media store did not answer; nothing was lost, and a retry may succeed."""

    def __init__(self, engine: str, *, retry_after_s: int = 1) -> None:
        super().__init__("The server is busy or restarting. Please try again in a moment.")
        self.engine = engine
        self.retry_after_s = retry_after_s


class StoreFull(EngineDown):
    """The disk or bucket of files takes no more. Jobs wait until it does again, and people are told."""

    def __init__(self, engine: str) -> None:
        super().__init__(engine, retry_after_s=300)
        self.message = "There is no room left for files on this server. Please try again later."


STATUSES: Final[dict[type[ProductError], int]] = {
    Malformed: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    OtherVersion: 412,
    TooLarge: 413,
    OtherType: 415,
    Invalid: 422,
    TooMany: 429,
    Damaged: 460,
    EngineDown: 503,
    StoreFull: 507,
}
"""Each kind of error and its status; a subclass answers as its nearest parent here."""


def status_of(error: ProductError) -> int:
    """The status in the table of the error's class or its nearest parent."""
    return next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
