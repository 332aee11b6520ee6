"""From settings to the clients by which this server asks others, and to who takes messages to phones."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from linnet import __version__
from linnet.features.notifications.subscriptions.models import Channel, Channels
from linnet.features.statuses.cards.models import Previews
from linnet.platform.addresses import networks_in
from linnet.platform.http import Outgoing, OutgoingRules
from linnet.push import apns, fcm
from linnet.push.outcomes import BadCredentials
from linnet.push.senders import Senders
from linnet.push.web.resting import Resting
from linnet.settings import BadSetting, Settings

SERVICE_REQUESTS: Final = 64
"""Messages under way to Google or Apple at once: all of them go there."""


@asynccontextmanager
async def open_outgoing(settings: Settings) -> AsyncGenerator[dict[type, object]]:
    """`Outgoing`, `Previews`, `Resting`, `Senders`, `Channels` by type, until the end; raises `BadSetting`."""
    rules = rules_of(settings)
    google, apple = fcm_account(settings), apns_account(settings)
    clients = [Outgoing(rules)]
    senders = Senders()
    channels = {Channel.WEB}
    if google:
        clients.append(Outgoing(rules, origin_requests=SERVICE_REQUESTS))
        senders = Senders(fcm.Fcm(google, clients[-1]))
        channels.add(Channel.FCM)
    if apple:
        clients.append(Outgoing(rules, http2=True, origin_requests=SERVICE_REQUESTS))
        senders = Senders(senders.fcm, apns.Apns(apple, clients[-1]))
        channels.add(Channel.APNS)
    try:
        yield {
            Outgoing: clients[0],
            Previews: Previews(settings.link_previews),
            Resting: Resting(),
            Senders: senders,
            Channels: Channels(frozenset(channels)),
        }
    finally:
        for client in clients:
            await client.close()


def rules_of(settings: Settings) -> OutgoingRules:
    """How requests to others are made; raises `BadSetting`."""
    try:
        allowed = networks_in(settings.outgoing_allowed)
    except ValueError as error:
        raise BadSetting(f"LINNET_OUTGOING_ALLOWED: {error}") from None
    return OutgoingRules(f"Linnet/{__version__} (+{settings.url}/)", allowed)


def fcm_account(settings: Settings) -> fcm.FcmAccount | None:
    """Google's account of this server, if it has one; raises `BadSetting`."""
    if not settings.fcm_credentials:
        return None
    try:
        return fcm.account_of(settings.fcm_credentials, settings.fcm_url)
    except BadCredentials as error:
        raise BadSetting(f"LINNET_FCM_CREDENTIALS cannot be used. {error.message}.") from None


def apns_account(settings: Settings) -> apns.ApnsAccount | None:
    """Apple's account of this server, if it has one; raises `BadSetting`."""
    if not settings.apns_key:
        return None
    try:
        return apns.account_of(
            settings.apns_key,
            key_id=settings.apns_key_id,
            team_id=settings.apns_team_id,
            topic=settings.apns_topic,
            url=settings.apns_url,
        )
    except BadCredentials as error:
        raise BadSetting(f"LINNET_APNS_KEY cannot be used. {error.message}.") from None
