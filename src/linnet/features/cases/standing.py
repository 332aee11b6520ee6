"""How somebody stands, and every term that it comes of, for those who moderate."""

from dataclasses import dataclass
from datetime import datetime

from linnet.features.accounts import reads as accounts
from linnet.features.accounts.permissions import Actor, Operator, Permission, require
from linnet.features.moderation import standings
from linnet.features.moderation.rates import RateRules
from linnet.features.moderation.standing import (
    PRIOR_CREDIT,
    PRIOR_TROUBLE,
    Part,
    Record,
    Standing,
    parts_of,
    standing_of,
)
from linnet.platform.engines import Engines


@dataclass(frozen=True, slots=True)
class Stood:
    """How an account stands at a moment: what is written down of it, what follows, and by which terms."""

    username: str
    record: Record
    standing: Standing
    parts: list[Part]
    rules: RateRules
    at: datetime

    @property
    def credit(self) -> float:
        """The points that speak for it, those of everybody included."""
        return PRIOR_CREDIT + sum(part.points for part in self.parts if part.points > 0)

    @property
    def trouble(self) -> float:
        """Those that speak against it, likewise."""
        return PRIOR_TROUBLE - sum(part.points for part in self.parts if part.points < 0)


async def show(engines: Engines, actor: Actor | Operator, account_id: int) -> Stood:
    """How an account stands now. Raises `Forbidden`, and `NotFound` for who is not there."""
    require(actor, Permission.MANAGE_REPORTS)
    account = await accounts.show(engines.db, account_id)
    record, now = await standings.record_of(engines.db, account_id), engines.clock.now()
    return Stood(
        account.username, record, standing_of(record, now), parts_of(record, now), engines.config(RateRules), now
    )
