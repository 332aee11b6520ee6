"""Notifications of casework: staff hear of reports, and people of what was done about them."""

from collections.abc import Sequence

from linnet.features.notifications.jobs import STAFF_MAX, write
from linnet.features.notifications.models import Kind, Notice
from linnet.features.notifications.store import audiences
from linnet.platform.engines import Engines


async def tell_of_reports(engines: Engines, reports: Sequence[tuple[int, int, int]]) -> None:
    """Tell those who look at reports; each is (who reported, whom, its id), and told once however often this runs."""
    if reports:
        await write(engines, await audiences.of_reports(engines.db, reports, STAFF_MAX))


async def tell_of_strikes(engines: Engines, strikes: Sequence[tuple[int, int]]) -> None:
    """Tell people what was done about them; each is (whom, the strike's id). They have it from themselves."""
    notices = [Notice(account_id, Kind.MODERATION_WARNING, account_id, strike_id) for account_id, strike_id in strikes]
    await write(engines, notices)
