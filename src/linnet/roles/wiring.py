"""From settings to the engines every role works with. The only place where the one becomes the other."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from linnet.features.accounts.addresses import AddressRules
from linnet.features.accounts.challenges import ChallengeRules
from linnet.features.accounts.ip_blocks.gate import Gate
from linnet.features.accounts.mail_domains import MailDomainRules, normal
from linnet.features.accounts.passwords import PasswordRules
from linnet.features.accounts.signup import SignupMode, SignupRules
from linnet.features.filters.lenses import Lenses
from linnet.features.media.delivery import Deliveries
from linnet.features.media.known_bad.models import KnownBadRules
from linnet.features.media.models import MediaRules
from linnet.features.media.processing.limits import FilmLimits
from linnet.features.media.processing.pictures.studio import Studio
from linnet.features.moderation.alike.models import AlikeRules
from linnet.features.moderation.alike.watch import Watch
from linnet.features.moderation.policies import Policies
from linnet.features.moderation.rates import RateRules
from linnet.features.moderation.standings import Standings
from linnet.features.relationships.circles import Circles
from linnet.features.sessions.attempts import AttemptRules
from linnet.features.sessions.last_seen import LastSeen
from linnet.features.sessions.places import BadPlaces, Places
from linnet.features.sessions.recent import RecentAccess
from linnet.features.sessions.refusals import Refusals
from linnet.features.sessions.tokens import TokenRules
from linnet.features.statuses.marked import Viewers
from linnet.features.statuses.press import Press
from linnet.features.statuses.shelf import Shelf
from linnet.features.timelines.merged import Merged
from linnet.features.timelines.reach import Reaches
from linnet.features.timelines.strategy import Thresholds
from linnet.features.timelines.tagged import Tagged
from linnet.features.timelines.warm import Told
from linnet.features.trends.models import TrendRules
from linnet.mastodon.presenters.encoded import Encoded
from linnet.platform.bus import Bus
from linnet.platform.changes import Changes
from linnet.platform.clock import SystemClock
from linnet.platform.engines import Engines
from linnet.platform.health import HealthWatch
from linnet.platform.postgres import Database
from linnet.platform.replicas import Replicas, urls_in
from linnet.platform.site import Site
from linnet.platform.telemetry.metrics import MetricsAccess
from linnet.platform.valkey import Valkey
from linnet.platform.vapid import VapidKey
from linnet.push.mail.rules import BadMailRules, MailRules, sender_of, server_of
from linnet.reactions import REACTIONS
from linnet.roles import signing
from linnet.roles.keys import metrics_access, vapid_key
from linnet.roles.media import blobs_of, film_limits, media_at
from linnet.roles.outgoing import open_outgoing
from linnet.roles.rates import rate_rules
from linnet.settings import BadSetting, Settings

MIB = 1024 * 1024
"""Pictures that one process has made at the same time: each takes a core, and up to 1 GiB."""


@asynccontextmanager
async def open_engines(settings: Settings) -> AsyncGenerator[Engines]:
    """Connections to the engines and every configuration value, until the end; `EngineDown` when nobody answers."""
    assert settings.database_url, "whoever starts a role says which engines to use"
    assert settings.valkey_url, "whoever starts a role says which engines to use"
    replica_urls = replica_urls_of(settings)
    blobs = blobs_of(settings)
    db = await Database.connect(settings.database_url, connections_max=settings.database_connections)
    valkey = Valkey.connect(settings.valkey_url)
    try:
        changes = Changes(valkey)
        caches: dict[type, object] = {
            Gate: Gate(changes),
            RecentAccess: RecentAccess(changes),
            LastSeen: LastSeen(),
            Refusals: Refusals(),
            Circles: Circles(changes),
            Shelf: Shelf(changes),
            Viewers: Viewers(changes),
            Standings: Standings(changes),
            Lenses: Lenses(changes),
            Policies: Policies(changes),
            Deliveries: Deliveries(changes),
            Told: Told(),
            Merged: Merged(changes),
            Tagged: Tagged(changes),
            Reaches: Reaches(),
        }
        configs = {**configs_of(settings), **caches}
        configs[Encoded] = Encoded(cast("Site", configs[Site]))
        configs[Studio] = studio = Studio(pixels_max=settings.media_image_pixels, seats=settings.media_images_at_once)
        keeping_up = asyncio.create_task(signing.keep_up(settings, configs))
        try:
            async with (
                open_outgoing(settings) as outgoing,
                opened_replicas(settings, replica_urls, changes) as replicas,
            ):
                configs |= outgoing
                engines = Engines(db, valkey, Bus(valkey), changes, SystemClock(), REACTIONS, configs, replicas, blobs)
                configs[Press] = Press(engines)
                configs[Watch] = watch = Watch(engines)
                try:
                    yield engines
                finally:
                    await watch.close()
        finally:
            keeping_up.cancel()
            await studio.close()
    finally:
        await valkey.close()
        await db.close()


@asynccontextmanager
async def opened_replicas(settings: Settings, urls: Sequence[str], changes: Changes) -> AsyncGenerator[Replicas]:
    """The replicas at these addresses, until the end; whether they are there, and can be used, shows later."""
    replicas = await Replicas.connect(
        settings.database_url,
        urls,
        changes,
        connections_max=settings.database_connections,
        lag_max_s=settings.replica_lag_max,
    )
    try:
        yield replicas
    finally:
        replicas.close()


def replica_urls_of(settings: Settings) -> list[str]:
    """Where the replicas are; raises `BadSetting`, which does not repeat what may hold a password."""
    urls = urls_in(settings.database_replica_urls)
    if any(not url.startswith(("postgresql://", "postgres://")) for url in urls):
        raise BadSetting("LINNET_DATABASE_REPLICA_URLS must be addresses such as postgresql://user@host/name, as a,b.")
    return urls


def configs_of(settings: Settings) -> dict[type, object]:
    """What each feature is told of the settings, by type."""
    mail = mail_rules(settings)
    tokens = TokenRules(
        signing.signing_secrets(settings, time.time()),
        session_s=settings.session_timeout_s,
        lifetime_s=settings.session_lifetime_s,
    )
    return {
        Site: site_of(settings, tokens),
        PasswordRules: PasswordRules(
            cost=settings.bcrypt_cost,
            strength_checked=settings.password_strength,
            site_words=("linnet", settings.title, *(urlsplit(settings.url).hostname or "").split(".")),
        ),
        **signup_rules(settings),
        TokenRules: tokens,
        AttemptRules: AttemptRules(),
        Places: places(settings),
        MetricsAccess: metrics_access(settings),
        MailRules: mail,
        AddressRules: AddressRules(proved=mail.server is not None),
        VapidKey: vapid_key(settings),
        HealthWatch: HealthWatch(),
        Thresholds: Thresholds(
            hybrid_followers=settings.hybrid_followers,
            pull_followers=settings.pull_followers,
            active_days=settings.active_days,
            busy_followers=settings.busy_followers,
            busy_posts=settings.busy_posts,
        ),
        RateRules: rate_rules(settings),
        MediaRules: media_rules(settings),
        KnownBadRules: KnownBadRules(settings.media_known_bad_distance),
        FilmLimits: film_limits(settings),
        AlikeRules: AlikeRules(settings.moderation_window_posts, settings.moderation_window_hours),
        TrendRules: TrendRules(
            unreviewed=settings.trends_unreviewed,
            people_min=settings.trends_people,
            established_days=settings.trends_account_days,
        ),
    }


def media_rules(settings: Settings) -> MediaRules:
    """What uploads may be."""
    return MediaRules(
        image_bytes_max=settings.media_image_size * MIB,
        video_bytes_max=settings.media_video_size * MIB,
        image_pixels_max=settings.media_image_pixels,
        video_pixels_max=settings.media_video_pixels,
        video_frame_rate_max=settings.media_video_frame_rate,
        video_s_max=float(settings.media_duration),
        account_bytes_max=settings.media_quota * MIB,
    )


def site_of(settings: Settings, tokens: TokenRules) -> Site:
    """The server's public face; raises `BadSetting`."""
    return Site(
        settings.url,
        title=settings.title,
        description=settings.description,
        contact_email=settings.contact_email,
        software_name=settings.software_name,
        languages=tuple(part.strip() for part in settings.languages.split(",") if part.strip()),
        rules=tuple(line.strip() for line in settings.rules.splitlines() if line.strip()),
        streams_at=streams_at(settings),
        media_at=media_at(settings),
        seal_keys=tokens.seal_keys,
    )


