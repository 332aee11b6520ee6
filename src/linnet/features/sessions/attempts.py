"""How often a password or code may be tried: by account, by origin and by device, so that nobody locks an owner out.

Tries are counted before they are checked, and given back when they were right, so that the number of checks is exact
however many come at once. Names that nobody has are counted just like those somebody has.
"""

import hashlib
import hmac
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

import structlog

from linnet.features.accounts import users
from linnet.features.accounts.passwords import check_room_for_strangers
from linnet.features.sessions import devices
from linnet.features.sessions.events import SignInsLocked
from linnet.features.sessions.models import FailedSignIn, Origin
from linnet.features.sessions.origins import network_of
from linnet.features.sessions.refusals import Refusals
from linnet.features.sessions.store import attempts as store
from linnet.features.sessions.tokens import TokenRules, hash_of
from linnet.platform.engines import Engines
from linnet.platform.errors import EngineDown, TooMany
from linnet.platform.ids import first_id_at
from linnet.platform.paging import Window
from linnet.platform.valkey import Script

WINDOW_S: Final = 3600
KEPT_PER_SUBJECT: Final = 200
TOLD_EVERY: Final = timedelta(days=1)
"""An owner gets at most one letter a day about it, whatever somebody tries."""

FACTOR: Final = "second factor"
CONFIRM: Final = "password again"
"""What `allow` takes instead of a name when codes, or the password of somebody who is signed in, are tried."""

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class Outcome(StrEnum):
    """What became of a try."""

    RIGHT = "right"
    WRONG = "wrong"
    UNCHECKED = "unchecked"
    """It was not looked at after all, for instance because too many wait."""


@dataclass(frozen=True, slots=True)
class AttemptRules:
    """How many wrong tries there may be in an hour. An account can be tried by name and by address: each counts."""

    strangers: int = 9
    """For one name, by all devices that its account does not know together."""
    one_origin: int = 5
    """For one name, by one origin of those."""
    origin: int = 60
    """For all names together, by the unknown devices of one origin."""
    device: int = 20
    """For one account, by one device that it knows."""
    waits_s: Sequence[int] = field(default=(0, 0, 2, 10, 30, 60, 120, 240))
    """Seconds that one origin waits after its first wrong try for a name, the second, …; then the last."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try that may be checked now, and was counted."""

    account_id: int | None
    subject: str
    network: str
    origin: Origin
    keys: tuple[str, ...]
    member: str
    filled: bool
    """Whether no other of its kind may follow within the hour."""
    trusted: bool = False
    """Whether it comes from a device that the account knows."""
    row_id: int | None = None
    """The row that counts it while Valkey is away."""


_COUNT = Script("""
local now, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local since, origin = now - window, ARGV[4]
local function times(key, prefix)
    server.call('ZREMRANGEBYSCORE', key, '-inf', '(' .. since)
    local found, rows = {}, server.call('ZRANGE', key, 0, -1, 'WITHSCORES')
    for i = 1, #rows, 2 do
        if string.sub(rows[i], 1, #prefix) == prefix then found[#found + 1] = tonumber(rows[i + 1]) end
    end
    return found
end
local function wait(found, most)
    if #found < most then return 0 end
    return found[#found - most + 1] + window - now
end
local all, mine = times(KEYS[1], ''), times(KEYS[1], origin)
local for_name, for_origin, here = wait(all, tonumber(ARGV[5])), 0, wait(mine, tonumber(ARGV[6]))
if #mine > 0 then
    local delay = tonumber(ARGV[7 + math.min(#mine, #ARGV - 7)])
    here = math.max(here, mine[#mine] + delay - now)
end
if KEYS[2] then for_origin = wait(times(KEYS[2], ''), tonumber(ARGV[7])) end
local longest = math.max(for_name, for_origin, here)
if longest > 0 then return {longest, for_name, for_origin} end
for _, key in ipairs(KEYS) do
    server.call('ZADD', key, now, origin .. ARGV[3])
    server.call('PEXPIRE', key, window)
end
return {0, #all + 1 >= tonumber(ARGV[5]) and 1 or 0, 0}
""")
"""Milliseconds to wait, and how many of them because of the name, and of the origin, whoever else tries; or 0 and
whether this was the last try, which is then counted under every key.

Takes the time, the window, a name for the try, its origin, the most for the first key, for this origin, for the second
key, and the waits after each wrong try, all times in milliseconds. Only tries that were let through are kept, so each
key has at most as many members as its limit.
"""

