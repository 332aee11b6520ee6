"""Imports and archives as their owner sees them."""

from collections.abc import Sequence
from datetime import timedelta

from linnet.features.portability import models
from linnet.features.portability.models import KEPT_S, State
from linnet.mastodon.dates import moment
from linnet.mastodon.entities.portability import Archive, Import, ImportFailure
from linnet.platform.site import Site


def present_imports(imports: Sequence[models.Import]) -> list[Import]:
    """Imports, in their order."""
    return [
        Import(
            id=str(one.id),
            type=one.kind,
            mode="overwrite" if one.overwrites else "merge",
            state=one.state,
            filename=one.filename,
            reason=one.reason,
            total_items=one.rows_total,
            imported_items=one.rows_done,
            failed_items=one.rows_failed,
            created_at=moment(one.created_at),
            finished_at=moment(one.ended_at) if one.ended_at else None,
        )
        for one in imports
    ]


def present_failures(failures: Sequence[models.Failure]) -> list[ImportFailure]:
    """What could not be brought along, in its order."""
    return [ImportFailure(item=one.row, reason=one.reason) for one in failures]


def present_archives(site: Site, archives: Sequence[models.Archive]) -> list[Archive]:
    """Archives, in their order."""
    return [
        Archive(
            id=str(one.id),
            state=one.state,
            size=one.size_bytes,
            created_at=moment(one.created_at),
            expires_at=moment(one.created_at + timedelta(seconds=KEPT_S)),
            url=f"{site.public_url}/api/v1/exports/archives/{one.id}/file" if one.state is State.FINISHED else None,
        )
        for one in archives
    ]
