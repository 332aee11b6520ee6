"""What a list shows of those on it, and of its hashtags. Pure, as the rules of homes are, on which these stand."""

from collections.abc import Collection

from linnet.features.statuses.models import Hydrated, Status, Visibility
from linnet.features.timelines import rules
from linnet.features.timelines.lists.models import Opened, RepliesPolicy
from linnet.features.timelines.rules import StanceOf


def allowed(page: Hydrated, opened: Opened, found: Collection[int] = ()) -> list[int]:
    """The ids of the page that belong on the list, in the same order; `found` ones are there by a search."""
    stance_of = page.stances.get
    return [
        one.id
        for one in page
        if belongs(one, page.subject(one), opened, stance_of)
        or (one.id in found and shows_found(one, opened, stance_of))
    ]


def belongs(status: Status, subject: Status, opened: Opened, stance_of: StanceOf) -> bool:
    """Whether a status its owner may see belongs on the list; `subject` is what it shows.

    Of people what their followers would find at home, without what is for the mentioned only, and as the list's
    policy for replies says. Of hashtags every public original: also replies, unless the policy is against all.
    """
    if status.visibility is Visibility.DIRECT:
        return False
    is_by_member = status.account_id in opened.account_ids and _shows_reply(status, opened, stance_of)
    if is_by_member and rules.is_wanted(status, subject, opened.list.owner_id, stance_of):
        return True
    return _is_under_a_tag(status, opened, stance_of)


def _shows_reply(status: Status, opened: Opened, stance_of: StanceOf) -> bool:
    """Answers to themselves and to the list's owner are always shown, as in Mastodon."""
    answered, policy = status.in_reply_to_account_id, opened.list.replies_policy
    if answered is None or answered in {opened.list.owner_id, status.account_id}:
        return True
    if policy is RepliesPolicy.LIST:
        return answered in opened.account_ids
    stance = stance_of(answered)
    return policy is RepliesPolicy.FOLLOWED and stance is not None and stance.following


def shows_found(status: Status, opened: Opened, stance_of: StanceOf) -> bool:
    """Whether what a search on the list has found is shown: as under a hashtag, whoever may read it."""
    if status.visibility is Visibility.DIRECT or rules.is_silenced(status.account_id, opened.list.owner_id, stance_of):
        return False
    return _shows_strangers_reply(status, opened)


def _is_under_a_tag(status: Status, opened: Opened, stance_of: StanceOf) -> bool:
    if not rules.is_under(status, opened.list.owner_id, stance_of, opened.tags):
        return False
    return _shows_strangers_reply(status, opened)


def _shows_strangers_reply(status: Status, opened: Opened) -> bool:
    answered = status.in_reply_to_account_id
    if answered is None or answered in {opened.list.owner_id, status.account_id}:
        return True
    return opened.list.replies_policy is not RepliesPolicy.NONE