_GIVE_BACK = Script("for _, key in ipairs(KEYS) do server.call('ZREM', key, ARGV[1]) end")


async def allow(engines: Engines, account_id: int | None, identifier: str, origin: Origin) -> Attempt:
    """Count a try for a name, whose account is `account_id` if it has one, before anything is checked.

    Raises `TooMany`, with the same sentence for names that nobody has, when it is one too many.
    Tell `note` what became of it.
    """
    rules, network = engines.config(AttemptRules), network_of(origin.address)
    known = await devices.is_known(engines, account_id, origin.device_token)
    subject = _subject(engines, account_id, identifier)
    if known:
        subject = f"{account_id}:device:{hash_of(origin.device_token).hex()[:32]}"
    member, at_ms = secrets.token_hex(8), int(engines.clock.now().timestamp() * 1000)
    keys = (_key(subject),) if known else (_key(subject), _key(f"from:{network}"))
    most, of_one = (rules.device, rules.device) if known else (rules.strangers, rules.one_origin)
    prefix = "" if known else f"{network}|"
    arguments = [at_ms, WINDOW_S * 1000, member, prefix, most, of_one, rules.origin, *(1000 * s for s in rules.waits_s)]
    try:
        wait_ms, filled, origin_ms = await engines.valkey.run(_COUNT, keys, arguments)
    except EngineDown:
        row_id = await _count_rows(engines, account_id, subject, network, origin, most)
        return Attempt(account_id, subject, network, origin, keys, member, filled=False, trusted=known, row_id=row_id)
    if wait_ms:
        if not known:
            refusals, at_s = engines.config(Refusals), at_ms / 1000
            if identifier not in {FACTOR, CONFIRM}:
                refusals.keep(_typed(identifier), filled / 1000, at_s)
            refusals.keep(network, origin_ms / 1000, at_s)
        raise _too_many(math.ceil(wait_ms / 1000))
    last = bool(filled) and not known
    return Attempt(account_id, subject, network, origin, keys, prefix + member, filled=last, trusted=known)


async def refuse_again(engines: Engines, identifier: str, origin: Origin) -> None:
    """Raise `TooMany` for a stranger's try that this process knows to be one too many, or to come when it is full.

    Nothing is asked for it, but whether a device token that comes with it is one of ours at all.
    """
    refusals, at_s = engines.config(Refusals), engines.clock.now().timestamp()
    wait_s = max(refusals.wait_s(_typed(identifier), at_s), refusals.wait_s(network_of(origin.address), at_s))
    try:
        if wait_s:
            raise _too_many(math.ceil(wait_s))
        check_room_for_strangers()
    except TooMany:
        if not await devices.is_anybodys(engines, origin.device_token):
            raise


async def note(engines: Engines, attempt: Attempt, outcome: Outcome) -> None:
    """Say what became of a try: a wrong one is recorded, any other given back."""
    if outcome is Outcome.WRONG:
        await _record(engines, attempt)
    elif attempt.row_id is not None:
        await store.delete(engines.db, attempt.row_id)
    else:
        try:
            await engines.valkey.run(_GIVE_BACK, attempt.keys, [attempt.member])
        except EngineDown:
            log.info("attempt not given back")


async def witness(engines: Engines, account_id: int, origin: Origin) -> None:
    """Record a wrong answer of a kind that nobody can guess, such as a recovery code. It is seen, and not counted."""
    subject = f"{account_id}:unguessable"
    attempt = Attempt(account_id, subject, network_of(origin.address), origin, (), "", filled=False)
    await _insert(engines, attempt, "wrong")


