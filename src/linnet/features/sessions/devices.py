"""Known devices: what tells an account's owner from strangers who try passwords."""

from datetime import timedelta
from typing import Final

from linnet.features.sessions.models import Origin
from linnet.features.sessions.store import devices as store
from linnet.features.sessions.tokens import SECRET_CHARS, hash_of, new_secret
from linnet.platform.engines import Engines
from linnet.platform.postgres import Queries

DEVICES_MAX: Final = 50
"""Devices of one account; the one used least lately is forgotten first."""

KEPT_UNUSED: Final = timedelta(days=400)
"""As long as browsers keep a cookie at most."""


async def is_known(engines: Engines, account_id: int | None, device_token: str) -> bool:
    """Whether somebody signed in to this account with this device before; False for no account, after one time."""
    if len(device_token) != SECRET_CHARS:
        return False
    return (await store.standing(engines.db, account_id, hash_of(device_token)))[0]


async def is_anybodys(engines: Engines, device_token: str) -> bool:
    """Whether it is the token of a device that any account knows."""
    if len(device_token) != SECRET_CHARS:
        return False
    return (await store.standing(engines.db, None, hash_of(device_token)))[1]


async def greet(db: Queries, account_id: int, origin: Origin, engines: Engines) -> tuple[str, bool]:
    """Know the device that an account's owner has just signed in with: its token, and whether it is new to them.

    A token that we gave, be it to somebody else at the same browser, stays; any other is not taken.
    """
    ours = anybodys = False
    if len(origin.device_token) == SECRET_CHARS:
        ours, anybodys = await store.standing(db, account_id, hash_of(origin.device_token))
    token = origin.device_token if anybodys else new_secret()
    await store.keep(db, account_id, hash_of(token), engines.clock.now(), DEVICES_MAX)
    return token, not ours


async def trust(db: Queries, account_id: int, origin: Origin, engines: Engines) -> str:
    """Know a device whose owner proved themselves otherwise, such as by a letter; the token it keeps."""
    token, _ = await greet(db, account_id, origin, engines)
    return token


async def forget_all(db: Queries, account_id: int) -> None:
    """Every device is a stranger's again: after a password was reset, for example."""
    await store.forget_all(db, account_id)


async def forget_others(db: Queries, account_id: int, session_id: int) -> None:
    """Every device but the one that a session began at is a stranger's again."""
    await store.forget_others(db, account_id, session_id)
