"""How much one person may do in a while, by tier: posts, follows, mentions of strangers, messages, links, media.

Verbs spend where they act, so it is the same whichever way somebody comes in: an app, a post for later, an import. No
span of the length of a limit, wherever it begins, has more in it than the limit allows, however many requests come to
however many processes at once; what is refused is not counted. While Valkey is away nobody is held back.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from linnet.features.moderation import standings
from linnet.features.moderation.standing import Tier
from linnet.platform.engines import Engines, Transaction
from linnet.platform.errors import EngineDown, TooMany
from linnet.platform.valkey import Script

MOST_MAX: Final = 10_000
"""The highest limit there may be: so many moments of 8 bytes are kept of one person and one kind of act."""

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


class Act(StrEnum):
    """What people do that is limited."""

    POSTS = "posts"
    """Posts, answers, quotes and boosts."""
    FOLLOWS = "follows"
    """Follows, and requests to."""
    STRANGERS = "strangers"
    """People who do not follow one, mentioned or written to."""
    MESSAGES = "messages"
    LINKS = "links"
    MEDIA = "media"
    """Pictures, videos and sounds that a post or message shows."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """How often something may be done within a time, by tier."""

    within: timedelta
    new: int
    ordinary: int
    trusted: int
    poor: int

    def most(self, tier: Tier) -> int:
        """How often somebody of this tier may."""
        match tier:
            case Tier.NEW:
                return self.new
            case Tier.ORDINARY:
                return self.ordinary
            case Tier.TRUSTED:
                return self.trusted
            case Tier.POOR:
                return self.poor


@dataclass(frozen=True, slots=True)
class RateRules:
    """What this server allows. Ordinary members may post and follow as often as everybody may on Mastodon."""

    posts: Allowed = Allowed(3 * HOUR, new=100, ordinary=300, trusted=600, poor=20)
    follows: Allowed = Allowed(DAY, new=200, ordinary=400, trusted=800, poor=20)
    strangers: Allowed = Allowed(DAY, new=60, ordinary=300, trusted=600, poor=10)
    messages: Allowed = Allowed(HOUR, new=60, ordinary=300, trusted=600, poor=20)
    links: Allowed = Allowed(DAY, new=40, ordinary=300, trusted=600, poor=5)
    media: Allowed = Allowed(DAY, new=100, ordinary=400, trusted=800, poor=20)
    are_on: bool = True

    def of(self, act: Act) -> Allowed:
        """The limits of one kind of act."""
        found: Allowed = getattr(self, act.value)
        return found


class TooOften(TooMany):
    """Somebody did one thing as often as their tier may; the message says what, and when to come back."""

    code = "too_often"

    def __init__(self, act: Act, amount: int, tier: Tier, allowed: Allowed, *, retry_after_s: int) -> None:
        self.act = act
        self.tier = tier
        self.waiting_helps = amount <= allowed.most(tier)
        """False when this alone is more than the limit."""
        rest = f"this would be more. Try again in {in_words(retry_after_s)}."
        if not self.waiting_helps:
            rest = f"this alone has {amount:,}."
        super().__init__(f"{_may(act, tier, allowed)}, and {rest}", retry_after_s=retry_after_s)


@dataclass(frozen=True, slots=True)
class Spent:
    """What was counted, to be given back when nothing came of it."""

    account_id: int
    amounts: Mapping[Act, int]
    at_ms: int


_SPEND: Final = Script("""
local now = tonumber(ARGV[1])
for i, key in ipairs(KEYS) do
    local amount, most, within = tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1])
    local over = redis.call('LLEN', key) + amount - most
    if over > 0 then
        local oldest = redis.call('LINDEX', key, 0)
        while oldest and tonumber(oldest) <= now - within do
            redis.call('LPOP', key)
            over = over - 1
            oldest = redis.call('LINDEX', key, 0)
        end
        if over > 0 then
            local last = amount <= most and redis.call('LINDEX', key, over - 1)
            return {i, last and tonumber(last) + within - now or within}
        end
    end
