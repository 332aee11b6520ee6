"""How an account stands whose owner is known otherwise than by name and password: by a passkey, or by a session."""

from linnet.features.accounts.passwords import PasswordRules, verify_password
from linnet.features.accounts.store import standing as store
from linnet.features.accounts.users import DISABLED, PENDING
from linnet.platform.engines import Engines
from linnet.platform.errors import Forbidden


async def admit(engines: Engines, account_id: int) -> None:
    """Return when the account may be signed in to; raises `Forbidden` when it is locked or waits for approval."""
    row = await store.of_account(engines.db, account_id)
    if row is None or not row["open"]:
        raise Forbidden(DISABLED)
    if not row["admitted"]:
        raise Forbidden(PENDING)


async def has_password(engines: Engines, account_id: int, password: str) -> bool:
    """Whether this is the account's password."""
    row = await store.of_account(engines.db, account_id)
    hash_ = row["password_hash"] if row is not None else None
    return await verify_password(engines.config(PasswordRules), password, hash_)


async def username_of(engines: Engines, account_id: int) -> str:
    """The account's name."""
    row = await store.of_account(engines.db, account_id)
    assert row is not None, "whoever is signed in has an account"
    return row["username"]
