"""`/api/v1/media`, `/api/v2/media`: what people upload, before a post shows it (https://docs.joinmastodon.org/methods/media/)."""

from typing import Final

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.uploads import Upload
from linnet.features.media import actions, captions, intake, reads, thumbnails, waiting
from linnet.features.media.actions import Words
from linnet.features.media.models import Media, MediaRules, Purpose, State
from linnet.features.media.processing.captions import CAPTIONS_BYTES_MAX
from linnet.mastodon.entities.media import UploadedMedia
from linnet.mastodon.presenters.media import present_upload
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid
from linnet.platform.site import Site

UPLOAD_DEADLINE_S: Final = 3_600.0
"""For all of a request: what is too slow altogether is hung up on long before."""

FORM_BYTES: Final = 64 * 1024
"""Of a form around its files."""

SOON_S: Final = 1.0
"""Version 2 waits so long for what may be ready soon, as most pictures are."""

BLOCKED_S: Final = 60.0
"""Version 1 waits so long for whatever it is."""

THUMBNAIL_S: Final = 10.0


class UploadForm(Form):
    """A file, what its owner says of it, and a picture that stands for it in place of one made from it."""

    file: Upload | None = None
    thumbnail: Upload | None = None
    description: str = ""
    focus: str = ""


class MediaForm(Form):
    """What is said anew of an upload; what is absent stays as it is."""

    thumbnail: Upload | None = None
    description: str | None = None
    focus: str = ""


class CaptionsForm(Form):
    """What is said in a video or a sound, as WebVTT or SubRip, and in which language."""

    file: Upload | None = None
    language: str = ""


def _bytes_max(engines: Engines) -> int:
    rules = engines.config(MediaRules)
    return max(rules.video_bytes_max, rules.image_bytes_max) + rules.image_bytes_max + FORM_BYTES


def _picture_bytes_max(engines: Engines) -> int:
    return engines.config(MediaRules).image_bytes_max + FORM_BYTES


def _file_rule(engines: Engines, name: str, head: bytes) -> int:
    """How large a file may be that begins so; refuses what is not taken while it arrives."""
    return intake.bytes_max(engines.config(MediaRules), _purpose(name), head)


async def _land(engines: Engines, name: str, head: bytes) -> intake.Arrival:
    """A file goes into the store while it arrives."""
    return await intake.arrive(engines, _purpose(name), head)


def _purpose(name: str) -> Purpose:
    return Purpose.ATTACHMENT if name == "file" else Purpose.THUMBNAIL


@endpoint(
    "POST",
    "/api/v2/media",
    scope="write:media",
    also=(202,),
    body_bytes_max=_bytes_max,
    file_rule=_file_rule,
    land=_land,
    deadline_s=UPLOAD_DEADLINE_S,
)
async def upload(call: Call, form: UploadForm) -> UploadedMedia:
    """Upload a file to be attached to a post: 200 when it is ready at once, 202 and no `url` while it is processed.

    What it is is told by its contents. Ask for it with `GET /api/v1/media/:id` until that answers 200, or listen to the
    stream `user` for `media`.
    """
    return await _answer(call, await _take_in(call, form), SOON_S)


@endpoint(
    "POST",
    "/api/v1/media",
    scope="write:media",
    also=(202,),
    body_bytes_max=_bytes_max,
    file_rule=_file_rule,
    land=_land,
    deadline_s=UPLOAD_DEADLINE_S,
)
async def upload_and_wait(call: Call, form: UploadForm) -> UploadedMedia:
    """Upload a file to be attached to a post, and wait until it is ready; 202 where that takes over a minute."""
    return await _answer(call, await _take_in(call, form), BLOCKED_S)


@endpoint("GET", "/api/v1/media/{media_id}", scope="write:media", also=(206,))
async def show(call: Call, media_id: int) -> UploadedMedia:
    """Show an upload: 200 when it is ready, 206 while it is processed, 422 when nothing can be made of it."""
    return await _shown(call, media_id)


