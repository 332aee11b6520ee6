"""Rate limits as Mastodon documents them, counted in Valkey in fixed windows, exactly, for all processes together.

Whoever is signed in is counted by token and by account, everybody else by address: so nobody who is signed in is held
back by strangers behind the same address. A token that is none counts against the address it came from. Where no token
is looked at, all are counted by address, and only beyond its limit is it asked who calls.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Final, Literal

from valkey.exceptions import ResponseError

from linnet.api.browser import signed_in
from linnet.api.dispatch import Allowance
from linnet.api.grants import Authenticate, Grant
from linnet.features.sessions.models import Access
from linnet.features.sessions.recent import RecentAccess
from linnet.platform.errors import EngineDown, ProductError
from linnet.platform.valkey import Command, Script

if TYPE_CHECKING:
    from linnet.api.endpoint import Call

IPV6_NETWORK_BITS: Final = 64
"""An IPv6 subscriber has a whole network to take addresses from, so it is counted as one caller."""

SHORT_S: Final = 5 * 60
LONG_S: Final = 30 * 60
DAY_S: Final = 24 * 60 * 60

Purpose = Literal["uploads", "deletions", "app_signups", "signins", "signups", "letters", "settings", "refreshes"]

_SPEND = Script("""
local counts = {}
for i, key in ipairs(KEYS) do
    counts[i] = redis.call('INCR', key)
    if counts[i] == 1 then redis.call('EXPIRE', key, ARGV[i]) end
end
return counts
""")

ROUTES: Final[Mapping[str, Purpose]] = {
    "POST /api/v1/media": "uploads",
    "POST /api/v2/media": "uploads",
    "POST /api/v1/media/uploads": "uploads",
    "POST /api/v1/imports": "uploads",
    "DELETE /api/v1/statuses/{}": "deletions",
    "POST /api/v1/statuses/{}/unreblog": "deletions",
    "POST /api/v1/accounts": "app_signups",
    "POST /api/v1/auth/login": "signins",
    "POST /signin": "signins",
    "POST /api/v1/auth/signup": "signups",
    "POST /signup": "signups",
    "POST /api/v1/auth/refresh": "refreshes",
}
"""Routes with a limit of their own, by what they are for: routes for the same purpose are counted together."""

PREFIXES: Final[Mapping[str, Purpose]] = {
    "/api/v1/auth/second_factor": "signins",
    "/api/v1/auth/passkeys/signin": "signins",
    "/api/v1/auth/unlock": "signins",
    "/signin": "signins",
    "/unlock": "signins",
    "/api/v1/auth/password/change": "settings",
    "/api/v1/auth/account": "settings",
    "/api/v1/auth/factors": "settings",
    "/api/v1/auth/passkeys": "settings",
    "/api/v1/auth/step_up": "settings",
    "/password/change": "settings",
    "/email/change": "settings",
    "/account": "settings",
    "/settings": "settings",
    "/api/v1/auth/password": "letters",
    "/api/v1/auth/email": "letters",
    "/api/v1/emails": "letters",
    "/password": "letters",
    "/confirm": "letters",
}
"""The same for whatever changes something below these paths; the first that fits counts."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `requests` in each `window_s` seconds."""

    requests: int
    window_s: int = SHORT_S


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of this server. Source of the defaults: Mastodon's page "Rate limits" and its `rack_attack.rb`."""

    token: Limit = Limit(300)
    account: Limit = Limit(1500)
    """For all tokens of an account together."""
    address: Limit = Limit(300)
    """Calls of the API from one address that carry no account's token."""
    pages: Limit = Limit(300)
    """Pages of HTML for one address."""
    pictures: Limit = Limit(3000)
    """Pictures, stylesheets and files of media for one address: a page has many."""
    uploads: Limit = Limit(30, LONG_S)
    uploads_a_day: Limit = Limit(500, DAY_S)
    """On top of the former, and not Mastodon's: what fills a disk goes on for days."""
    deletions: Limit = Limit(30, LONG_S)
    app_signups: Limit = Limit(5, LONG_S)
    signins: Limit = Limit(25)
    """Passwords and second factors tried from one address, besides what each account allows."""
    signups: Limit = Limit(25)
    letters: Limit = Limit(25)
    """Requests that make the server write a letter, or that carry what was in one."""
    settings: Limit = Limit(25)
    """Changes of what an account is proved by, for one account; pages of whoever is not signed in, for one address."""
    refreshes: Limit = Limit(1500)
    """New access tokens for one address: many people who are signed in may share it."""
    routes: Mapping[str, Purpose] = field(default_factory=lambda: ROUTES)

    def purpose(self, route: str) -> Purpose | None:
        """What a route such as `DELETE /api/v1/statuses/{}` has a limit of its own for."""
        found = self.routes.get(route)
        method, _, path = route.partition(" ")
        if found is not None or method == "GET":
            return found
        return next((purpose for prefix, purpose in PREFIXES.items() if path.startswith(prefix)), None)

    def own(self, purpose: Purpose | None) -> "Counted":
        """What a call for this purpose counts towards besides the general limits."""
        if purpose is None:
            return []
        limit: Limit = getattr(self, purpose)
        return [(purpose, limit), ("uploads_a_day", self.uploads_a_day)] if purpose == "uploads" else [(purpose, limit)]


Counted = Sequence[tuple[str, Limit]]
"""What one request counts towards, by a name that no other limit of the same caller has."""


