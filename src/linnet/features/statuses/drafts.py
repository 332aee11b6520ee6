"""What is settled about a draft before it is posted: what its author left open, and what it answers."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from msgspec import UNSET, convert, structs, to_builtins

from linnet.features.accounts.languages import is_language
from linnet.features.accounts.models import Preferences, Viewer
from linnet.features.media.actions import check_number
from linnet.features.media.models import Media
from linnet.features.statuses import quoting, reads, wording
from linnet.features.statuses import text as texts
from linnet.features.statuses.models import Draft, QuotePolicy, Status, Visibility
from linnet.features.statuses.polls import asking
from linnet.features.statuses.polls.models import settled
from linnet.features.statuses.store.writing import Row
from linnet.features.statuses.wording import Wording
from linnet.platform.errors import Invalid, NotFound
from linnet.platform.postgres import Queries


def tidied(draft: Draft) -> Draft:
    """The draft as it is stored. Raises `Invalid` for words or a poll that break a rule."""
    draft = replace(draft, text=texts.clean(draft.text), spoiler_text=texts.clean(draft.spoiler_text))
    check_company(draft.media_ids, asks=draft.poll is not None)
    wording.check(draft.text, draft.spoiler_text, shows=draft.quoted_id is not None or bool(draft.media_ids))
    return draft if draft.poll is None else replace(draft, poll=settled(draft.poll))


def check_company(media_ids: Sequence[int], *, asks: bool) -> None:
    """Raise `Invalid` for more media than a post shows, and for any beside a poll (`asks`)."""
    if media_ids and asks:
        raise Invalid("Validation failed: A post cannot have both a poll and media")
    check_number(media_ids)


def with_defaults(draft: Draft, defaults: Preferences) -> Draft:
    """The draft with what its author left open as they prefer it; what few may see, nobody may quote."""
    visibility = draft.visibility or Visibility(defaults.visibility)
    policy = draft.quote_policy or QuotePolicy(defaults.quote_policy)
    return replace(
        draft,
        visibility=visibility,
        language=language(draft.language) or defaults.language,
        sensitive=draft.sensitive or defaults.sensitive or bool(draft.spoiler_text),
        quote_policy=quoting.allowed(visibility, policy),
    )


def language(code: str | None) -> str | None:
    """What is no language is as good as none, as in Mastodon: then the default holds."""
    return code if code and is_language(code) else None


async def parent(db: Queries, viewer: Viewer, status_id: int | None) -> Status | None:
    """What a draft answers, if anything; `NotFound` when that is not there for the viewer."""
    if status_id is None:
        return None
    try:
        return await reads.subject(db, viewer, status_id)
    except NotFound as gone:
        raise NotFound("The post you are trying to reply to does not appear to exist.") from gone


def published(
    draft: Draft,
    status_id: int,
    author: Viewer,
    words: Wording,
    answered: Status | None,
    media: Iterable[Media],
    at: datetime,
) -> Status:
    """The status that a settled draft has become, as `statuses.store.loading` would load it."""
    assert draft.visibility is not None, "with_defaults comes first"
    assert draft.quote_policy is not None, "with_defaults comes first"
    return Status(
        id=status_id,
        account_id=author.account_id,
        visibility=draft.visibility,
        text=draft.text,
        html=words.html,
        spoiler_text=draft.spoiler_text,
        sensitive=draft.sensitive,
        language=draft.language,
        in_reply_to_id=answered.id if answered else None,
        in_reply_to_account_id=answered.account_id if answered else None,
        reblog_of_id=None,
        quoted_id=draft.quoted_id,
        thread_id=answered.thread_id if answered else status_id,
        mention_ids=tuple(words.mention_ids),
        tags=tuple(words.tag_names),
        quote_policy=draft.quote_policy,
        application=draft.application,
        created_at=at,
        edited_at=None,
        replies=0,
        reblogs=0,
        favourites=0,
        quotes=0,
        reply_policy=draft.reply_policy,
        poll=asking.opened(draft.poll, status_id, at) if draft.poll else None,
        media=tuple(replace(one, status_id=status_id) for one in media),
    )


def row(status: Status, draft: Draft) -> Row:
    """A new status as it is written, under the idempotency key of its draft."""
    plain = Row(
        id=status.id,
        account_id=status.account_id,
        visibility=status.visibility,
        text=status.text,
        html=status.html,
        spoiler_text=status.spoiler_text,
        sensitive=status.sensitive,
        language=status.language,
        in_reply_to_id=status.in_reply_to_id,
        in_reply_to_account_id=status.in_reply_to_account_id,
        quote_of_id=status.quoted_id,
        thread_id=status.thread_id,
        mention_ids=status.mention_ids,
        tags=status.tags,
        quote_policy=status.quote_policy,
        reply_policy=status.reply_policy,
        application_name=status.application.name if status.application else None,
        application_website=status.application.website if status.application else None,
        created_at=status.created_at,
        key=draft.idempotency_key,
        scheduled_id=UNSET if draft.scheduled_id is None else draft.scheduled_id,
        media_ids=tuple(one.id for one in status.media) or UNSET,
    )
    poll = status.poll
    if poll is None:
        return plain
    return structs.replace(
        plain,
        poll_id=poll.id,
        poll_options=poll.options,
        poll_multiple=poll.multiple,
        poll_hides_totals=poll.hides_totals,
        poll_expires_at=poll.expires_at,
    )


def written_down(draft: Draft) -> dict[str, object]:
    """A draft to be kept, as JSON values."""
    return to_builtins(draft)


def read_again(written: object) -> Draft:
    """The draft that `written_down` gave; fields that it did not have yet are as in a draft without them."""
    return convert(written, Draft)
