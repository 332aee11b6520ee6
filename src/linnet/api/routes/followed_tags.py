"""`/api/v1/followed_tags`: the hashtags one follows."""

from typing import ClassVar

from linnet.api.endpoint import Call, endpoint
from linnet.api.paging import Page, PageForm
from linnet.features.statuses.tags import reads
from linnet.mastodon.entities.tag import Tag
from linnet.mastodon.presenters.tags import present_tags


class FollowedTagsForm(PageForm):
    """A page of hashtags: 100 unless told otherwise, at most 200, as in Mastodon."""

    limit_default: ClassVar[int] = 100
    limit_max: ClassVar[int] = 200


@endpoint("GET", "/api/v1/followed_tags", scope="read:follows")
async def list_followed_tags(call: Call, form: FollowedTagsForm) -> Page[Tag]:
    """The hashtags one follows, the latest first."""
    row_ids, found = await reads.followed_page(call.engines, call.me, form.window)
    return Page[Tag].of(await present_tags(call.engines, call.me, found), row_ids, form.window)
