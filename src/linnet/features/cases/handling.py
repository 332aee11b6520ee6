"""How staff work on cases: take them, note what they find, close them and open them again."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from linnet.features.accounts.acting import Acting, acting
from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.cases import records
from linnet.features.cases.models import TEXT_CHARS_MAX, EntryKind, Outcome
from linnet.features.cases.store import cases
from linnet.platform.engines import Engines
from linnet.platform.errors import Conflict, Invalid, NotFound, Problem

CLOSED: Final = "This case is closed: open it again first"
ANOTHER: Final = "It is open, or another case of this account for the same reason is: go on there"


async def assign(engines: Engines, actor: Actor, case_id: int) -> None:
    """Take a case for oneself; whoever had it has it no longer. Raises `NotFound`, `Forbidden`."""
    async with _at(engines, actor, case_id) as doing:
        await cases.assign(doing.tx, case_id, actor.account_id, doing.clock.now())
        await note_entry(doing, case_id, EntryKind.ASSIGNED)
        await doing.note("case.assign", {"case": str(case_id)})


async def unassign(engines: Engines, actor: Actor | Operator, case_id: int) -> None:
    """Give a case back to everybody. Raises `NotFound`, `Forbidden`."""
    async with _at(engines, actor, case_id) as doing:
        await cases.assign(doing.tx, case_id, None, doing.clock.now())
        await note_entry(doing, case_id, EntryKind.UNASSIGNED)
        await doing.note("case.unassign", {"case": str(case_id)})


async def note(engines: Engines, actor: Actor | Operator, case_id: int, text: str) -> None:
    """Write something down for the others of the staff. Raises `NotFound`, `Forbidden`, `Invalid`."""
    text = text.strip()
    if not text or len(text) > TEXT_CHARS_MAX or "\0" in text:
        raise Invalid.of({"text": [Problem("ERR_INVALID", f"must have 1 to {TEXT_CHARS_MAX} characters")]})
    async with _at(engines, actor, case_id) as doing:
        await note_entry(doing, case_id, EntryKind.NOTE, text)


async def resolve(engines: Engines, actor: Actor | Operator, case_id: int, outcome: Outcome) -> None:
    """Close a case without doing anything more about the account. Raises `NotFound`, `Forbidden`, `Conflict`."""
    async with _at(engines, actor, case_id) as doing:
        if not await close(doing, case_id, outcome):
            raise Conflict(CLOSED)
        await doing.note("case.resolve", {"case": str(case_id), "outcome": outcome})


async def reopen(engines: Engines, actor: Actor | Operator, case_id: int) -> None:
    """Open a closed case again. Raises `NotFound`, `Forbidden`, and `Conflict` while another one is open for it."""
    async with _at(engines, actor, case_id) as doing:
        case = await cases.locked(doing.tx, case_id)
        if case is None or not await cases.reopen(doing.tx, case_id, doing.clock.now()):
            raise Conflict(ANOTHER)
        await records.take_out(doing.tx, case, doing.clock.now())
        await note_entry(doing, case_id, EntryKind.REOPENED)
        await doing.note("case.reopen", {"case": str(case_id)})


async def close(doing: Acting, case_id: int, outcome: Outcome) -> bool:
    """Close a case within an act; False when it is closed already, and stays as it is."""
    by, at = doing.actor.account_id, doing.clock.now()
    case = await cases.locked(doing.tx, case_id)
    if case is None or not await cases.resolve(doing.tx, case_id, outcome, by, at):
        return False
    await records.put_down(doing.tx, case, outcome, at)
    await note_entry(doing, case_id, EntryKind.RESOLVED, outcome)
    return True


async def note_entry(doing: Acting, case_id: int, kind: EntryKind, text: str = "") -> None:
    """Write down what happened in a case within an act."""
    await cases.add_entry(doing.tx, case_id, doing.actor.account_id, kind, text, doing.clock.now())


@asynccontextmanager
async def _at(engines: Engines, actor: Actor | Operator, case_id: int) -> AsyncGenerator[Acting]:
    """A transaction at a case, which nobody else changes; only for who outranks the account that it is about."""
    require(actor, Permission.MANAGE_REPORTS)
    found = (await cases.load(engines.db, [case_id])).get(case_id)
    if found is None or found.account_id == actor.account_id:
        raise NotFound
    async with acting(engines, actor, found.account_id, Permission.MANAGE_REPORTS) as doing:
        await cases.locked(doing.tx, case_id)
        yield doing
