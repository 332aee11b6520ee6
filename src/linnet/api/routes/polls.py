"""`/api/v1/polls`: reading one, and voting."""

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.features.statuses.polls import actions, reads
from linnet.mastodon.entities.poll import Poll
from linnet.mastodon.presenters.polls import present_poll


class VoteForm(Form):
    """The places of the chosen options, from 0."""

    choices: list[int] = []


@endpoint("GET", "/api/v1/polls/{poll_id}", scope="read:statuses", viewer="optional")
async def show_poll(call: Call, poll_id: int) -> Poll:
    """A poll whose status the viewer may see."""
    return await _presented(call, poll_id)


@endpoint("POST", "/api/v1/polls/{poll_id}/votes", scope="write:statuses")
async def vote_in_poll(call: Call, poll_id: int, form: VoteForm) -> Poll:
    """Vote, once and for all, for one option or, where the poll takes several, for some."""
    await actions.vote(call.engines, call.me, poll_id, form.choices)
    return await _presented(call, poll_id)


async def _presented(call: Call, poll_id: int) -> Poll:
    shown = await reads.show(call.engines, call.viewer, poll_id)
    return present_poll(shown.poll, shown.author_id, call.viewer, shown.vote)
