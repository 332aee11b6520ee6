"""What a row of the authorization table says: whom an endpoint serves, and what everybody else is told.

A column is one caller at one thing. For a path without parameters the thing is the endpoint itself; for one with an id
there is something of the caller's own (or that everybody may see), something `another` person keeps to themselves, and
something of a person who has `blocked` the caller.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Whom = Literal["everybody", "anyone", "person", "app", "moderator", "admin"]
"""No token is looked at · a token is looked at, none will do · an account's token · any token · the account's role."""

REFUSED = ("malformed token", "expired token", "revoked token", "revoked session", "suspended account")
"""Callers whose token is none (any more): they are 401 wherever a token is looked at."""

VIEWER = {"everybody": "none", "anyone": "optional", "app": "app"}
"""`Endpoint.viewer` of a row; of the others it is "required"."""


@dataclass(frozen=True)
class Row:
    """An endpoint's expected statuses."""

    whom: Whom
    scope: str | None
    allowed: int
    """For whoever may call, at their own thing or at one that everybody may see."""
    another: int | None
    """At what another person keeps to themselves; None where the path has no parameter."""
    blocked: int | None
    """At a thing of a person who has blocked the caller."""
    app: int
    """With an app's own token."""
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])
    staff_another: int | None = None
    """What staff get at another's thing, where they may do more than its owner."""

    def expected(self) -> dict[str, int]:
        """The status for each column."""
        looks = self.whom != "everybody"
        anonymous = self.allowed if self.whom in {"everybody", "anyone"} else 401
        staff = {"moderator": {"moderator", "admin"}, "admin": {"admin"}}.get(self.whom)
        found = {
            "no token": anonymous,
            **dict.fromkeys(REFUSED, 401 if looks else self.allowed),
            "wrong scope": 403 if looks and self.scope is not None else self.allowed,
            "app's own token": self.app,
            "person": self.allowed if staff is None else 403,
            "moderator": self.allowed if staff is None or "moderator" in staff else 403,
            "admin": self.allowed,
        }
        if self.another is not None:
            found |= {f"{caller}, another's": self.another for caller in ("person", "moderator", "admin")}
            if self.staff_another is not None:
                found |= {f"{caller}, another's": self.staff_another for caller in ("moderator", "admin")}
            if self.whom in {"everybody", "anyone"}:
                found |= {f"{caller}, another's": self.another for caller in ("no token", "app's own token")}
            if staff is not None:
                found |= {f"{caller}, another's": 403 for caller in {"person", "moderator"} - staff}
        if self.blocked is not None:
            found["person, blocked"] = self.blocked
        return found


def everybody(allowed: int, *, another: int | None = None, blocked: int | None = None, **body: Any) -> Row:
    """An endpoint that looks at no token: whoever asks, the answer is the same."""
    return Row("everybody", None, allowed, another, blocked, app=allowed, body=body)


def anyone(
    scope: str | None, allowed: int, *, another: int | None = None, blocked: int | None = None, **body: Any
) -> Row:
    """An endpoint that answers without a token too, but looks at one that comes."""
    return Row("anyone", scope, allowed, another, blocked, app=allowed, body=body)


def person(
    scope: str | None, allowed: int, *, another: int | None = None, blocked: int | None = None, **body: Any
) -> Row:
    """An endpoint for people who are signed in."""
    return Row("person", scope, allowed, another, blocked, app=401, body=body)


def by_app(scope: str | None, allowed: int, *, app: int, **body: Any) -> Row:
    """An endpoint for any token; `allowed` is what a person's gets, `app` an app's own."""
    return Row("app", scope, allowed, None, None, app=app, body=body)


def staff(whom: Literal["moderator", "admin"], scope: str | None, allowed: int, **at: Any) -> Row:
    """An endpoint for moderators (and admins) or for admins alone; `at`: `another`, `blocked` and the body's fields."""
    another, blocked = at.pop("another", None), at.pop("blocked", None)
    return Row(whom, scope, allowed, another, blocked, app=401, body=at)
