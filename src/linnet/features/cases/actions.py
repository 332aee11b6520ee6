"""What staff do about accounts: an act is one transaction, leaves a strike, and its person is told in words."""

from collections.abc import Sequence
from typing import Final

from linnet.features.accounts.acting import Acting, acting
from linnet.features.accounts.audit import Detail
from linnet.features.accounts.permissions import Actor, Operator, Permission
from linnet.features.accounts.restrictions import Restriction, lift, restrict
from linnet.features.cases.events import Struck
from linnet.features.cases.handling import close, note_entry
from linnet.features.cases.models import (
    OF_POSTS,
    STATUSES_AT_ONCE_MAX,
    TEXT_CHARS_MAX,
    Act,
    Action,
    EntryKind,
    Outcome,
    Strike,
)
from linnet.features.cases.store import cases, strikes
from linnet.features.moderation import standings
from linnet.features.moderation.standing import What
from linnet.features.statuses import oversight
from linnet.platform.engines import Engines
from linnet.platform.errors import Conflict, Invalid, NotFound, Problem

RESTRICTIONS: Final = {
    Action.SENSITIVE: Restriction.SENSITIZED,
    Action.FREEZE: Restriction.FROZEN,
    Action.LIMIT: Restriction.SILENCED,
    Action.SUSPEND: Restriction.SUSPENDED,
}
"""What each action takes from an account; the others take nothing that lasts."""

UNDONE: Final = "This was taken back before"


async def act(engines: Engines, actor: Actor | Operator, wanted: Act) -> int | None:
    """Do something about an account; the strike's id, None for `Action.NONE`, which leaves none.

    A case it answers is closed by it. Raises `NotFound`, also for a case of somebody else; `Invalid`; `Forbidden` for
    whoever may not, for oneself, for who is not outranked, and for the last admin.
    """
    _check(wanted)
    ends_admin = wanted.action in {Action.FREEZE, Action.SUSPEND}
    async with acting(engines, actor, wanted.account_id, Permission.MANAGE_REPORTS, ends_admin=ends_admin) as doing:
        if wanted.case_id is not None:
            await _check_case(doing, wanted.case_id)
        if wanted.action is Action.NONE:
            await doing.note("strike.none", _detail(wanted, None))
            await _close(doing, wanted, None)
            return None
        affected = await _apply(engines, doing, wanted)
        at = engines.clock.now()
        strike_id = await strikes.insert(doing.tx, wanted, affected, actor.account_id, at)
        await standings.note(doing.tx, wanted.account_id, What.STRIKE, at)
        await doing.note(f"strike.{wanted.action}", _detail(wanted, strike_id))
        await _close(doing, wanted, strike_id)
        await doing.tx.record(Struck(strike_id=strike_id, account_id=wanted.account_id, by_mail=wanted.by_mail))
    return strike_id


async def undo(engines: Engines, actor: Actor | Operator, strike_id: int) -> None:
    """Take back what was done, as far as that can be: deleted posts stay deleted, but the strike does not count.

    What another strike keeps in force stays. Raises `NotFound`, `Conflict` when it was taken back before, and
    `Forbidden` as `act` does.
    """
    strike = (await strikes.load(engines.db, [strike_id])).get(strike_id)
    if strike is None:
        raise NotFound
    async with acting(engines, actor, strike.account_id, Permission.MANAGE_REPORTS) as doing:
        await undo_within(doing, strike)


async def undo_within(doing: Acting, strike: Strike) -> None:
    """The same as part of what else happens, such as an appeal that is granted. Raises `Conflict`."""
    tx, by, at = doing.tx, doing.actor.account_id, doing.clock.now()
    if not await strikes.undo(tx, strike.id, by, at):
        raise Conflict(UNDONE)
    await standings.take_back(tx, strike.account_id, What.STRIKE, strike.at, at)
    restriction = RESTRICTIONS.get(strike.action)
    if restriction is not None and not await strikes.stands(tx, strike.account_id, strike.action, strike.id):
        await lift(doing, restriction)
    if strike.action is Action.MARK_SENSITIVE:
        await oversight.put_behind_warning(tx, strike.account_id, strike.status_ids, sensitive=False)
    await doing.note("strike.undo", {"strike": str(strike.id), "action": strike.action})
    if strike.case_id is not None:
        await note_entry(doing, strike.case_id, EntryKind.UNDONE, strike.action)


async def lift_all(engines: Engines, actor: Actor | Operator, account_id: int, action: Action) -> None:
    """Take back every strike of one action against an account, and what it took even where no strike says so.

    For `unsilence` and the like, which name an account and no strike. Raises as `undo` does, but no `Conflict`.
    """
    async with acting(engines, actor, account_id, Permission.MANAGE_REPORTS) as doing:
        for strike in await strikes.standing(doing.tx, account_id, action):
            await undo_within(doing, strike)
        await lift(doing, RESTRICTIONS[action])
        await doing.note(f"strike.un{action}")


async def _apply(engines: Engines, doing: Acting, wanted: Act) -> Sequence[int]:
    """Do it; the posts that it changed, or, where it changes none, those that it is for."""
    if wanted.action is Action.DELETE_POSTS:
        return await oversight.take_down(engines, doing.tx, wanted.account_id, wanted.status_ids)
    if wanted.action is Action.MARK_SENSITIVE:
        return await oversight.put_behind_warning(doing.tx, wanted.account_id, wanted.status_ids, sensitive=True)
    restriction = RESTRICTIONS.get(wanted.action)
    if restriction is not None:
        await restrict(doing, restriction)
    return wanted.status_ids


async def _check_case(doing: Acting, case_id: int) -> None:
    case = await cases.locked(doing.tx, case_id)
    if case is None or case.account_id != doing.account_id:
        raise NotFound("This account has no such case")


async def _close(doing: Acting, wanted: Act, strike_id: int | None) -> None:
    if wanted.case_id is None:
        return
    if strike_id is not None:
        await note_entry(doing, wanted.case_id, EntryKind.ACTED, wanted.action)
    await close(doing, wanted.case_id, Outcome.DISMISSED if strike_id is None else Outcome.UPHELD)


def _check(wanted: Act) -> None:
    if len(wanted.text) > TEXT_CHARS_MAX:
        raise Invalid.of({"text": [Problem("ERR_TOO_LONG", f"is too long (maximum is {TEXT_CHARS_MAX} characters)")]})
    if "\0" in wanted.text:
        raise Invalid.of({"text": [Problem("ERR_INVALID", "has a character that no text has")]})
    if wanted.action in OF_POSTS and not wanted.status_ids:
        raise Invalid.of({"status_ids": [Problem("ERR_BLANK", "must name the posts that this is about")]})
    if len(wanted.status_ids) > STATUSES_AT_ONCE_MAX:
        raise Invalid.of({"status_ids": [Problem("ERR_TOO_LONG", f"must be at most {STATUSES_AT_ONCE_MAX}")]})
    if wanted.action is Action.WARN and not wanted.text.strip():
        raise Invalid.of({"text": [Problem("ERR_BLANK", "must say what this person is warned of")]})


def _detail(wanted: Act, strike_id: int | None) -> Detail:
    """For the audit log: numbers and choices, never the words."""
    found: dict[str, str | int | bool | None] = {}
    if strike_id is not None:
        found["strike"] = str(strike_id)
    if wanted.case_id is not None:
        found["case"] = str(wanted.case_id)
    if wanted.status_ids:
        found["posts"] = len(wanted.status_ids)
    return found
