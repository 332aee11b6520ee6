"""What people do with their notifications: put them away, and say whose they want."""

from collections.abc import Mapping, Sequence

from linnet.features.accounts.models import Viewer
from linnet.features.notifications.events import RequestsAccepted, RequestsDismissed
from linnet.features.notifications.models import REQUESTS_AT_ONCE_MAX, UNGROUPED, Policy, Verdict
from linnet.features.notifications.store import groups, policies, rows
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, NotFound
from linnet.platform.ids import parse_id

SLICE = 1_000
"""Rows removed by one statement."""


async def dismiss(engines: Engines, viewer: Viewer, notification_id: int) -> None:
    """Put one notification away; `NotFound` when it is not the viewer's."""
    if not await rows.dismiss(engines.db, viewer.account_id, notification_id):
        raise NotFound


async def dismiss_group(engines: Engines, viewer: Viewer, group_key: str) -> None:
    """Put a group away, with all that is in it until now; to do it again is no mistake."""
    if group_key.startswith(UNGROUPED):
        notification_id = parse_id(group_key.removeprefix(UNGROUPED))
        if notification_id is not None:
            await rows.dismiss(engines.db, viewer.account_id, notification_id)
        return
    up_to_id = await rows.newest_id(engines.db, viewer.account_id)
    while await groups.dismiss(engines.db, viewer.account_id, group_key, up_to_id, SLICE) == SLICE:
        pass


async def clear(engines: Engines, viewer: Viewer) -> None:
    """Put away everything the viewer has been told until now, and what waits in requests."""
    up_to_id = await rows.newest_id(engines.db, viewer.account_id)
    while await rows.clear(engines.db, viewer.account_id, up_to_id, SLICE) == SLICE:
        pass


async def change_policy(engines: Engines, viewer: Viewer, verdicts: Mapping[str, Verdict]) -> Policy:
    """Say what is to become of notifications by their cause, as `Policy` names it; the whole policy. From now on only.

    Nothing follows from it, so no event is recorded.
    """
    return await policies.change(engines.db, viewer.account_id, verdicts, engines.clock.now())


async def accept_requests(engines: Engines, viewer: Viewer, request_ids: Sequence[int]) -> None:
    """Let the senders of requests in, for good; what waited is merged later. What is no request any more is no mistake.

    `Invalid` for more than `REQUESTS_AT_ONCE_MAX`.
    """
    _check_number(request_ids)
    async with engines.transaction() as tx:
        accepted = await policies.accept(tx, viewer.account_id, request_ids, engines.clock.now())
        if accepted:
            await tx.record(RequestsAccepted(viewer.account_id, tuple(accepted)))


async def dismiss_requests(engines: Engines, viewer: Viewer, request_ids: Sequence[int]) -> None:
    """Put requests away, with what waits in them; whoever writes again asks again. Raises as `accept_requests`."""
    _check_number(request_ids)
    async with engines.transaction() as tx:
        dismissed = await policies.dismiss(tx, viewer.account_id, request_ids)
        if dismissed:
            up_to_id = await rows.newest_id(tx, viewer.account_id)
            await tx.record(RequestsDismissed(viewer.account_id, tuple(dismissed), up_to_id))


def _check_number(request_ids: Sequence[int]) -> None:
    if len(request_ids) > REQUESTS_AT_ONCE_MAX:
        raise Invalid(f"Choose at most {REQUESTS_AT_ONCE_MAX} requests at once")
