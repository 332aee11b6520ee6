"""`/api/v1/admin/retention`: who joined, and who came back."""

from typing import Literal

from linnet.api.endpoint import Call, endpoint
from linnet.api.routes.admin_accounts import actor_of
from linnet.api.routes.admin_measures import READ, PeriodForm
from linnet.features.dashboard import reads
from linnet.features.dashboard.models import Frequency
from linnet.mastodon.entities.dashboard import AdminCohort
from linnet.mastodon.presenters.dashboard import present_cohorts


class RetentionForm(PeriodForm):
    """Which days: 31 at most, or 12 months."""

    frequency: Literal["day", "month"] = "day"


@endpoint("POST", "/api/v1/admin/retention", scope=READ)
async def show_retention(call: Call, form: RetentionForm) -> list[AdminCohort]:
    """Tell, of those who joined in each day or month, how many were active in that and each later one."""
    frequency = Frequency(form.frequency)
    return present_cohorts(await reads.retention(call.engines, actor_of(call), form.period(call), frequency))
