"""`/api/v1/admin/dimensions`: what the server, or a hashtag, is made up of."""

from linnet.api.endpoint import Call, endpoint
from linnet.api.routes.admin_accounts import actor_of
from linnet.api.routes.admin_measures import READ, OfServer, OfTag, PeriodForm, tag_id_of
from linnet.features.dashboard.dimensions import dimensions
from linnet.features.dashboard.models import LISTED, About, Dimension
from linnet.mastodon.entities.dashboard import AdminDimension
from linnet.mastodon.presenters.dashboard import present_dimensions


class DimensionsForm(PeriodForm):
    """Which dimensions, over which days (100 at most). Keys that do not exist are left out."""

    keys: list[str] = []
    """`languages`, `sources`, `servers`, `space_usage`, `software_versions`, `tag_servers`, `tag_languages`, and
    `instance_…`, which are empty here."""
    limit: int = LISTED
    """Parts of each: at most 100."""
    tag_servers: OfTag | None = None
    tag_languages: OfTag | None = None
    instance_accounts: OfServer | None = None
    instance_languages: OfServer | None = None

    @property
    def about(self) -> About:
        """What the reads take."""
        return About(
            {
                Dimension.TAG_SERVERS: tag_id_of(self.tag_servers),
                Dimension.TAG_LANGUAGES: tag_id_of(self.tag_languages),
            }
        )


@endpoint("POST", "/api/v1/admin/dimensions", scope=READ)
async def show_dimensions(call: Call, form: DimensionsForm) -> list[AdminDimension]:
    """Tell what languages people speak, which apps they join with, how much space is used, and more."""
    keys = [Dimension(key) for key in form.keys if key in set(Dimension)]
    found = await dimensions(call.engines, actor_of(call), keys, form.period(call), form.about, form.limit)
    return present_dimensions(found)
