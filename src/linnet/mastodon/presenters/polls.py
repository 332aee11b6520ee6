"""Polls for the wire."""

from linnet.features.accounts.models import Viewer
from linnet.features.statuses.polls.models import Poll, Vote
from linnet.mastodon import dates
from linnet.mastodon.entities import poll as entities


def present_poll(poll: Poll, author_id: int, viewer: Viewer | None, vote: Vote | None) -> entities.Poll:
    """A poll for this viewer. An author counts as having voted, as in Mastodon: so clients show them the counts."""
    presented = entities.Poll(
        id=str(poll.id),
        expires_at=dates.moment(poll.expires_at),
        expired=poll.is_closed,
        multiple=poll.multiple,
        votes_count=sum(poll.votes),
        voters_count=poll.voters if poll.multiple else None,
        options=[
            entities.PollOption(title, votes if poll.shows_totals else None)
            for title, votes in zip(poll.options, poll.votes, strict=True)
        ],
    )
    if viewer is not None:
        choices = choices_in(poll.id, vote)
        presented.voted = bool(choices) or viewer.account_id == author_id
        presented.own_votes = list(choices)
    return presented


def choices_in(poll_id: int, vote: Vote | None) -> tuple[int, ...]:
    """What a vote chose in this poll: nothing, if it was in one that the status had before."""
    return vote.choices if vote is not None and vote.poll_id == poll_id else ()


def present_edited(options: tuple[str, ...] | None) -> entities.EditedPoll | None:
    """The poll of one wording of a status."""
    return None if options is None else entities.EditedPoll([entities.EditedPollOption(title) for title in options])
