"""Settings of the ways out: what the server asks of others by itself, and through whom it notifies phones."""

from typing import Annotated

import msgspec
from msgspec import Meta


class PushSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The part of `Settings` about requests that this server makes."""

    outgoing_allowed: Annotated[
        str,
        Meta(
            description="Networks that link previews and push messages may reach although they are not the public "
            "internet, as 192.168.7.0/24. Empty: none, so that nobody can have this server ask its neighbours."
        ),
    ] = ""
    link_previews: Annotated[
        bool, Meta(description="Whether the server looks at pages that posts link to, to show what they are about.")
    ] = True
    vapid_private_key: Annotated[
        str,
        Meta(
            description="Private key by which push services know this server (VAPID): 32 bytes in base64url, as "
            "Mastodon and `web-push` make them. Empty: generated once, mode 0600. Another key ends all subscriptions."
        ),
    ] = ""
    fcm_credentials: Annotated[
        str,
        Meta(
            description="JSON of a Firebase service account, through which apps on Android are notified; best by "
            "LINNET_FCM_CREDENTIALS_FILE. Empty: they are not."
        ),
    ] = ""
    fcm_url: Annotated[str, Meta(description="Where Google's service is, if not at fcm.googleapis.com.")] = ""
    apns_key: Annotated[
        str,
        Meta(
            description="Contents of the .p8 key by which apps of Apple's phones are notified; best by "
            "LINNET_APNS_KEY_FILE. Empty: they are not."
        ),
    ] = ""
    apns_key_id: Annotated[str, Meta(description="Id of that key, ten characters.")] = ""
    apns_team_id: Annotated[str, Meta(description="Id of the team whose key it is.")] = ""
    apns_topic: Annotated[str, Meta(description="Bundle id of the app that is notified.")] = ""
    apns_url: Annotated[
        str,
        Meta(description="Where Apple's service is: https://api.sandbox.push.apple.com for apps under development."),
    ] = ""
