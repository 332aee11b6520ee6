"""What a token grants, as far as the HTTP edge needs to know."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from linnet.features.accounts.models import Viewer

if TYPE_CHECKING:
    from linnet.api.endpoint import Call


class Grant(Protocol):
    """A valid token: whom it speaks for and what it may do."""

    @property
    def viewer(self) -> Viewer | None:
        """The account it speaks for, or None for an app's own token."""
        ...

    @property
    def frozen(self) -> bool:
        """Whether the account may write nothing: see `api/frozen.py`."""
        ...

    @property
    def counted_as(self) -> int:
        """A number that no other token of the same account has, by which its requests are counted."""
        ...

    def allows(self, scope: str) -> bool:
        """Whether it was granted `scope`, directly or through a wider one."""
        ...


Authenticate = Callable[["Call"], Awaitable[Grant | None]]
"""Give the grant of a call, None when it carries no token; raises `Unauthenticated` for a token that is not valid."""
