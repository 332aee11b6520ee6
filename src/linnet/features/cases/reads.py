"""Questions about casework. Staff see all of it but what is about themselves; others what was done about them."""

from collections.abc import Collection, Sequence
from typing import Final

from linnet.features.accounts.models import Viewer
from linnet.features.accounts.permissions import Actor, Operator, Permission, may, require
from linnet.features.cases.models import Case, Choice, Dossier, Report, ReportChoice, Strike
from linnet.features.cases.store import cases, reports, strikes
from linnet.platform.engines import Engines
from linnet.platform.errors import NotFound
from linnet.platform.paging import Window

QUEUE_OFFSET_MAX: Final = 1_000
REPORTS_SHOWN_MAX: Final = 200
"""Reports of one case that are shown with it, the newest; of a campaign there are more, and they say the same."""

ENTRIES_SHOWN_MAX: Final = 500
STRIKES_SHOWN_MAX: Final = 100
REPORTERS_SHOWN_MAX: Final = 200


async def page(engines: Engines, actor: Actor | Operator, window: Window, choice: Choice) -> list[Case]:
    """A page of cases, newest first. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_REPORTS)
    return await cases.page(engines.db, window, choice, actor.account_id)


async def queue(engines: Engines, actor: Actor | Operator, *, limit: int, offset: int) -> list[Case]:
    """Open cases in the order to look at them: those first whose reporters have been right most. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_REPORTS)
    return await cases.queue(engines.db, actor.account_id, limit, min(offset, QUEUE_OFFSET_MAX))


async def show(engines: Engines, actor: Actor | Operator, case_id: int) -> Case:
    """One case. Raises `NotFound`, `Forbidden`."""
    require(actor, Permission.MANAGE_REPORTS)
    found = (await cases.load(engines.db, [case_id])).get(case_id)
    if found is None or found.account_id == actor.account_id:
        raise NotFound
    return found


async def dossier(engines: Engines, actor: Actor | Operator, case_id: int) -> Dossier:
    """One case with all that belongs to it, and the history of both sides. Six statements. Raises as `show`."""
    case = await show(engines, actor, case_id)
    made = await reports.of_case(engines.db, case_id, REPORTS_SHOWN_MAX)
    people = {case.account_id, *(one.account_id for one in made)}
    return Dossier(
        case,
        tuple(made),
        tuple(await cases.entries(engines.db, case_id, ENTRIES_SHOWN_MAX)),
        tuple(await strikes.page(engines.db, case.account_id, Window(limit=STRIKES_SHOWN_MAX))),
        await reports.records(engines.db, people),
    )


async def reports_page(engines: Engines, actor: Actor | Operator, window: Window, choice: ReportChoice) -> list[Report]:
    """A page of reports, newest first. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_REPORTS)
    return await reports.page(engines.db, window, choice, actor.account_id)


async def show_report(engines: Engines, actor: Actor | Operator, report_id: int) -> Report:
    """One report, for staff. Raises `NotFound`, `Forbidden`."""
    require(actor, Permission.MANAGE_REPORTS)
    found = (await reports.load(engines.db, [report_id])).get(report_id)
    if found is None or found.target_id == actor.account_id:
        raise NotFound
    return found


async def own_report(engines: Engines, viewer: Viewer, report_id: int) -> Report:
    """A report that the viewer made. Raises `NotFound` for every other."""
    found = (await reports.load(engines.db, [report_id])).get(report_id)
    if found is None or found.account_id != viewer.account_id:
        raise NotFound
    return found


async def reports_told(engines: Engines, viewer: Viewer, ids: Collection[int]) -> dict[int, Report]:
    """Reports that notifications tell of, by id; none for who may not see them (any more). Two statements or none."""
    if not ids or not may(viewer, Permission.MANAGE_REPORTS):
        return {}
    found = await reports.load(engines.db, ids)
    return {report_id: one for report_id, one in found.items() if one.target_id != viewer.account_id}


async def strikes_told(engines: Engines, viewer: Viewer, ids: Collection[int]) -> dict[int, Strike]:
    """Those of these strikes that are the viewer's own, by id. One statement, none for no ids."""
    found = await strikes.load(engines.db, ids) if ids else {}
    return {strike_id: one for strike_id, one in found.items() if one.account_id == viewer.account_id}


async def own_strikes(engines: Engines, viewer: Viewer, window: Window) -> Sequence[Strike]:
    """A page of what was done about the viewer, newest first."""
    return await strikes.page(engines.db, viewer.account_id, window)


async def own_strike(engines: Engines, viewer: Viewer, strike_id: int) -> Strike:
    """One thing that was done about the viewer. Raises `NotFound`."""
    found = await strikes_told(engines, viewer, [strike_id])
    if strike_id not in found:
        raise NotFound
    return found[strike_id]


async def strikes_of(engines: Engines, actor: Actor | Operator, account_id: int, window: Window) -> Sequence[Strike]:
    """A page of what was done about an account, newest first. Raises `Forbidden`."""
    require(actor, Permission.MANAGE_REPORTS)
    return await strikes.page(engines.db, account_id, window)


async def strike(engines: Engines, actor: Actor | Operator, strike_id: int) -> Strike:
    """One strike, for staff. Raises `NotFound`, `Forbidden`."""
    require(actor, Permission.MANAGE_REPORTS)
    found = (await strikes.load(engines.db, [strike_id])).get(strike_id)
    if found is None:
        raise NotFound
    return found
