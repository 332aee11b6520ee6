"""Writing a policy down and letting one hold; both are in the audit log, and nothing of it is ever changed."""

from enum import StrEnum
from typing import Final

from linnet.features.accounts.audit import note_act
from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.moderation import policies
from linnet.features.moderation.policies import Version
from linnet.platform.engines import Engines
from linnet.platform.errors import Invalid, Problem

NOTE_CHARS_MAX: Final = 500


class Act(StrEnum):
    """What is written into the audit log."""

    ADD = "policy.add"
    ACTIVATE = "policy.activate"


async def add(engines: Engines, actor: Actor | Operator, source: str, note: str = "") -> Version:
    """Keep a new version, which does not hold yet. Raises `PolicyInvalid` with all mistakes; `Invalid`, `Forbidden`."""
    require(actor, Permission.MANAGE_SETTINGS)
    _check(note)
    async with engines.transaction() as tx:
        at = engines.clock.now()
        number = await policies.add(tx, source, actor.account_id, at, note)
        await note_act(tx, engines.clock, actor, Act.ADD, None, {"version": number})
    return Version(number, source, note, actor.account_id, at)


async def activate(engines: Engines, actor: Actor | Operator, number: int) -> Version:
    """Let a version hold from now on, in every process. Raises `NotFound`, `PolicyInvalid`, `Forbidden`."""
    require(actor, Permission.MANAGE_SETTINGS)
    async with engines.transaction() as tx:
        before = await policies.active(tx)
        await policies.activate(tx, number, actor.account_id, engines.clock.now())
        detail = {"version": number, "before": before.number}
        await note_act(tx, engines.clock, actor, Act.ACTIVATE, None, detail)
        return await policies.version(tx, number)


def _check(note: str) -> None:
    if len(note) > NOTE_CHARS_MAX:
        problem = Problem("ERR_TOO_LONG", f"is too long (maximum is {NOTE_CHARS_MAX} characters)")
        raise Invalid.of({"note": [problem]})