end
for i, key in ipairs(KEYS) do
    for _ = 1, tonumber(ARGV[3 * i - 1]) do redis.call('RPUSH', key, ARGV[1]) end
    redis.call('PEXPIRE', key, ARGV[3 * i + 1])
end
return nil
""")
"""Count all, or nothing: then which is too much, and in how many milliseconds there is room for it.

A key is a list of the moments at which one person did one thing, the oldest first. What is too old is let go of only
when the list is full, so to count is to append.
"""

_GIVE_BACK: Final = Script("""
for i, key in ipairs(KEYS) do redis.call('LREM', key, -tonumber(ARGV[i + 1]), ARGV[1]) end
""")


async def spend(
    engines: Engines, account_id: int, amounts: Mapping[Act, int], *, tx: Transaction | None = None
) -> Spent | None:
    """Count what somebody is about to do, all of it or, where any is too much, nothing: then `TooOften` is raised.

    None when nothing was counted: limits are off, or Valkey is away. One trip to Valkey. Whoever is within a
    transaction gives it.
    """
    rules = engines.config(RateRules)
    wanted = [(act, amount) for act, amount in amounts.items() if amount > 0]
    if not rules.are_on or not wanted:
        return None
    tier = (await standings.standing(engines, account_id, tx=tx)).tier
    at_ms = int(engines.clock.now().timestamp() * 1000)
    limits = [(amount, rules.of(act).most(tier), _ms(rules.of(act))) for act, amount in wanted]
    try:
        refused: Sequence[int] | None = await engines.valkey.run(
            _SPEND, _keys(account_id, [act for act, _ in wanted]), [at_ms, *(one for limit in limits for one in limit)]
        )
    except EngineDown:
        return None
    if refused is not None:
        act, amount = wanted[refused[0] - 1]
        raise TooOften(act, amount, tier, rules.of(act), retry_after_s=max(math.ceil(refused[1] / 1000), 1))
    return Spent(account_id, dict(wanted), at_ms)


async def give_back(engines: Engines, spent: Spent | None) -> None:
    """Count it no more: nothing came of it."""
    if spent is None:
        return
    try:
        await engines.valkey.run(
            _GIVE_BACK, _keys(spent.account_id, list(spent.amounts)), [spent.at_ms, *spent.amounts.values()]
        )
    except EngineDown:
        return


def _keys(account_id: int, acts: Sequence[Act]) -> list[str]:
    """One list for each kind of act, all of an account in one slot of a cluster."""
    return [f"rate:{{account:{account_id}}}:{act.value}" for act in acts]


def _ms(allowed: Allowed) -> int:
    return int(allowed.within.total_seconds() * 1000)


_WHO: Final[Mapping[Tier, str]] = {
    Tier.NEW: "New members may",
    Tier.ORDINARY: "You may",
    Tier.TRUSTED: "You may",
    Tier.POOR: "After what was found in your posts lately, you may",
}

_WHAT: Final[Mapping[Act, str]] = {
    Act.POSTS: "post or boost {times}",
    Act.FOLLOWS: "follow {people}",
    Act.STRANGERS: "mention or write to {people} who did not choose to hear of it",
    Act.MESSAGES: "send {number} private messages",
    Act.LINKS: "share {number} links",
    Act.MEDIA: "share {number} pictures, videos and sounds",
}


def _may(act: Act, tier: Tier, allowed: Allowed) -> str:
    most = allowed.most(tier)
    what = _WHAT[act].format(
        number=f"{most:,}",
        times="once" if most == 1 else f"{most:,} times",
        people="one person" if most == 1 else f"{most:,} people",
    )
    within = in_words(int(allowed.within.total_seconds()))
    return f"{_WHO[tier]} {what} within {within}"


_UNITS: Final = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def in_words(seconds: int) -> str:
    """A time as people say it, never less than it is: `3 hours`, `a minute`, `40 seconds`."""
    for unit_s, name in _UNITS:
        if seconds >= unit_s:
            many = math.ceil(seconds / unit_s)
            return f"{many} {name}s" if many > 1 else f"{'an' if name == 'hour' else 'a'} {name}"
    return "a second"
