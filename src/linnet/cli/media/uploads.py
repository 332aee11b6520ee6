"""`linnet media list|show|retry|usage`: what people uploaded, and how much it takes."""

from collections.abc import Sequence
from typing import Any, Final

import click
import msgspec

from linnet.cli.media.sizes import size_text
from linnet.cli.output import json_option, plain, print_json, print_table
from linnet.cli.reach import act
from linnet.features.accounts import users
from linnet.features.media import oversight
from linnet.features.media.models import State, Upload, UsageOfAccount, UsageOfKind
from linnet.platform.engines import Engines

LARGEST: Final = 20
ID = click.argument("media_id", type=click.IntRange(min=1, max=2**63 - 1))


@click.command("list")
@click.option("--account", "name", help="Only those of this account.")
@click.option("--state", type=click.Choice([one.value for one in State]), help="Only those that are so far.")
@click.option("--limit", type=click.IntRange(1, oversight.LISTED_MAX), default=50, show_default=True)
@json_option
def list_uploads(name: str | None, state: str | None, limit: int, *, as_json: bool) -> None:
    """List uploads, newest first: whose, what, how far, how large.

    \b
    Example:
      linnet media list
      linnet media list --account ada --state failed
    """

    async def work(engines: Engines) -> Sequence[Upload]:
        account_id = await _account_id(engines, name)
        return await oversight.page(engines, account_id, State(state) if state else None, limit)

    found = act(work)
    if as_json:
        print_json([_plain(one) for one in found])
        return
    rows = [
        (
            one.media.id,
            one.media.account_id,
            one.media.kind or one.source.content_type,
            one.media.state,
            size_text(_bytes_of(one)),
            one.media.created_at,
            one.media.error,
        )
        for one in found
    ]
    print_table(
        ("id", "account", "what", "state", "size", "since", "why not"), rows, empty="There are no such uploads."
    )


@click.command()
@ID
@json_option
def show(media_id: int, *, as_json: bool) -> None:
    """Show everything about the upload with this id: its owner, what uses it, its files in the store.

    \b
    Example:
      linnet media show 117706174331810888
    """

    async def work(engines: Engines) -> Upload:
        return await oversight.show(engines, media_id)

    upload = act(work)
    if as_json:
        print_json(_plain(upload))
        return
    media = upload.media
    for heading, told in (
        ("id", media.id),
        ("account", media.account_id),
        ("for", media.purpose),
        ("state", media.state if media.error is None else f"{media.state}: {media.error}"),
        ("per cent", media.progress),
        ("attempts", upload.attempts),
        ("since", f"{media.created_at:%Y-%m-%d %H:%M}"),
        ("uploaded", f"{size_text(upload.source.bytes)} of {upload.source.content_type}, as {upload.source.name!r}"),
        ("SHA-256", upload.source.sha256),
        ("lane", upload.lane),
        ("status", media.status_id or "none shows it"),
    ):
        click.echo(f"{heading:<10}{told}")
    rows = [
        (one.name, f"media/{media.id}/{one.file}", size_text(one.bytes), f"{one.width}x{one.height}")
        for one in media.variants
    ]
    print_table(("variant", "file in the store", "size", "pixels"), rows, empty="There are no files of it.")


@click.command()
@ID
def retry(media_id: int) -> None:
    """Have the upload with this id processed anew, if it is not ready and its file is still there.

    \b
    Example:
      linnet media retry 117706174331810888
    """

    async def work(engines: Engines) -> Upload:
        return await oversight.retry(engines, media_id)

    click.echo(f"Media {act(work).media.id} is {State.UPLOADED}: a worker takes it up.")


@click.command()
@click.argument("name", required=False)
@json_option
def usage(name: str | None, *, as_json: bool) -> None:
    """Show how much media take, by kind: of the account NAME, or of everybody and who has most.

    \b
    Example:
      linnet media usage
      linnet media usage ada
    """

    async def work(engines: Engines) -> tuple[Sequence[UsageOfKind], Sequence[UsageOfAccount], int | None]:
        kinds = await oversight.usage(engines, await _account_id(engines, name))
        people: Sequence[UsageOfAccount] = await oversight.largest(engines, LARGEST) if name is None else ()
        return kinds, people, await engines.blobs.free_bytes()

    kinds, people, free = act(work)
    if as_json:
        accounts = {} if name is not None else {"accounts": [plain(one) for one in people]}
        print_json({"kinds": [plain(one) for one in kinds], **accounts, "free_bytes": free})
        return
    rows: list[Sequence[object]] = [(one.kind, one.uploads, size_text(one.bytes)) for one in kinds]
    if rows:
        rows.append(("all", sum(one.uploads for one in kinds), size_text(sum(one.bytes for one in kinds))))
    print_table(("kind", "number", "size"), rows, empty="There are no media.")
    if people:
        click.echo()
        print_table(
            ("account", "number", "size"),
            [(one.username or one.account_id, one.uploads, size_text(one.bytes)) for one in people],
            empty="",
        )
    if free is not None:
        click.echo(f"\n{size_text(free)} are free where the files are.")


async def _account_id(engines: Engines, name: str | None) -> int | None:
    return None if name is None else (await users.user_named(engines, name)).account_id


def _bytes_of(upload: Upload) -> int:
    if upload.media.state is State.READY:
        return sum(one.bytes for one in upload.media.variants)
    return 0 if upload.media.state is State.FAILED else upload.source.bytes


def _plain(upload: Upload) -> dict[str, Any]:
    media = upload.media
    return {
        "id": str(media.id),
        "account_id": str(media.account_id),
        "status_id": None if media.status_id is None else str(media.status_id),
        "purpose": media.purpose,
        "kind": media.kind,
        "state": media.state,
        "progress": media.progress,
        "error": media.error,
        "attempts": upload.attempts,
        "lane": upload.lane,
        "bytes": _bytes_of(upload),
        "created_at": media.created_at,
        "source": plain(upload.source),
        "variants": msgspec.to_builtins(media.variants),
    }
