"""`/api/v1/push`: notifications that come to an app by themselves, through Web Push or its maker's service."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from linnet.api.auth import access_of
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.features.notifications.subscriptions import actions, reads
from linnet.features.notifications.subscriptions.models import (
    Channel,
    Channels,
    Wish,
    device_target,
    web_target,
    wish_of,
)
from linnet.mastodon.entities.push import PushDevice, WebPushSubscription
from linnet.mastodon.presenters.push import present_device, present_subscription


class Keys(msgspec.Struct):
    """What the message is encrypted for, in base64url."""

    p256dh: str = ""
    auth: str = ""


class Receiver(msgspec.Struct):
    """The subscription of a browser or an app, as it got it from its push service."""

    endpoint: str = ""
    keys: Keys = msgspec.field(default_factory=Keys)
    standard: bool = False
    """Whether messages are as in RFC 8291 and 8292, and not as in the drafts before."""


class Wanted(msgspec.Struct):
    """Which kinds of notifications, and whose: `all`, `followed`, `follower` or `none`."""

    alerts: Mapping[str, bool] = {}
    policy: str | None = None

    @property
    def wish(self) -> Wish:
        """The same as a noun."""
        return wish_of(self.alerts, self.policy)


class SubscribeForm(Form):
    """A subscription to Web Push."""

    subscription: Receiver
    data: Wanted = msgspec.field(default_factory=Wanted)


class ChangeForm(Form):
    """What to push from now on, in place of all that was."""

    data: Wanted = msgspec.field(default_factory=Wanted)


class DeviceForm(Form):
    """A phone. `previews` sends the posts' words along, which the service could read."""

    platform: Literal["fcm", "apns"]
    token: str
    previews: bool = False
    data: Wanted = msgspec.field(default_factory=Wanted)


@endpoint("POST", "/api/v1/push/subscription", scope="push")
async def subscribe(call: Call, form: SubscribeForm) -> WebPushSubscription:
    """Subscribe to Web Push, in place of this token's former subscription."""
    receiver = form.subscription
    keys = receiver.keys
    target = web_target(receiver.endpoint, keys.p256dh, keys.auth, standard=receiver.standard)
    wish = form.data.wish
    return present_subscription(
        call.engines, await actions.subscribe(call.engines, access_of(call), call.bearer or "", target, wish)
    )


@endpoint("GET", "/api/v1/push/subscription", scope="push")
async def show_subscription(call: Call) -> WebPushSubscription:
    """Show this token's subscription to Web Push."""
    return present_subscription(call.engines, await reads.own(call.engines, access_of(call), web=True))


@endpoint("PUT", "/api/v1/push/subscription", scope="push")
async def change_subscription(call: Call, form: ChangeForm) -> WebPushSubscription:
    """Have other things pushed to this token's app."""
    changed = await actions.change(call.engines, access_of(call), form.data.wish, web=True)
    return present_subscription(call.engines, changed)


@endpoint("DELETE", "/api/v1/push/subscription", scope="push")
async def unsubscribe(call: Call) -> None:
    """End this token's subscription."""
    await actions.unsubscribe(call.engines, access_of(call), web=True)


@endpoint("POST", "/api/v1/push/devices", scope="push")
async def add_device(call: Call, form: DeviceForm) -> PushDevice:
    """Have this token's app notified through Google (FCM) or Apple (APNs), where the server is set up for it.

    In place of its former subscription, of whichever kind. The message has the notification's id and type, and a
    sentence; with `previews` also the beginning of the post.
    """
    channel = Channel(form.platform)
    target = device_target(channel, form.token, previews=form.previews)
    call.engines.config(Channels).demand(channel)
    wish = form.data.wish
    return present_device(await actions.subscribe(call.engines, access_of(call), call.bearer or "", target, wish))


@endpoint("GET", "/api/v1/push/devices", scope="push")
async def show_device(call: Call) -> PushDevice:
    """Show how this token's app is notified through Google or Apple."""
    return present_device(await reads.own(call.engines, access_of(call), web=False))


@endpoint("PUT", "/api/v1/push/devices", scope="push")
async def change_device(call: Call, form: ChangeForm) -> PushDevice:
    """Have other things told to this token's app."""
    return present_device(await actions.change(call.engines, access_of(call), form.data.wish, web=False))


@endpoint("DELETE", "/api/v1/push/devices", scope="push")
async def remove_device(call: Call) -> None:
    """Have this token's app notified no more."""
    await actions.unsubscribe(call.engines, access_of(call), web=False)
