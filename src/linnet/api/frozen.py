"""What a frozen account may not do: whatever puts words or marks of its own before others (decision 0044).

Its person signs in, reads, takes things back, appeals, brings their belongings away and leaves, as anybody does.
"""

from typing import TYPE_CHECKING, Final

from linnet.platform.errors import Forbidden

if TYPE_CHECKING:
    from linnet.api.endpoint import Endpoint

_SCOPES: Final = frozenset(
    {
        "write:collections",
        "write:conversations",
        "write:favourites",
        "write:follows",
        "write:media",
        "write:statuses",
    }
)
"""Of these whatever is no DELETE is closed, …"""

_TAKING_BACK: Final = (
    "/captions",
    "/decline",
    "/leave",
    "/markers",
    "/mute",
    "/read",
    "/reject",
    "/remove_from_followers",
    "/revoke",
    "/unfavourite",
    "/unfollow",
    "/unmute",
    "/unreblog",
)
"""… but for paths that end so: they take something back, or concern nobody else."""

_PATHS: Final = frozenset(
    {
        "/api/v1/accounts/update_credentials",
        "/api/v1/accounts/{account_id}/endorse",
        "/api/v1/accounts/{account_id}/pin",
        "/api/v1/featured_tags",
        "/api/v1/imports",
        "/api/v1/invites",
        "/api/v1/profile",
        "/api/v1/statuses/{status_id}/pin",
        "/api/v1/tags/{name}/feature",
    }
)
"""Closed as well: they share a scope with what stays open."""

FROZEN: Final = (
    "Your account is frozen: you can read, but not post, follow, favourite or send messages. "
    "What the moderators told you is among your notifications, and you can appeal it there within 20 days."
)


class Frozen(Forbidden):
    """The account may write nothing until staff say otherwise."""

    code = "account_frozen"

    def __init__(self) -> None:
        super().__init__(FROZEN)


def is_closed(endpoint: "Endpoint") -> bool:
    """Whether a frozen account may not call it."""
    if endpoint.method in {"GET", "DELETE"}:
        return False
    if endpoint.path in _PATHS:
        return True
    return endpoint.scope in _SCOPES and not endpoint.path.endswith(_TAKING_BACK)
