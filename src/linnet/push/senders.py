"""Who takes a message to a device, by the channel of its subscription."""

from dataclasses import dataclass

from linnet.features.notifications.subscriptions.models import Channel, Push
from linnet.platform.engines import Engines
from linnet.push.apns import Apns
from linnet.push.fcm import Fcm
from linnet.push.messages import Message
from linnet.push.outcomes import Outcome, Verdict
from linnet.push.web import sending as web


@dataclass(frozen=True, slots=True)
class Senders:
    """The makers of phones that this server has an account with."""

    fcm: Fcm | None = None
    apns: Apns | None = None


async def send(engines: Engines, push: Push, message: Message, *, ttl_s: int) -> Outcome:
    """Hand one message to the service it is for, which keeps it for `ttl_s` seconds."""
    target, senders, now = push.target, engines.config(Senders), engines.clock.now()
    if target.channel is Channel.WEB:
        return await web.send(engines, push, message, ttl_s=ttl_s)
    if target.channel is Channel.FCM and senders.fcm:
        return await senders.fcm.send(target.address, message, ttl_s=ttl_s, at=now)
    if target.channel is Channel.APNS and senders.apns:
        subscribed_at = push.subscribed_at
        return await senders.apns.send(target.address, message, ttl_s=ttl_s, subscribed_at=subscribed_at, at=now)
    return Outcome(Verdict.REFUSED, "unconfigured")
