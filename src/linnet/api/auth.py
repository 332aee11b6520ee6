"""Bearer tokens at the edge: which `Access` a call has."""

from linnet.api.endpoint import Call
from linnet.features.sessions import reads
from linnet.features.sessions.last_seen import LastSeen
from linnet.features.sessions.models import Access, Origin
from linnet.platform.errors import Unauthenticated


async def authenticate(call: Call) -> Access | None:
    """What the token of `Authorization: Bearer …` gives; None without one. Raises `Unauthenticated` for a bad one.

    A token in the query string is for streaming alone, where a browser can send no header: it would end in every log.
    """
    token = call.bearer
    if token is None:
        return None
    access = await reads.access_of(call.engines, token, unconfirmed=call.endpoint.unconfirmed)
    if access is None:
        raise Unauthenticated
    see(call, access)
    return access


def see(call: Call, access: Access) -> None:
    """Note that this token or session is in use."""
    call.engines.config(LastSeen).note(access, call.engines.clock.now(), lambda: origin_of(call))


def access_of(call: Call) -> Access:
    """What the call's token gives, at an endpoint that requires one."""
    assert isinstance(call.grant, Access), "access_of is for endpoints that require a token"
    return call.grant


def origin_of(call: Call) -> Origin:
    """Where the call comes from, for the session it begins."""
    return Origin(call.address, call.headers.get("user-agent") or "")
