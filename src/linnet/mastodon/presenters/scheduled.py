"""Posts for later and drafts, for the wire."""

from linnet.features.statuses.models import Draft
from linnet.features.statuses.saved.models import Saved
from linnet.features.statuses.scheduled.models import Scheduled
from linnet.mastodon import dates
from linnet.mastodon.entities import scheduled_status as entities


def present_scheduled(one: Scheduled) -> entities.ScheduledStatus:
    """A post for later."""
    return entities.ScheduledStatus(
        id=str(one.id),
        scheduled_at=dates.moment(one.scheduled_at),
        params=_params(one.draft),
        failure=one.failure,
    )


def present_draft(one: Saved) -> entities.Draft:
    """A draft."""
    return entities.Draft(
        id=str(one.id),
        created_at=dates.moment(one.created_at),
        updated_at=dates.moment(one.updated_at),
        params=_params(one.draft),
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
    )
