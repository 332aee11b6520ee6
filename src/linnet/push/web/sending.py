"""One message to one app, by the protocol of Web Push (RFC 8030), and what the service's answer means."""

from datetime import datetime
from typing import Final

import msgspec

from linnet.features.notifications.subscriptions.models import Push
from linnet.features.notifications.subscriptions.reads import token_in
from linnet.platform.addresses import BadAddress
from linnet.platform.engines import Engines
from linnet.platform.http import Outgoing, TooBig, Unreachable, origin_of
from linnet.platform.site import Site
from linnet.platform.vapid import VapidKey
from linnet.push.messages import HASTY, Message
from linnet.push.outcomes import AWAY, Outcome, Verdict, later, taken
from linnet.push.web.encryption import PLAIN_BYTES_MAX, encrypted
from linnet.push.web.resting import Resting

TIMEOUT_S: Final = 5.0
"""Less than a request may take else: others' messages, sent at the same time, are not done before."""

ANSWER_BYTES_MAX: Final = 4_096
GONE: Final = frozenset({404, 410})
"""The subscription has ended. What may be a mistake of ours, as 401 and 403 by a wrong clock, ends nothing at once."""


class Payload(msgspec.Struct, kw_only=True):
    """The message as Mastodon's apps read it. The id is a number there; the token says for which account it is."""

    access_token: str
    preferred_locale: str
    notification_id: int
    notification_type: str
    icon: str
    title: str
    body: str


async def send(engines: Engines, push: Push, message: Message, *, ttl_s: int) -> Outcome:
    """Hand a message to the service that the app named, which keeps it for `ttl_s` seconds."""
    key, now, origin = engines.config(VapidKey), engines.clock.now(), origin_of(push.target.address)
    resting = engines.config(Resting)
    if rest_s := resting.left_s(origin, now.timestamp()):
        return Outcome(Verdict.LATER, "resting", rest_s)
    signature = key.signature(origin, subject(engines.config(Site)), now)
    body, headers = encrypted(key, signature, push.target, plain(token_in(engines, push), message))
    headers |= {
        "Content-Type": "application/octet-stream",
        "TTL": str(ttl_s),
        "Urgency": "high" if message.kind in HASTY else "normal",
    }
    try:
        answer = await engines.config(Outgoing).post(
            push.target.address, body, headers=headers, body_max=ANSWER_BYTES_MAX, timeout_s=TIMEOUT_S
        )
    except BadAddress:
        return Outcome(Verdict.REFUSED, "address")
    except (Unreachable, TooBig) as error:
        resting.silent(origin, engines.clock.now().timestamp())
        return later(type(error).__name__)
    resting.answered(origin)
    return meaning(answer.status, answer.headers.get("retry-after", ""), now)


def plain(token: str, message: Message) -> bytes:
    """The message in JSON; without body and picture should it be too long for the services."""
    payload = Payload(
        access_token=token,
        preferred_locale=message.locale,
        notification_id=message.notification_id,
        notification_type=message.kind,
        icon=message.icon,
        title=message.title,
        body=message.body,
    )
    whole = msgspec.json.encode(payload)
    if len(whole) <= PLAIN_BYTES_MAX:
        return whole
    return msgspec.json.encode(msgspec.structs.replace(payload, body="", icon=""))


def meaning(status: int, retry_after: str, at: datetime) -> Outcome:
    """What a service's answer says of the message and of the subscription."""
    if status in range(200, 300):
        return taken()
    if status in GONE:
        return Outcome(Verdict.GONE, str(status))
    if status in AWAY or status >= 500:  # noqa: PLR2004 -- the server's own failures
        return later(str(status), {"retry-after": retry_after}, at=at)
    return Outcome(Verdict.REFUSED, str(status))


def subject(site: Site) -> str:
    """How whoever runs a push service reaches us: a `mailto:` or `https:` address (RFC 8292, 2.1)."""
    return f"mailto:{site.contact_email}" if site.contact_email else f"https://{site.domain.partition(':')[0]}"
