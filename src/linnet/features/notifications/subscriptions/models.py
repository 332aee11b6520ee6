"""The nouns of subscriptions: an app on a device that wants to be told, and of what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from linnet.platform.addresses import BadAddress
from linnet.platform.errors import Invalid, Problem
from linnet.platform.http import checked
from linnet.platform.vapid import decoded

ALERTS: Final = (
    "mention",
    "quote",
    "status",
    "reblog",
    "follow",
    "follow_request",
    "favourite",
    "poll",
    "update",
    "quoted_update",
    "admin.sign_up",
    "admin.report",
)
"""Kinds of notifications that can be pushed, by Mastodon's names."""

SECRET_BYTES: Final = 16
"""Of `keys[auth]`: RFC 8291, 3.2."""

APPS_MAX: Final = 20
"""Subscriptions of one account that are pushed to: the newest."""

DEVICE_CHARS_MAX: Final = 4_096
"""Device tokens have no agreed length; Apple's are 64 to 200 characters, Google's some 170."""


class Channel(StrEnum):
    """Whose service takes a push to the device."""

    WEB = "web"
    """Web Push: the service that the browser or app named."""
    FCM = "fcm"
    """Google's Firebase Cloud Messaging."""
    APNS = "apns"
    """Apple's Push Notification service."""


class Policy(StrEnum):
    """Whose doings are pushed."""

    ALL = "all"
    FOLLOWED = "followed"
    """Of whom one follows."""
    FOLLOWER = "follower"
    """Of who follows one."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Channels:
    """Through whom this server can push."""

    available: frozenset[Channel] = frozenset({Channel.WEB})

    def demand(self, channel: Channel) -> None:
        """Raise `Invalid` when it cannot push through this one."""
        if channel not in self.available:
            raise _invalid("platform", "is one that this server does not push through")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants pushed."""

    alerts: frozenset[str] = frozenset()
    policy: Policy = Policy.ALL

    @property
    def named(self) -> dict[str, bool]:
        """Each kind there is, and whether it is wanted."""
        return {alert: alert in self.alerts for alert in ALERTS}


@dataclass(frozen=True, slots=True)
class Target:
    """Where pushes go. Web Push has the receiver's keys, and whether its app knows the standard or what was before."""

    channel: Channel
    address: str
    """The service's endpoint, or the device's token: who knows it can send nothing, but it names the device."""
    public_key: bytes = b""
    secret: bytes = b""
    standard: bool = True
    previews: bool = True
    """Whether posts' words go along. Web Push hides them from its services; Google and Apple could read them."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One app's subscription, as its owner sees it."""

    id: int
    target: Target
    wish: Wish


@dataclass(frozen=True, slots=True)
class Due:
    """A notification that is to be pushed to a subscription."""

    subscription_id: int
    notification_id: int


@dataclass(frozen=True, slots=True)
class Push:
    """What is sent where: a notification as its recipient may see it now."""

    due: Due
    account_id: int
    target: Target
    box: bytes
    """The app's token, sealed."""
    subscribed_at: datetime
    failing_since: datetime | None
    locale: str
    kind: str
    from_account_id: int
    status_id: int | None
    notified_at: datetime
    words: str = ""
    """The status's content warning, or else its text."""


def wish_of(alerts: Mapping[str, bool], policy: str | None) -> Wish:
    """What a request asks for; kinds that nobody knows are ignored. Raises `Invalid` for an unknown policy."""
    if policy is not None and policy not in set(Policy):
        raise _invalid("policy", "must be all, followed, follower or none")
    wanted = frozenset(alert for alert in ALERTS if alerts.get(alert))
    return Wish(wanted, Policy(policy) if policy else Policy.ALL)


def web_target(endpoint: str, p256dh: str, auth: str, *, standard: bool) -> Target:
    """Where a browser's subscription leads; raises `Invalid` for an address or keys that cannot be used."""
    try:
        address = checked(endpoint)
    except BadAddress as error:
        raise _invalid("endpoint", f"is not a valid URL: {error.message}") from None
    try:
        public_key, secret = decoded(p256dh), decoded(auth)
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public_key)
    except ValueError:
        raise _invalid("keys", "must be a point of the curve P-256 and a secret, in base64url") from None
    if len(secret) != SECRET_BYTES:
        raise _invalid("keys", "must have a secret of 16 bytes")
    return Target(Channel.WEB, address, public_key, secret, standard)


def device_target(channel: Channel, token: str, *, previews: bool) -> Target:
    """A phone, known to its maker's service by a token; raises `Invalid`."""
    if not token or len(token) > DEVICE_CHARS_MAX or not token.isascii() or not token.isprintable() or " " in token:
        raise _invalid("token", "must be a device's token")
    if channel is Channel.APNS and not token.isalnum():
        raise _invalid("token", "must be a device's token in hexadecimal")
    return Target(channel, token, previews=previews)


def _invalid(field: str, description: str) -> Invalid:
    return Invalid.of({field: [Problem("ERR_INVALID", description)]})
