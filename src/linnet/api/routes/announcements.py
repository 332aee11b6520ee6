"""`/api/v1/announcements`: what the operators tell everybody."""

from linnet.api.endpoint import Call, endpoint
from linnet.features.announcements import actions, reads
from linnet.mastodon.entities.announcement import Announcement
from linnet.mastodon.presenters.announcements import present_announcements


@endpoint("GET", "/api/v1/announcements")
async def list_announcements(call: Call) -> list[Announcement]:
    """List what the operators tell everybody now, the oldest first."""
    return await present_announcements(call.engines, call.me, await reads.active(call.engines, call.me))


@endpoint("POST", "/api/v1/announcements/{announcement_id}/dismiss", scope="write:accounts")
async def dismiss_announcement(call: Call, announcement_id: int) -> None:
    """Put an announcement away: it is read."""
    await actions.dismiss(call.engines, call.me, announcement_id)


@endpoint("PUT", "/api/v1/announcements/{announcement_id}/reactions/{name}", scope="write:favourites")
async def add_reaction(call: Call, announcement_id: int, name: str) -> None:
    """Say an emoji to an announcement."""
    await actions.react(call.engines, call.me, announcement_id, name)


@endpoint("DELETE", "/api/v1/announcements/{announcement_id}/reactions/{name}", scope="write:favourites")
async def remove_reaction(call: Call, announcement_id: int, name: str) -> None:
    """Take an emoji back."""
    await actions.take_back(call.engines, call.me, announcement_id, name)
