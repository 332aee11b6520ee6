"""Rate limits as Mastodon documents them, counted in Valkey in fixed windows, exactly, for all processes together."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Final

from linnet.api.dispatch import Allowance
from linnet.platform.errors import EngineDown
from linnet.platform.valkey import Script

if TYPE_CHECKING:
    from linnet.api.endpoint import Call

IPV6_NETWORK_BITS: Final = 64
"""An IPv6 subscriber has a whole network to take addresses from, so it is counted as one caller."""

_SPEND = Script("""
local counts = {}
for i, key in ipairs(KEYS) do
    counts[i] = redis.call('INCR', key)
    if counts[i] == 1 then redis.call('EXPIRE', key, ARGV[i]) end
end
return counts
""")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `requests` in each `window_s` seconds."""

    requests: int
    window_s: int


_MEDIA: Final = Limit(30, 30 * 60)
_DELETE: Final = Limit(30, 30 * 60)
ROUTES: Final[Mapping[str, Limit]] = {
    "POST /api/v1/media": _MEDIA,
    "POST /api/v2/media": _MEDIA,
    "DELETE /api/v1/statuses/{}": _DELETE,
    "POST /api/v1/statuses/{}/unreblog": _DELETE,
    "POST /api/v1/accounts": Limit(25, 5 * 60),
}
"""Routes with a limit of their own besides the general one. Source: Mastodon's "Rate limits" page, but for accounts."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of this server. Mastodon's documented ones unless an operator says otherwise."""

    account: Limit = Limit(300, 300)
    address: Limit = Limit(300, 300)
    """For each IP address whose requests carry no account's token."""
    routes: Mapping[str, Limit] = field(default_factory=lambda: ROUTES)


class ValkeyLimiter:
    """Counts requests per account, or per address when there is none. When Valkey is away, nobody is held back."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    async def spend(self, call: "Call") -> Allowance | None:
        """Count this request: what remains of the limit that is nearest, or None while Valkey is away."""
        now_s = call.engines.clock.now().timestamp()
        who = _caller_of(call)
        general = self._limits.address if call.viewer is None else self._limits.account
        limits = [("", general)]
        route = f"{call.endpoint.method} {call.endpoint.shape}"
        if route in self._limits.routes:
            limits.append((route, self._limits.routes[route]))
        keys = [f"limit:{{{who}}}:{name}:{int(now_s // limit.window_s)}" for name, limit in limits]
        try:
            counts = await call.engines.valkey.run(_SPEND, keys, [limit.window_s + 1 for _, limit in limits])
        except EngineDown:
            return None
        spent = [_allowance(limit, count, now_s) for (_, limit), count in zip(limits, counts, strict=True)]
        return min(spent, key=lambda one: (-one.retry_after_s, one.remaining / max(one.limit, 1)))


def _allowance(limit: Limit, count: int, now_s: float) -> Allowance:
    ends_s = (now_s // limit.window_s + 1) * limit.window_s
    over = count > limit.requests
    return Allowance(
        limit=limit.requests,
        remaining=max(limit.requests - count, 0),
        resets_at=datetime.fromtimestamp(ends_s, UTC),
        retry_after_s=math.ceil(ends_s - now_s) if over else 0,
    )


def _caller_of(call: "Call") -> str:
    """Whom a request is counted for."""
    if call.viewer is not None:
        return f"account:{call.viewer.account_id}"
    try:
        address = ip_address(call.address)
    except ValueError:
        return "address:local"
    if not isinstance(address, IPv6Address):
        return f"address:{address}"
    mapped = address.ipv4_mapped
    return f"address:{mapped or int(address) >> (128 - IPV6_NETWORK_BITS)}"
