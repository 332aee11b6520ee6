"""An archive of everything of an account: a ZIP of lists as CSV and of posts as ActivityStreams, which imports read.

Posts are laid out as in archives of Mastodon (`actor.json`, `outbox.json`), so that the tools of other servers, and our
own import, read them.
"""

import asyncio
import zipfile
from collections.abc import AsyncIterator, Mapping, Sequence
from tempfile import SpooledTemporaryFile
from typing import Final

import msgspec

from linnet.features.accounts import reads as accounts
from linnet.features.accounts.models import Account, Viewer
from linnet.features.conversations import reads as conversations
from linnet.features.conversations.models import Message
from linnet.features.media.models import Media
from linnet.features.portability import reads, store
from linnet.features.portability.belongings import FILES
from linnet.features.portability.tables import write
from linnet.features.statuses import reads as statuses
from linnet.features.statuses.models import Hydrated, Status, Version, Visibility
from linnet.features.statuses.polls.models import Poll
from linnet.platform.engines import Engines
from linnet.platform.paging import Window
from linnet.platform.site import Site

PIECE_BYTES: Final = 256 * 1024
PAGE: Final = 500
MEMORY_BYTES_MAX: Final = 8 * 1024 * 1024

PUBLIC: Final = "https://www.w3.org/ns/activitystreams#Public"
CONTEXT: Final = "https://www.w3.org/ns/activitystreams"

_README: Final = """This is what you have made and kept here. docs/archive.md of Linnet describes each file.

account.json        your profile and your settings
actor.json          your profile, as other servers of the fediverse write it
outbox.json         your posts with their polls and earlier wordings, and your boosts, oldest first
messages.json       what you have said in private, in conversations you are in, oldest first; nothing that others said
drafts.json         what you have begun to write
scheduled.json      what is to be posted later
votes.json          what you chose in polls, the latest first
notifications.json  what you were told last, newest first
filters.json        what you do not want to read
folders.json        the folders you keep bookmarks in
lists.json          your lists, with their rules and hashtags
hashtags.json       the hashtags you follow and show on your profile
searches.json       the searches you keep
announcements.json  the announcements you put away, and what you said to them
*.csv               whom you follow, block and mute, who follows you, your lists, bookmarks and favourites

To bring posts or a list to another Linnet or back here: POST /api/v1/imports. Mastodon reads the lists, too.
"""

_encode = msgspec.json.Encoder().encode


async def make(engines: Engines, viewer: Viewer, archive_id: int) -> None:
    """Make an archive's file and keep it; from the beginning when it was begun before."""
    with SpooledTemporaryFile(max_size=MEMORY_BYTES_MAX) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
            await _fill(engines, viewer, bundle)
        size = file.tell()
        file.seek(0)
        async with engines.transaction() as tx:
            await store.drop_archive_pieces(tx, archive_id)
            place = 0
            while piece := file.read(PIECE_BYTES):
                await store.put_archive_piece(tx, archive_id, place, piece)
                place += 1
            await store.end_archive(tx, archive_id, size, engines.clock.now())


async def _fill(engines: Engines, viewer: Viewer, bundle: zipfile.ZipFile) -> None:
    account = await accounts.show(engines.db, viewer.account_id)
    preferences = await accounts.preferences(engines.db, viewer)
    site = engines.config(Site)
    bundle.writestr("README.txt", _README)
    bundle.writestr("account.json", _encode({"account": account, "preferences": preferences}))
    bundle.writestr("actor.json", _encode(_actor(site, account)))
    for name, contents in FILES.items():
        await asyncio.to_thread(bundle.writestr, name, _encode(await contents(engines, viewer)))
    for name, lines in reads.TABLES.items():
        text = write([line async for line in lines(engines, viewer)])
        await asyncio.to_thread(bundle.writestr, name, text)
    with bundle.open("outbox.json", "w", force_zip64=True) as outbox:
        head = _encode({"@context": CONTEXT, "id": "outbox.json", "type": "OrderedCollection"})
        outbox.write(head[:-1] + b',"orderedItems":[')
        separator = b""
        async for activities in _activities(engines, viewer, site, account):
            await asyncio.to_thread(outbox.write, separator + b",".join(activities))
            separator = b","
        outbox.write(b"]}")
    with bundle.open("messages.json", "w", force_zip64=True) as said:
        said.write(b"[")
        separator = b""
        async for messages in _messages(engines, viewer):
            await asyncio.to_thread(said.write, separator + b",".join(messages))
            separator = b","
        said.write(b"]")


def _actor(site: Site, account: Account) -> dict[str, object]:
    return {
        "@context": CONTEXT,
        "id": site.account_url(account.username),
        "type": "Service" if account.bot else "Person",
        "preferredUsername": account.username,
        "name": account.display_name,
        "summary": account.note,
        "published": account.created_at,
        "attachment": [{"type": "PropertyValue", "name": one.name, "value": one.value} for one in account.fields],
        "outbox": "outbox.json",
        "manuallyApprovesFollowers": account.locked,
        "discoverable": account.discoverable,
        "indexable": account.indexable,
    }


async def _activities(engines: Engines, viewer: Viewer, site: Site, account: Account) -> AsyncIterator[list[bytes]]:
    """The account's posts and boosts, oldest first, page by page."""
    floor = 0
    while True:
        window = Window(min_id=floor, limit=PAGE)
        page = await statuses.by_account(engines, viewer, account.id, window)
        oldest_first = list(page)[::-1]
        if oldest_first:
            urls = await _urls(engines, site, page)
            former = await statuses.former_wordings(engines, viewer, page)
            yield [_encode(_activity(site, account, one, urls, former.get(one.id, ()))) for one in oldest_first]
        if len(page.row_ids) < PAGE:
            return
        floor = page.row_ids[0]


