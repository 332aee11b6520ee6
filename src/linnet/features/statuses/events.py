"""What can have happened to a status. `reactions.py` says what follows."""

from linnet.platform.jobs import Event


class StatusPosted(Event, frozen=True, omit_defaults=True):
    """A status was posted: an original, a reply or a quote."""

    status_id: int
    account_id: int
    notable: bool = True
    """False when nobody is to be notified: it mentions and quotes nobody, and no follower asked to hear of it."""
    tag_ids: tuple[int, ...] = ()
    """Its hashtags, if it is for everybody."""
    links: bool = False
    """Whether it may link to other sites."""


class StatusEdited(Event, frozen=True):
    """A status has a new wording, which mentions some who were not mentioned before."""

    status_id: int
    account_id: int
    newly_mentioned_ids: tuple[int, ...] = ()
    tag_ids: tuple[int, ...] = ()
    """Its hashtags, if it is for everybody."""
    links: bool = False
    """Whether it may link to other sites, or did."""


class StatusDeleted(Event, frozen=True):
    """A status, or a reblog of one, was taken back."""

    status_id: int
    account_id: int


class StatusReblogged(Event, frozen=True):
    """`account_id` passed on `status_id`; `reblog_id` is the status that does so."""

    reblog_id: int
    status_id: int
    account_id: int


class StatusFavourited(Event, frozen=True):
    """`account_id` favourited `status_id`."""

    status_id: int
    account_id: int


class StatusUnfavourited(Event, frozen=True):
    """`account_id` took a favourite back."""

    status_id: int
    account_id: int


class PoliciesChanged(Event, frozen=True):
    """Others may quote or answer a status than before."""

    status_id: int
    account_id: int


class ReplyHidden(Event, frozen=True):
    """`account_id` took the answer `status_id` out of its thread, or put it back."""

    status_id: int
    account_id: int


class QuoteRevoked(Event, frozen=True):
    """`account_id` took their `quoted_id` out of `status_id`, which quoted it."""

    status_id: int
    quoted_id: int
    account_id: int


class StatusWithheld(Event, frozen=True):
    """A status is seen by its author only, until somebody has looked at it."""

    status_id: int
    account_id: int


class StatusReleased(Event, frozen=True, omit_defaults=True):
    """A withheld status is for all whom it was written for: it reaches them as if it was posted now."""

    status_id: int
    account_id: int
    notable: bool = True
    """False when nobody is to be notified."""
    tag_ids: tuple[int, ...] = ()
    """Its hashtags, if it is for everybody."""
    links: bool = False
    """Whether it may link to other sites."""


class StatusModerated(Event, frozen=True):
    """A status has its reach limited or not any more, or is shown behind another warning, or none."""

    status_id: int
    account_id: int