class ValkeyLimiter:
    """Counts requests per token and account, or per address. When Valkey is away, nobody is held back."""

    def __init__(self, limits: Limits, authenticate: Authenticate) -> None:
        self._limits = limits
        self._authenticate = authenticate

    async def spend(self, call: "Call") -> Allowance | None:
        """Count this request: what remains of the limit that is nearest, or None while Valkey is away."""
        limits = self._limits
        purpose = limits.purpose(f"{call.endpoint.method} {call.endpoint.shape}")
        own = limits.own(purpose)
        if call.grant is not None and call.grant.viewer is not None:
            return await self._count_account(call, call.grant, own)
        kind = _kind_of(call)
        general = [] if purpose == "refreshes" else [(kind, getattr(limits, kind))]
        allowance = await _count(call, _network_of(call.address), [*general, *own])
        if allowance is not None and allowance.retry_after_s and purpose in {None, "settings"}:
            return await self._count_apart(call, own) or allowance
        return allowance

    async def spend_early(self, call: "Call") -> Allowance | None:
        """Count a request whose token this process knows, in the trip that hears whether anything has changed.

        So whoever is known costs one trip, and a verb that counts by itself (`moderation/rates.py`) no more than two.
        """
        access = self._known(call)
        if access is None:
            return None
        changes, at_s = call.engines.changes, call.engines.clock.now().timestamp()
        try:
            heard, counts = await call.engines.valkey.ask(changes.command, self.command(access, at_s))
        except (EngineDown, ResponseError):
            return None
        changes.is_at(heard)
        return self.allowance_of(counts, at_s)

    def _known(self, call: "Call") -> Access | None:
        """Whom the call's token spoke for a moment ago, if nothing but the general limits counts it."""
        endpoint, token = call.endpoint, call.bearer
        if token is None or endpoint.viewer == "none" or self._limits.purpose(f"{endpoint.method} {endpoint.shape}"):
            return None
        access = call.engines.config(RecentAccess).find(token, call.engines.clock.now().timestamp(), heard=True)
        return access if access is not None and access.viewer is not None else None

    def command(self, access: Access, at_s: float) -> Command:
        """What to ask Valkey, along with something else, to count a request of a signed-in caller at that moment."""
        assert access.viewer is not None
        limits = self._general(access.counted_as)
        keys = _keys(f"account:{access.viewer.account_id}", limits, at_s)
        return ("EVALSHA", _SPEND.sha, len(keys), *keys, *(limit.window_s + 1 for _, limit in limits))

    def allowance_of(self, counts: Sequence[int], at_s: float) -> Allowance:
        """What the reply to `command` says."""
        return _nearest(self._general(0), counts, at_s)

    def _general(self, counted_as: int) -> Counted:
        return [(f"token:{counted_as}", self._limits.token), ("", self._limits.account)]

    async def _count_apart(self, call: "Call", own: Counted) -> Allowance | None:
        """Count by account after all, where no token was looked at, but one came or the cookie of a session."""
        try:
            grant = await self._authenticate(call) if call.endpoint.viewer == "none" else None
            grant = grant or await signed_in(call)
        except ProductError:
            return None
        if grant is None or grant.viewer is None:
            return None
        return await self._count_account(call, grant, own)

    async def _count_account(self, call: "Call", grant: Grant, own: Counted) -> Allowance | None:
        assert grant.viewer is not None
        return await _count(call, f"account:{grant.viewer.account_id}", [*self._general(grant.counted_as), *own])


async def _count(call: "Call", who: str, limits: Counted) -> Allowance | None:
    """Count a request of `who` towards these limits: the one that is nearest, or None while Valkey is away."""
    now_s = call.engines.clock.now().timestamp()
    try:
        counts = await call.engines.valkey.run(
            _SPEND, _keys(who, limits, now_s), [limit.window_s + 1 for _, limit in limits]
        )
    except EngineDown:
        return None
    return _nearest(limits, counts, now_s)


def _keys(who: str, limits: Counted, at_s: float) -> list[str]:
    return [f"limit:{{{who}}}:{name}:{int(at_s // limit.window_s)}" for name, limit in limits]


def _nearest(limits: Counted, counts: Sequence[int], now_s: float) -> Allowance:
    """What remains of the limit that is nearest; of several that are passed, the one that lasts longest."""
    nearest: Allowance | None = None
    least = math.inf
    for (_, limit), count in zip(limits, counts, strict=True):
        ends_s = (now_s // limit.window_s + 1) * limit.window_s
        over = count > limit.requests
        room = now_s - ends_s if over else 1 - count / limit.requests
        if room < least or nearest is None:
            least = room
            wait_s = math.ceil(ends_s - now_s) if over else 0
            nearest = Allowance(limit.requests, max(limit.requests - count, 0), _moment(ends_s), wait_s)
    assert nearest is not None, "something is counted"
    return nearest


@lru_cache(maxsize=64)
def _moment(at_s: float) -> datetime:
    return datetime.fromtimestamp(at_s, UTC)


def _kind_of(call: "Call") -> Literal["address", "pages", "pictures"]:
    """Which general limit counts a call without an account's token; also the name of its field in `Limits`."""
    if call.path.startswith(("/pictures/", "/pages/", "/media/")):
        return "pictures"
    return "pages" if call.endpoint.hidden else "address"


def _network_of(address: str) -> str:
    """Whom a request without an account is counted for."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "address:local"
    if not isinstance(ip, IPv6Address):
        return f"address:{ip}"
    mapped = ip.ipv4_mapped
    return f"address:{mapped or int(ip) >> (128 - IPV6_NETWORK_BITS)}"
