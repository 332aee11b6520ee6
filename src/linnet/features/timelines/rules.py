"""What a home timeline leaves out. Pure: a page comes with how the viewer stands to its people."""

from collections.abc import Callable, Collection, Iterable

from linnet.features.relationships.models import Stance
from linnet.features.statuses.models import Hydrated, Status, Visibility

StanceOf = Callable[[int], Stance | None]
"""How the viewer stands to an account; None when they have nothing to do with each other."""


def allowed(page: Hydrated, viewer_id: int, tags: Collection[str] = ()) -> list[int]:
    """The ids of the page that belong into the viewer's home, in the same order; `tags` are those they follow."""
    return [one.id for one in page if belongs(one, page.subject(one), viewer_id, page.stances.get, tags)]


def belongs(status: Status, subject: Status, viewer_id: int, stance_of: StanceOf, tags: Collection[str] = ()) -> bool:
    """Whether a status the viewer may see belongs into their home; `subject` is what it shows.

    `tags` are the normalised names of hashtags they follow.
    """
    stance = stance_of(status.account_id)
    if stance is not None and not stance.at_home:
        return False
    if is_wanted(status, subject, viewer_id, stance_of):
        return True
    return bool(tags) and is_under(status, viewer_id, stance_of, tags)


def is_under(status: Status, viewer_id: int, stance_of: StanceOf, tags: Collection[str]) -> bool:
    """Whether it is a public original under one of these hashtags, of somebody whom the viewer has not silenced."""
    if status.visibility is not Visibility.PUBLIC or status.reblog_of_id is not None or status.limited:
        return False
    return any(tag in tags for tag in status.tags) and not is_silenced(status.account_id, viewer_id, stance_of)


def is_wanted(status: Status, subject: Status, viewer_id: int, stance_of: StanceOf) -> bool:
    """Whether the viewer follows its author so as to read it, at home or in a list."""
    if is_silenced(subject.account_id, viewer_id, stance_of):
        return False
    if status.account_id == viewer_id:
        return True
    follow = stance_of(status.account_id)
    if follow is None or not follow.following or is_silenced(status.account_id, viewer_id, stance_of):
        return False
    if status.reblog_of_id is not None:
        return follow.showing_reblogs and (not subject.limited or _follows(subject.account_id, viewer_id, stance_of))
    if follow.languages and status.language is not None and status.language not in follow.languages:
        return False
    return _answers_somebody_known(status, viewer_id, stance_of)


def is_silenced(account_id: int, viewer_id: int, stance_of: StanceOf) -> bool:
    """Whether the viewer has silenced somebody, or is blocked by them."""
    relation = stance_of(account_id)
    if account_id == viewer_id or relation is None:
        return False
    return relation.silenced


def _follows(account_id: int, viewer_id: int, stance_of: StanceOf) -> bool:
    """Whether the viewer follows somebody, or is them: nobody else has a status of limited reach brought to them."""
    stance = stance_of(account_id)
    return account_id == viewer_id or (stance is not None and stance.following)


def _answers_somebody_known(status: Status, viewer_id: int, stance_of: StanceOf) -> bool:
    """Replies to strangers stay out of a home, as do replies to people the viewer has silenced."""
    answered = status.in_reply_to_account_id
    if answered is None or answered in {viewer_id, status.account_id} or viewer_id in status.mention_ids:
        return True
    relation = stance_of(answered)
    return relation is not None and relation.following and not is_silenced(answered, viewer_id, stance_of)


def without_repeats(page: Hydrated, ids: Iterable[int]) -> list[int]:
    """Of several entries that show the same status on one page only the oldest: a reblog adds nothing to it."""
    kept: dict[int, int] = {}
    for status_id in reversed(list(ids)):
        kept.setdefault(page.subject(page.statuses[status_id]).id, status_id)
    return sorted(kept.values(), reverse=True)