@endpoint(
    "PUT",
    "/api/v1/media/{media_id}",
    scope="write:media",
    also=(206,),
    body_bytes_max=_picture_bytes_max,
    file_rule=_file_rule,
    land=_land,
    deadline_s=UPLOAD_DEADLINE_S,
)
async def describe(call: Call, media_id: int, form: MediaForm) -> UploadedMedia:
    """Say something else of an upload, also of one that a post shows, or give it another thumbnail."""
    await actions.describe(call.engines, call.me, media_id, description=form.description, focus=_focus(form.focus))
    if form.thumbnail is not None:
        await _take_in_thumbnail(call, media_id, form.thumbnail)
        await waiting.settled(call.engines, media_id, THUMBNAIL_S)
        refusal = await thumbnails.refusal(call.engines, call.me, media_id)
        if refusal is not None:
            raise Invalid(f"Validation failed: {refusal}")
    return await _shown(call, media_id)


@endpoint("DELETE", "/api/v1/media/{media_id}", scope="write:media")
async def discard(call: Call, media_id: int) -> None:
    """Delete an upload that no post shows, also while it is processed."""
    await actions.discard(call.engines, call.me, media_id)


@endpoint(
    "POST",
    "/api/v1/media/{media_id}/captions",
    scope="write:media",
    body_bytes_max=CAPTIONS_BYTES_MAX + FORM_BYTES,
)
async def caption(call: Call, media_id: int, form: CaptionsForm) -> UploadedMedia:
    """Give a video or a sound captions in a language, in place of those it had in it; posts that show it get them, too.

    They are read and written anew as WebVTT: the variant `captions_<language>`. An extension of Linnet's.
    """
    sent = form.file.file.read(CAPTIONS_BYTES_MAX + 1) if form.file is not None else b""
    media = await captions.caption(call.engines, call.me, media_id, form.language, sent)
    return present_upload(call.engines.config(Site), media)


@endpoint("DELETE", "/api/v1/media/{media_id}/captions/{language}", scope="write:media")
async def uncaption(call: Call, media_id: int, language: str) -> UploadedMedia:
    """Take the captions in a language from a video or a sound, also from one that posts show. Of Linnet's own."""
    media = await captions.uncaption(call.engines, call.me, media_id, language)
    return present_upload(call.engines.config(Site), media)


async def _shown(call: Call, media_id: int, unready: int = 206) -> UploadedMedia:
    """An upload as it is, with the status that says so; 422 when nothing can be made of it."""
    media = await reads.show(call.engines, call.me, media_id)
    if media.state is State.FAILED:
        raise Invalid(f"Validation failed: {media.error}")
    if media.state is not State.READY:
        call.answer_status = unready
    return present_upload(call.engines.config(Site), media)


async def _take_in(call: Call, form: UploadForm) -> Media:
    if form.file is None:
        raise Invalid("Validation failed: File can't be blank")
    media = await _arrival(form.file).take(
        call.engines,
        call.me.account_id,
        name=form.file.filename,
        words=Words(form.description, _focus(form.focus)),
    )
    if form.thumbnail is not None:
        await _take_in_thumbnail(call, media.id, form.thumbnail)
    return media


async def _take_in_thumbnail(call: Call, media_id: int, thumbnail: Upload) -> None:
    await _arrival(thumbnail).take(call.engines, call.me.account_id, name=thumbnail.filename, stands_for=media_id)


async def _answer(call: Call, media: Media, within_s: float) -> UploadedMedia:
    """The upload as it is within so many seconds."""
    await waiting.settled(call.engines, media.id, within_s)
    return await _shown(call, media.id, unready=202)


def _arrival(upload: Upload) -> intake.Arrival:
    if not isinstance(upload.landing, intake.Arrival):  # a second file of one name
        raise Invalid("Validation failed: A form has one file of each name")
    return upload.landing


def _focus(text: str) -> tuple[float, float] | None:
    """`x,y`; an empty text says nothing of it."""
    if not text.strip():
        return None
    try:
        across, up = (float(part) for part in text.split(","))
    except ValueError:
        raise Invalid("Validation failed: Focus must be two numbers from -1 to 1, as x,y") from None
    return across, up
