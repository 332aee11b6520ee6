"""What is posted, edited or kept for later, as forms, and the drafts and revisions that they become."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from linnet.api.endpoint import Call
from linnet.api.forms import Form
from linnet.api.posting import application_of
from linnet.features.media.attachments.models import Caption
from linnet.features.statuses.models import Draft, QuotePolicy, ReplyPolicy, Revision, Visibility
from linnet.features.statuses.polls.models import PollDraft
from linnet.platform.errors import Invalid
from linnet.platform.ids import parse_id

QuotePolicyName = Literal["public", "followers", "nobody"]
ReplyPolicyName = Literal["everyone", "followers", "followed", "mentioned", "nobody"]
VisibilityName = Literal["public", "unlisted", "private", "direct"]


class PollForm(Form):
    """What is asked; `expires_in` is in seconds."""

    options: list[str] = []
    expires_in: int = 0
    multiple: bool = False
    hide_totals: bool = False


class CaptionForm(Form):
    """What is said of a medium that a status shows; `focus` as `x,y`, each from -1 to 1."""

    id: str = ""
    description: str | None = None
    focus: str | None = None


class DraftForm(Form):
    """What is to be posted."""

    status: str = ""
    spoiler_text: str = ""
    sensitive: bool = False
    visibility: VisibilityName | None = None
    language: str | None = None
    in_reply_to_id: str | None = None
    quoted_status_id: str | None = None
    quote_approval_policy: QuotePolicyName | None = None
    reply_policy: ReplyPolicyName | None = None
    media_ids: list[str] = []
    poll: PollForm | None = None


class StatusForm(DraftForm):
    """What is posted, at once or at `scheduled_at`."""

    scheduled_at: datetime | None = None


class EditForm(Form):
    """The new wording of a status. Without `poll` or `media_ids` it has none any more."""

    status: str = ""
    spoiler_text: str = ""
    sensitive: bool = False
    language: str | None = None
    quote_approval_policy: QuotePolicyName | None = None
    reply_policy: ReplyPolicyName | None = None
    media_ids: list[str] = []
    media_attributes: list[CaptionForm] = []
    poll: PollForm | None = None


def draft_of(call: Call, form: DraftForm, idempotency_key: str | None = None) -> Draft:
    """What somebody wants to post with their app; `Invalid` for ids that are none."""
    return Draft(
        text=form.status,
        spoiler_text=form.spoiler_text,
        sensitive=form.sensitive,
        visibility=Visibility(form.visibility) if form.visibility else None,
        language=form.language,
        in_reply_to_id=_id(form.in_reply_to_id, "The post you are trying to reply to does not appear to exist."),
        quoted_id=_id(form.quoted_status_id, "The post you are trying to quote does not appear to exist."),
        quote_policy=_policy(form.quote_approval_policy),
        reply_policy=ReplyPolicy(form.reply_policy or "everyone"),
        application=application_of(call),
        idempotency_key=idempotency_key,
        poll=_poll(form.poll),
        media_ids=media_ids_of(form.media_ids),
    )


def revision_of(form: EditForm) -> Revision:
    """What somebody wants their status to say."""
    return Revision(
        text=form.status,
        spoiler_text=form.spoiler_text,
        sensitive=form.sensitive,
        language=form.language,
        quote_policy=_policy(form.quote_approval_policy),
        reply_policy=ReplyPolicy(form.reply_policy) if form.reply_policy else None,
        poll=_poll(form.poll),
        media_ids=media_ids_of(form.media_ids),
        captions=captions_of(form.media_attributes),
    )


def _id(text: str | None, sentence: str) -> int | None:
    if not text:
        return None
    found = parse_id(text)
    if found is None:
        raise Invalid(sentence)
    return found


def _policy(name: str | None) -> QuotePolicy | None:
    return QuotePolicy(name) if name else None


def media_ids_of(texts: Sequence[str]) -> tuple[int, ...]:
    """The ids of media in their order, each once; `Invalid` for one that is none."""
    sentence = "Validation failed: Media cannot be found, or is used by another post"
    return tuple(dict.fromkeys(found for text in texts if (found := _id(text, sentence)) is not None))


def captions_of(forms: Sequence[CaptionForm]) -> tuple[Caption, ...]:
    """What is said of media; `Invalid` for a focus that is none."""
    return tuple(
        Caption(found, form.description, focus_of(form.focus))
        for form in forms
        if (found := parse_id(form.id)) is not None
    )


def focus_of(text: str | None) -> tuple[float, float] | None:
    """The two numbers of a focus; `Invalid` for anything else."""
    if not text:
        return None
    try:
        x, y = (float(one) for one in text.split(","))
    except ValueError:
        raise Invalid("Validation failed: Focus must be two numbers from -1 to 1, as x,y") from None
    return x, y


def _poll(form: PollForm | None) -> PollDraft | None:
    if form is None:
        return None
    return PollDraft(tuple(form.options), form.expires_in, form.multiple, form.hide_totals)
