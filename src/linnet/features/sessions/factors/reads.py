"""What an account has besides its password, for its owner."""

from linnet.features.sessions.factors import passkeys
from linnet.features.sessions.factors.models import Factors
from linnet.features.sessions.factors.store import proofs as store
from linnet.platform.engines import Engines


async def of_account(engines: Engines, account_id: int) -> Factors:
    """An account's factors."""
    row = await store.factors(engines.db, account_id)
    found = await passkeys.of_account(engines, account_id) if row["passkeys"] else ()
    return Factors(row["totp"], tuple(found), row["codes_left"])
