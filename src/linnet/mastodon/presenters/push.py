"""Subscriptions for the wire."""

from linnet.features.notifications.subscriptions.models import Subscription
from linnet.mastodon.entities.push import PushDevice, WebPushSubscription
from linnet.platform.engines import Engines
from linnet.platform.vapid import VapidKey


def present_subscription(engines: Engines, subscription: Subscription) -> WebPushSubscription:
    """A subscription to Web Push."""
    return WebPushSubscription(
        id=str(subscription.id),
        endpoint=subscription.target.address,
        standard=subscription.target.standard,
        alerts=subscription.wish.named,
        policy=subscription.wish.policy.value,
        server_key=engines.config(VapidKey).public_text,
    )


def present_device(subscription: Subscription) -> PushDevice:
    """A phone's subscription."""
    return PushDevice(
        id=str(subscription.id),
        platform=subscription.target.channel.value,
        previews=subscription.target.previews,
        alerts=subscription.wish.named,
        policy=subscription.wish.policy.value,
    )
