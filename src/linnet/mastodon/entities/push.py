"""WebPushSubscription (https://docs.joinmastodon.org/entities/WebPushSubscription/) and our devices, as on the wire."""

import msgspec


class WebPushSubscription(msgspec.Struct, kw_only=True):
    """Where an app's pushes go and of what; `server_key` is what it subscribed with."""

    id: str
    endpoint: str
    standard: bool
    alerts: dict[str, bool]
    policy: str
    server_key: str


class PushDevice(msgspec.Struct, kw_only=True):
    """A phone that is notified through its maker's service; its token is not told again."""

    id: str
    platform: str
    previews: bool
    alerts: dict[str, bool]
    policy: str