async def _messages(engines: Engines, viewer: Viewer) -> AsyncIterator[list[bytes]]:
    """What the account has said in private, oldest first, page by page."""
    floor = 0
    while True:
        page = await conversations.sent(engines, viewer, Window(min_id=floor, limit=PAGE))
        oldest_first = list(page)[::-1]
        if oldest_first:
            names = await accounts.usernames(engines.db, {i for one in oldest_first for i in one.member_ids})
            yield [_encode(_message(engines.config(Site), viewer, one, names)) for one in oldest_first]
        if len(page.row_ids) < PAGE:
            return
        floor = page.row_ids[0]


def _message(site: Site, author: Viewer, message: Message, names: Mapping[int, str]) -> dict[str, object]:
    return {
        "id": str(message.id),
        "conversation": str(message.conversation_id),
        "with": [names[i] for i in message.member_ids if i != author.account_id and i in names],
        "published": message.created_at,
        "updated": message.edited_at,
        "inReplyTo": None if message.in_reply_to_id is None else str(message.in_reply_to_id),
        "summary": message.spoiler_text or None,
        "language": message.language,
        "content": message.text,
        "attachment": [_attached(site, one) for one in message.media],
    }


async def _urls(engines: Engines, site: Site, page: Hydrated) -> dict[int, str]:
    """The addresses of statuses, of the page and of those it answers, boosts and quotes."""
    answered = {
        one.in_reply_to_id: one.in_reply_to_account_id
        for one in page.statuses.values()
        if one.in_reply_to_id is not None and one.in_reply_to_account_id is not None
    }
    authors = {**answered, **{status_id: one.account_id for status_id, one in page.statuses.items()}}
    names = await accounts.usernames(engines.db, set(authors.values()))
    return {
        status_id: site.status_url(names[account_id], status_id)
        for status_id, account_id in authors.items()
        if account_id in names
    }


def _activity(
    site: Site, account: Account, status: Status, urls: dict[int, str], former: Sequence[Version]
) -> dict[str, object]:
    actor, url = site.account_url(account.username), site.status_url(account.username, status.id)
    to, cc = _audience(status.visibility, f"{actor}/followers")
    common = {"actor": actor, "published": status.created_at, "to": to, "cc": cc}
    if status.reblog_of_id is not None:
        return {"id": f"{url}/activity", "type": "Announce", **common, "object": urls.get(status.reblog_of_id)}
    note: dict[str, object] = {
        "id": url,
        "type": "Question" if status.poll else "Note",
        "attributedTo": actor,
        "url": url,
        "published": status.created_at,
        "updated": status.edited_at,
        "to": to,
        "cc": cc,
        "inReplyTo": None if status.in_reply_to_id is None else urls.get(status.in_reply_to_id),
        "quoteUrl": None if status.quoted_id is None else urls.get(status.quoted_id),
        "summary": status.spoiler_text or None,
        "sensitive": status.sensitive,
        "content": status.html,
        "contentMap": {status.language: status.html} if status.language else None,
        "source": {"content": status.text, "mediaType": "text/plain"},
        "tag": [{"type": "Hashtag", "name": f"#{name}", "href": site.tag_url(name)} for name in status.tags],
    }
    if status.media:
        note["attachment"] = [_attached(site, one) for one in status.media]
    if status.poll is not None:
        note |= _asked(status.poll)
    if former:
        note["formerRepresentations"] = _former(former)
    return {"id": f"{url}/activity", "type": "Create", **common, "object": note}


def _attached(site: Site, media: Media) -> dict[str, object]:
    """What a post shows, as ActivityStreams' `Document` has it: where the file is, and what its owner said it shows."""
    file = media.original
    return {
        "type": "Document",
        "mediaType": file.content_type if file is not None else None,
        "url": site.media_url(media.id, file.file) if file is not None else None,
        "name": media.description or None,
        "blurhash": media.blurhash,
        "width": media.meta.width or None,
        "height": media.meta.height or None,
    }


def _asked(poll: Poll) -> dict[str, object]:
    """A poll as ActivityStreams' `Question` has it; how many chose what only where its author may know."""
    options: list[dict[str, object]] = [{"type": "Note", "name": title} for title in poll.options]
    if poll.shows_totals:
        for option, votes in zip(options, poll.votes, strict=True):
            option["replies"] = {"type": "Collection", "totalItems": votes}
    asked: dict[str, object] = {"anyOf" if poll.multiple else "oneOf": options, "endTime": poll.expires_at}
    return {**asked, "votersCount": poll.voters, "closed": poll.expires_at if poll.is_closed else None}


def _former(versions: Sequence[Version]) -> dict[str, object]:
    """Earlier wordings, oldest first, as Akkoma and Pleroma write them."""
    return {
        "type": "OrderedCollection",
        "totalItems": len(versions),
        "orderedItems": [
            {
                "type": "Note",
                "published": one.created_at,
                "summary": one.spoiler_text or None,
                "sensitive": one.sensitive,
                "content": one.html,
                "source": {"content": one.text, "mediaType": "text/plain"},
                **(
                    {"oneOf": [{"type": "Note", "name": title} for title in one.poll_options]}
                    if one.poll_options
                    else {}
                ),
            }
            for one in versions
        ],
    }


def _audience(visibility: Visibility, followers: str) -> tuple[list[str], list[str]]:
    match visibility:
        case Visibility.PUBLIC:
            return [PUBLIC], [followers]
        case Visibility.UNLISTED:
            return [followers], [PUBLIC]
        case Visibility.PRIVATE:
            return [followers], []
        case Visibility.DIRECT:
            return [], []
