"""`/api/v1/exports`: taking one's things away, as CSV files that Mastodon reads and as one archive; of our own."""

from linnet.api.answers import Answer
from linnet.api.endpoint import Call, endpoint
from linnet.features.portability import actions, reads
from linnet.mastodon.entities.portability import Archive
from linnet.mastodon.presenters.portability import present_archives
from linnet.platform.site import Site

FILE_DEADLINE_S = 120.0


@endpoint("GET", "/api/v1/exports", scope="read:accounts")
async def list_exports(call: Call) -> list[str]:  # noqa: ARG001 -- a handler's shape
    """List the names of the CSV files that can be fetched."""
    return list(reads.TABLES)


@endpoint("POST", "/api/v1/exports/archives", scope="write:accounts", status=202)
async def make_archive(call: Call) -> Archive:
    """Have an archive of everything of one's own made; once a day. It can be fetched for a week."""
    archive_id = await actions.ask_for_archive(call.engines, call.me)
    return await _shown(call, archive_id)


@endpoint("GET", "/api/v1/exports/archives", scope="read:accounts")
async def list_archives(call: Call) -> list[Archive]:
    """List one's archives, newest first."""
    return present_archives(call.engines.config(Site), await reads.archives(call.engines, call.me))


@endpoint("GET", "/api/v1/exports/archives/{archive_id}", scope="read:accounts")
async def show_archive(call: Call, archive_id: int) -> Archive:
    """Show whether an archive is finished."""
    return await _shown(call, archive_id)


@endpoint("GET", "/api/v1/exports/archives/{archive_id}/file", scope="read:accounts", deadline_s=FILE_DEADLINE_S)
async def fetch_archive(call: Call, archive_id: int) -> Answer:
    """Fetch a finished archive, a ZIP file."""
    content = await reads.archive_bytes(call.engines, call.me, archive_id)
    return _file(content, "application/zip", f"linnet-{archive_id}.zip")


@endpoint("GET", "/api/v1/exports/{name}", scope="read:accounts", deadline_s=FILE_DEADLINE_S)
async def fetch_table(call: Call, name: str) -> Answer:
    """Fetch one of one's lists as a CSV file: `following_accounts.csv`, `blocked_accounts.csv` and so on."""
    text = await reads.table(call.engines, call.me, name)
    return _file(text.encode(), "text/csv; charset=utf-8", name)


async def _shown(call: Call, archive_id: int) -> Archive:
    found = await reads.show_archive(call.engines, call.me, archive_id)
    return present_archives(call.engines.config(Site), [found])[0]


def _file(content: bytes, content_type: str, name: str) -> Answer:
    headers = (("Content-Disposition", f'attachment; filename="{name}"'), ("Cache-Control", "private, no-store"))
    return Answer(200, content, content_type, headers)