def streams_at(settings: Settings) -> str:
    """Where streams are, if they are elsewhere; raises `BadSetting`."""
    if settings.streaming_url and not settings.streaming_url.startswith(("ws://", "wss://")):
        raise BadSetting(f"LINNET_STREAMING_URL={settings.streaming_url!r} must begin with ws:// or wss://")
    return settings.streaming_url.rstrip("/")


def signup_rules(settings: Settings) -> dict[type, object]:
    """How new people come in."""
    mode = SignupMode.APPROVAL if settings.approval_required else SignupMode.OPEN
    if not settings.registrations:
        mode = SignupMode.CLOSED
    if settings.registration_mode:
        mode = SignupMode(settings.registration_mode)
    refused = (normal(domain) for domain in settings.mail_domains_refused.split(",") if domain.strip())
    return {
        SignupRules: SignupRules(mode, settings.age_minimum, settings.registration_message),
        MailDomainRules: MailDomainRules(frozenset(refused), settings.disposable_mail_refused),
        ChallengeRules: ChallengeRules(settings.signup_challenge),
    }


def places(settings: Settings) -> Places:
    """Where addresses are; raises `BadSetting`."""
    if not settings.geoip_database:
        return Places()
    try:
        return Places.read(Path(settings.geoip_database).expanduser())
    except BadPlaces as error:
        raise BadSetting(
            f"LINNET_GEOIP_DATABASE={settings.geoip_database!r} cannot be used. {error.message}."
        ) from None


def mail_rules(settings: Settings) -> MailRules:
    """Which mail server takes letters, and in whose name; raises `BadSetting`."""
    host = urlsplit(settings.url).hostname or "localhost"
    try:
        server = server_of(settings.smtp_url)
    except BadMailRules as error:
        raise BadSetting(f"LINNET_SMTP_URL cannot be used. {error.message}") from None
    try:
        return MailRules(server, sender_of(settings.mail_from, title=settings.title, host=host), host)
    except BadMailRules as error:
        raise BadSetting(f"LINNET_MAIL_FROM cannot be used: {error.message}") from None
