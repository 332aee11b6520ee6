"""`/api/v1/admin/measures`: how much of what there was, day by day."""

from datetime import datetime
from typing import Final

import msgspec

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.api.routes.admin_accounts import actor_of
from linnet.features.dashboard import reads
from linnet.features.dashboard.models import About, Measure, Period
from linnet.mastodon.entities.dashboard import AdminMeasure
from linnet.mastodon.presenters.dashboard import present_measures
from linnet.platform.ids import parse_id

READ: Final = "admin:read"


class OfTag(msgspec.Struct):
    """Which hashtag."""

    id: str = ""


class OfServer(msgspec.Struct):
    """Which other server: none is known here."""

    domain: str = ""


class PeriodForm(Form):
    """Which days, in UTC: the last 30 unless told otherwise."""

    start_at: datetime | None = None
    end_at: datetime | None = None

    def period(self, call: Call) -> Period:
        """What the reads take."""
        return Period.of(self.start_at, self.end_at, call.engines.clock.now().date())


class MeasuresForm(PeriodForm):
    """Which measures, over which days (100 at most). Keys that do not exist are left out."""

    keys: list[str] = []
    """`active_users`, `new_users`, `interactions`, `opened_reports`, `resolved_reports`, `tag_accounts`, `tag_uses`,
    `tag_servers`, and `instance_…`, which are 0 here."""
    tag_accounts: OfTag | None = None
    tag_uses: OfTag | None = None
    tag_servers: OfTag | None = None
    instance_accounts: OfServer | None = None
    instance_media_attachments: OfServer | None = None
    instance_reports: OfServer | None = None
    instance_statuses: OfServer | None = None
    instance_follows: OfServer | None = None
    instance_followers: OfServer | None = None

    @property
    def about(self) -> About:
        """What the reads take."""
        return About(
            {
                Measure.TAG_ACCOUNTS: tag_id_of(self.tag_accounts),
                Measure.TAG_USES: tag_id_of(self.tag_uses),
                Measure.TAG_SERVERS: tag_id_of(self.tag_servers),
            }
        )


@endpoint("POST", "/api/v1/admin/measures", scope=READ)
async def show_measures(call: Call, form: MeasuresForm) -> list[AdminMeasure]:
    """Tell how much of what there was on each of some days, and in as many days before."""
    keys = [Measure(key) for key in form.keys if key in set(Measure)]
    return present_measures(await reads.measures(call.engines, actor_of(call), keys, form.period(call), form.about))


def tag_id_of(tag: OfTag | None) -> int | None:
    """The hashtag that is meant, if one is."""
    return None if tag is None else parse_id(tag.id)