async def unlock(engines: Engines, account_id: int) -> None:
    """Let unknown devices try again for an account as if nothing had been tried lately."""
    engines.config(Refusals).clear()
    since = engines.clock.now() - timedelta(seconds=WINDOW_S)
    await store.release(engines.db, account_id, first_id_at(since))
    try:
        await engines.valkey.forget([_key(_known_subject(account_id, name)) for name in ("a", "a@b", FACTOR, CONFIRM)])
    except EngineDown:
        log.info("attempts unlocked without valkey")


async def of_account(engines: Engines, account_id: int, window: Window) -> Sequence[FailedSignIn]:
    """An account's failed sign-ins, newest first; for its owner and for moderators, as the caller has checked."""
    return [
        FailedSignIn(row["id"], row["created_at"], row["address"], row["agent"], locked=row["outcome"] == "locked")
        for row in await store.of_account(engines.db, account_id, window)
    ]


async def _record(engines: Engines, attempt: Attempt) -> None:
    if attempt.row_id is not None:
        await store.set_wrong(engines.db, attempt.row_id)
        return
    await _insert(engines, attempt, "wrong")
    if not attempt.filled:
        return
    async with engines.transaction() as tx:
        await store.hold(tx, attempt.subject)
        told = await store.locked_since(tx, attempt.subject, first_id_at(engines.clock.now() - TOLD_EVERY))
        if not told:
            await _insert(engines, attempt, "locked", tx)
            if attempt.account_id is not None:
                await tx.record(SignInsLocked(account_id=attempt.account_id))


async def _count_rows(
    engines: Engines, account_id: int | None, subject: str, network: str, origin: Origin, most: int
) -> int:
    """Without Valkey: the row that counts a try as exactly, only slower and without the shorter waits; its id."""
    now, rules = engines.clock.now(), engines.config(AttemptRules)
    since = first_id_at(now - timedelta(seconds=WINDOW_S))
    async with engines.transaction() as tx:
        await store.hold(tx, subject)
        of_subject, of_network = await store.tries(tx, subject, network, since, max(most, rules.origin))
        if of_subject >= most or of_network >= rules.origin:
            raise _too_many(WINDOW_S)
        return await _insert(
            engines, Attempt(account_id, subject, network, origin, (), "", filled=False), "checking", tx
        )


async def _insert(engines: Engines, attempt: Attempt, outcome: store.Outcome, db: store.Queries | None = None) -> int:
    return await store.insert(
        db or engines.db,
        attempt.account_id,
        attempt.subject,
        network=attempt.network,
        address=attempt.origin.address,
        agent=attempt.origin.agent_kept,
        outcome=outcome,
        at=engines.clock.now(),
        kept_max=KEPT_PER_SUBJECT,
    )


def _subject(engines: Engines, account_id: int | None, identifier: str) -> str:
    """Whom a try counts for. A name and an address count apart: a lock must not tell that they belong together."""
    if account_id is not None:
        return _known_subject(account_id, identifier)
    key = engines.config(TokenRules).identifier_key
    return "?" + hmac.new(key, _typed(identifier).encode(errors="replace"), hashlib.sha256).hexdigest()[:32]


def _typed(identifier: str) -> str:
    """A name as it was typed, as far as that makes a difference."""
    return f"name:{identifier.strip().removeprefix('@').lower()[: users.IDENTIFIER_CHARS_MAX + 1]}"


def _known_subject(account_id: int, identifier: str) -> str:
    if identifier in {FACTOR, CONFIRM}:
        return f"{account_id}:{identifier}"
    return f"{account_id}:{'address' if '@' in identifier.strip().removeprefix('@') else 'name'}"


def _key(subject: str) -> str:
    """One slot for all, so that one script counts a name and an origin together."""
    return f"{{signin}}:{subject}"


def _too_many(wait_s: int) -> TooMany:
    minutes = math.ceil(wait_s / 60)
    wait = f"{wait_s} seconds" if wait_s < 120 else f"{minutes} minutes"  # noqa: PLR2004 -- two minutes
    return TooMany(
        f"Too many sign-ins with this name or from here have failed. Please wait {wait}, or sign in at a device where "
        "you were signed in before. If there is such an account, its owner has a letter with a link that lets them in.",
        retry_after_s=wait_s,
    )
