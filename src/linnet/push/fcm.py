"""Google's service for phones: Firebase Cloud Messaging, version 1 of its HTTP API.

https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages/send, and for the ticket that lets us in
https://developers.google.com/identity/protocols/oauth2/service-account#httprest.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from linnet.platform.addresses import BadAddress
from linnet.platform.http import Answer, Outgoing, TooBig, Unreachable
from linnet.push.messages import HASTY, Message
from linnet.push.outcomes import AWAY, BadCredentials, Outcome, Verdict, later, taken

URL: Final = "https://fcm.googleapis.com"
TOKEN_URL: Final = "https://oauth2.googleapis.com/token"  # noqa: S105 -- an address
SCOPE: Final = "https://www.googleapis.com/auth/firebase.messaging"
GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ASSERTION_S: Final = 3_600
EARLY_S: Final = 300.0
"""A ticket is renewed so long before it ends."""

ANSWER_BYTES_MAX: Final = 16_384
GONE: Final = "UNREGISTERED"
"""The app is no longer on that phone. A bare 404, or another sender's token, may come of a wrong project of ours."""


@dataclass(frozen=True, slots=True)
class FcmAccount:
    """A service account of a Firebase project."""

    project: str
    email: str
    key: RSAPrivateKey = field(repr=False)
    token_url: str = TOKEN_URL
    url: str = URL


class _Credentials(msgspec.Struct):
    """What is used of a service account's file."""

    project_id: str
    client_email: str
    private_key: str
    token_uri: str = TOKEN_URL


class _Ticket(msgspec.Struct):
    access_token: str
    expires_in: int


class _Violation(msgspec.Struct):
    field: str = ""


class _Detail(msgspec.Struct, rename="camel"):
    error_code: str = ""
    field_violations: list[_Violation] = []


class _Error(msgspec.Struct):
    status: str = ""
    details: list[_Detail] = []


class _Failure(msgspec.Struct):
    error: _Error = msgspec.field(default_factory=_Error)


def account_of(credentials: str, url: str) -> FcmAccount:
    """The account that a service account's JSON file describes; raises `BadCredentials`."""
    try:
        told = msgspec.json.decode(credentials, type=_Credentials)
        key = load_pem_private_key(told.private_key.encode(), password=None)
    except (msgspec.MsgspecError, ValueError, TypeError):
        key = told = None
    if told is None or not isinstance(key, RSAPrivateKey):
        raise BadCredentials("It must be the JSON of a Firebase service account, as Google's console gives it")
    return FcmAccount(told.project_id, told.client_email, key, told.token_uri, url.rstrip("/") or URL)


class Fcm:
    """Sends to phones for one project, with a ticket that this process renews by itself."""

    def __init__(self, account: FcmAccount, outgoing: Outgoing) -> None:
        self._account = account
        self._outgoing = outgoing
        self._renewing = asyncio.Lock()
        self._ticket = ""
        self._until_s = 0.0

    async def send(self, device: str, message: Message, *, ttl_s: int, at: datetime) -> Outcome:
        """Hand a message to Google for a device, to be kept for `ttl_s` seconds."""
        try:
            if at.timestamp() >= self._until_s and not await self._renew(at):
                return later("ticket")
            ticket = self._ticket
            answer = await self._outgoing.post(
                f"{self._account.url}/v1/projects/{self._account.project}/messages:send",
                msgspec.json.encode({"message": _message(device, message, ttl_s)}),
                headers={"Authorization": f"Bearer {ticket}", "Content-Type": "application/json"},
                body_max=ANSWER_BYTES_MAX,
            )
        except (Unreachable, TooBig, BadAddress) as error:
            return later(type(error).__name__)
        if answer.status == 401 and ticket == self._ticket:  # noqa: PLR2004 -- Unauthorized
            self._until_s = 0.0
        return meaning(answer, at)

    async def _renew(self, at: datetime) -> bool:
        """Get a new ticket, unless another message just did; whether there is one."""
        async with self._renewing:
            now_s = at.timestamp()
            if now_s < self._until_s:
                return True
            account = self._account
            claims = {"iss": account.email, "scope": SCOPE, "aud": account.token_url}
            claims |= {"iat": int(now_s), "exp": int(now_s) + ASSERTION_S}
            form = urlencode({"grant_type": GRANT, "assertion": jwt.encode(claims, account.key, algorithm="RS256")})
            answer = await self._outgoing.post(
                account.token_url,
                form.encode(),
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                body_max=ANSWER_BYTES_MAX,
            )
            try:
                ticket = msgspec.json.decode(answer.body, type=_Ticket)
            except msgspec.MsgspecError:
                return False
            self._ticket, self._until_s = ticket.access_token, now_s + ticket.expires_in - EARLY_S
            return True


def meaning(answer: Answer, at: datetime) -> Outcome:
    """What Google's answer says of the message and of the device (its `ErrorCode`s)."""
    if answer.status == 200:  # noqa: PLR2004 -- OK
        return taken()
    try:
        error = msgspec.json.decode(answer.body, type=_Failure).error
    except msgspec.MsgspecError:
        error = _Error()
    codes = {detail.error_code for detail in error.details if detail.error_code}
    reason = next(iter(sorted(codes)), error.status) or str(answer.status)
    bad_token = any(one.field == "message.token" for detail in error.details for one in detail.field_violations)
    if GONE in codes or bad_token:
        return Outcome(Verdict.GONE, reason)
    if answer.status in AWAY | {401, 403, 404} or answer.status >= 500:  # noqa: PLR2004 -- the server's own failures
        return later(reason, answer.headers, at=at)
    return Outcome(Verdict.REFUSED, reason)


def _message(device: str, message: Message, ttl_s: int) -> Mapping[str, object]:
    """The message in Google's words; all that is for the app itself is text. No access token: Google could read it."""
    return {
        "token": device,
        "notification": {"title": message.title, "body": message.body},
        "data": {
            "account_id": str(message.account_id),
            "notification_id": str(message.notification_id),
            "notification_type": message.kind,
            "preferred_locale": message.locale,
            "icon": message.icon,
        },
        "android": {
            "priority": "HIGH" if message.kind in HASTY else "NORMAL",
            "ttl": f"{ttl_s}s",
            "notification": {"tag": str(message.notification_id)},
        },
    }
