"""What people bring along and take away: entities of our own."""

from typing import Any

import msgspec


class Import(msgspec.Struct, kw_only=True):
    """A file that was brought, and how far it has come."""

    id: str
    type: str
    mode: str
    """`merge`, or `overwrite`: what the file does not name went."""
    state: str
    """`waiting`, `running`, `finished`, or `refused` for the `reason` given."""
    filename: str
    reason: str
    total_items: int
    imported_items: int
    failed_items: int
    created_at: str
    finished_at: str | None


class ImportFailure(msgspec.Struct, kw_only=True):
    """A line of a file, or a post, that could not be brought along."""

    item: dict[str, Any]
    reason: str


class Archive(msgspec.Struct, kw_only=True):
    """Everything of an account in one ZIP file."""

    id: str
    state: str
    """`waiting` or `finished`."""
    size: int
    created_at: str
    expires_at: str
    url: str | None
    """Where it is fetched, with the same token, once it is finished."""
