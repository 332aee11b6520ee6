"""Apple's service for phones, over HTTP/2 with a signing key.

https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns, and its neighbours on
tokens and on answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from linnet.platform.addresses import BadAddress
from linnet.platform.http import Answer, Outgoing, TooBig, Unreachable
from linnet.push.messages import HASTY, Message
from linnet.push.outcomes import AWAY, BadCredentials, Outcome, Verdict, later, taken

URL: Final = "https://api.push.apple.com"
TICKET_S: Final = 2_700.0
"""How long a ticket is used: Apple refuses those older than an hour, and new ones within twenty minutes."""

ANSWER_BYTES_MAX: Final = 4_096
GONE: Final = 410
"""Apple's status for `Unregistered` and `ExpiredToken`.

`BadDeviceToken` and its like may come of a wrong topic of ours, or of Apple's other service: they end nothing at once.
"""

OLD_TICKET: Final = frozenset({"ExpiredProviderToken", "InvalidProviderToken"})


@dataclass(frozen=True, slots=True)
class ApnsAccount:
    """A signing key of an Apple team, and the app it pushes to (`topic`, its bundle id)."""

    key_id: str
    team_id: str
    topic: str
    key: EllipticCurvePrivateKey = field(repr=False)
    url: str = URL


class _Failure(msgspec.Struct):
    reason: str = ""
    timestamp: int = 0
    """Milliseconds: when Apple learnt that the token is void."""


def account_of(key: str, *, key_id: str, team_id: str, topic: str, url: str) -> ApnsAccount:
    """The account of a `.p8` key; raises `BadCredentials`."""
    if not (key_id and team_id and topic):
        raise BadCredentials("Apple's key comes with LINNET_APNS_KEY_ID, LINNET_APNS_TEAM_ID and LINNET_APNS_TOPIC")
    try:
        loaded = load_pem_private_key(key.encode(), password=None)
    except (ValueError, TypeError):
        loaded = None
    if not isinstance(loaded, EllipticCurvePrivateKey):
        raise BadCredentials("It must be the contents of a .p8 file, as Apple's console gives it")
    return ApnsAccount(key_id, team_id, topic, loaded, url.rstrip("/") or URL)


class Apns:
    """Sends to phones for one app; `outgoing` speaks HTTP/2."""

    def __init__(self, account: ApnsAccount, outgoing: Outgoing) -> None:
        self._account = account
        self._outgoing = outgoing
        self._ticket = ""
        self._made_s = 0.0

    async def send(
        self, device: str, message: Message, *, ttl_s: int, subscribed_at: datetime, at: datetime
    ) -> Outcome:
        """Hand a message to Apple for a device, to be kept for `ttl_s` seconds."""
        ticket = self._ticket_at(at.timestamp())
        headers = {
            "authorization": f"bearer {ticket}",
            "apns-topic": self._account.topic,
            "apns-push-type": "alert",
            "apns-priority": "10" if message.kind in HASTY else "5",
            "apns-expiration": str(int(at.timestamp()) + ttl_s),
            "apns-collapse-id": str(message.notification_id),
        }
        try:
            answer = await self._outgoing.post(
                f"{self._account.url}/3/device/{device}",
                msgspec.json.encode(_payload(message)),
                headers=headers,
                body_max=ANSWER_BYTES_MAX,
            )
        except (Unreachable, TooBig, BadAddress) as error:
            return later(type(error).__name__)
        failure = _failure_in(answer)
        if failure.reason in OLD_TICKET and ticket == self._ticket:
            self._made_s = 0.0
        return meaning(answer, failure, subscribed_at=subscribed_at, at=at)

    def _ticket_at(self, now_s: float) -> str:
        """The JWT that Apple knows this server by, made anew now and then."""
        if not 0 <= now_s - self._made_s < TICKET_S:
            claims = {"iss": self._account.team_id, "iat": int(now_s)}
            headers = {"kid": self._account.key_id}
            self._ticket = jwt.encode(claims, self._account.key, algorithm="ES256", headers=headers)
            self._made_s = now_s
        return self._ticket


def meaning(answer: Answer, failure: _Failure, *, subscribed_at: datetime, at: datetime) -> Outcome:
    """What Apple's answer says of the message and of the device.

    A device that was void before it subscribed is not: it has got its token back since.
    """
    if answer.status == 200:  # noqa: PLR2004 -- OK
        return taken()
    reason = failure.reason or str(answer.status)
    if answer.status == GONE:
        void_at = datetime.fromtimestamp(failure.timestamp / 1000, UTC)
        outlived = bool(failure.timestamp) and void_at < subscribed_at
        return Outcome(Verdict.REFUSED if outlived else Verdict.GONE, reason)
    if answer.status in AWAY | {403} or answer.status >= 500:  # noqa: PLR2004 -- our ticket, or their own failures
        return later(reason, answer.headers, at=at)
    return Outcome(Verdict.REFUSED, reason)


def _failure_in(answer: Answer) -> _Failure:
    try:
        return msgspec.json.decode(answer.body, type=_Failure) if answer.body else _Failure()
    except msgspec.MsgspecError:
        return _Failure()


def _payload(message: Message) -> Mapping[str, object]:
    """The message in Apple's words. No access token: Apple could read it."""
    alert = {"title": message.title} | ({"body": message.body} if message.body else {})
    return {
        "aps": {"alert": alert, "sound": "default", "mutable-content": 1, "thread-id": str(message.account_id)},
        "account_id": str(message.account_id),
        "notification_id": str(message.notification_id),
        "notification_type": message.kind,
        "preferred_locale": message.locale,
        "icon": message.icon,
    }
