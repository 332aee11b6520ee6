"""Posts for later and drafts, for the wire."""

from collections.abc import Mapping, Sequence

from linnet.features.accounts.models import Viewer
from linnet.features.media.attachments import reads as attached
from linnet.features.statuses.models import Draft
from linnet.features.statuses.saved.models import Saved
from linnet.features.statuses.scheduled.models import Scheduled
from linnet.mastodon import dates
from linnet.mastodon.entities import scheduled_status as entities
from linnet.mastodon.entities.media import MediaAttachment
from linnet.mastodon.presenters.media import present_media
from linnet.platform.engines import Engines
from linnet.platform.site import Site


async def present_scheduled(
    engines: Engines, viewer: Viewer, scheduled: Sequence[Scheduled]
) -> list[entities.ScheduledStatus]:
    """The viewer's posts for later, in their order. One statement where any of them shows media."""
    media = await _media_of(engines, viewer, [one.draft for one in scheduled])
    return [_scheduled(one, media) for one in scheduled]


async def present_drafts(engines: Engines, viewer: Viewer, saved: Sequence[Saved]) -> list[entities.Draft]:
    """The viewer's drafts, in their order. One statement where any of them shows media."""
    media = await _media_of(engines, viewer, [one.draft for one in saved])
    return [_draft(one, media) for one in saved]


Attachments = Mapping[int, MediaAttachment]


async def _media_of(engines: Engines, viewer: Viewer, drafts: Sequence[Draft]) -> Attachments:
    """What is still there of what drafts want to show, by id."""
    ids = {media_id for draft in drafts for media_id in draft.media_ids}
    found = await attached.some(engines.db, viewer, sorted(ids))
    site = engines.config(Site)
    return {media_id: present_media(site, one) for media_id, one in found.items()}


def _shown(draft: Draft, media: Attachments) -> list[MediaAttachment]:
    return [media[one] for one in draft.media_ids if one in media]


def _scheduled(one: Scheduled, media: Attachments) -> entities.ScheduledStatus:
    return entities.ScheduledStatus(
        id=str(one.id),
        scheduled_at=dates.moment(one.scheduled_at),
        params=_params(one.draft),
        media_attachments=_shown(one.draft, media),
        failure=one.failure,
    )


def _draft(one: Saved, media: Attachments) -> entities.Draft:
    return entities.Draft(
        id=str(one.id),
        created_at=dates.moment(one.created_at),
        updated_at=dates.moment(one.updated_at),
        params=_params(one.draft),
        media_attachments=_shown(one.draft, media),
    )


def _params(draft: Draft) -> entities.StatusParams:
    poll = draft.poll
    return entities.StatusParams(
        text=draft.text,
        spoiler_text=draft.spoiler_text,
        sensitive=draft.sensitive,
        visibility=draft.visibility,
        language=draft.language,
        in_reply_to_id=draft.in_reply_to_id,
        quoted_status_id=None if draft.quoted_id is None else str(draft.quoted_id),
        quote_approval_policy=draft.quote_policy,
        poll=poll
        and entities.PollParams(
            options=list(poll.options),
            expires_in=poll.expires_in_s,
            multiple=poll.multiple,
            hide_totals=poll.hides_totals,
        ),
        media_ids=[str(media_id) for media_id in draft.media_ids] or None,
    )
