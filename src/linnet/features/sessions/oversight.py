"""What staff see of others' signing in, and do about it; each act is in the audit log."""

from collections.abc import Sequence

from linnet.features.accounts import members, staff
from linnet.features.accounts.permissions import Actor, Operator
from linnet.features.sessions import attempts
from linnet.features.sessions.models import FailedSignIn
from linnet.platform.engines import Engines
from linnet.platform.paging import Window


async def failed_sign_ins(
    engines: Engines, actor: Actor | Operator, account_id: int, window: Window
) -> Sequence[FailedSignIn]:
    """A page of somebody's failed sign-ins, newest first. Raises `Forbidden`, `NotFound`."""
    await members.show(engines, actor, account_id)
    return await attempts.of_account(engines, account_id, window)


async def enable(engines: Engines, actor: Actor | Operator, account_id: int) -> None:
    """Let somebody sign in again, whether staff had locked the account or wrong passwords had. Raises as `unlock`."""
    await staff.unlock(engines, actor, account_id)
    await attempts.unlock(engines, account_id)
