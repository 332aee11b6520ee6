"""The server itself for the wire: what it is, what it allows, and how much goes on."""

import html
from typing import Final

from linnet import __version__
from linnet.features.accounts import census as accounts
from linnet.features.accounts.models import (
    DISPLAY_NAME_LENGTH_MAX,
    FIELD_NAME_LENGTH_MAX,
    FIELD_VALUE_LENGTH_MAX,
    FIELDS_MAX,
    NOTE_LENGTH_MAX,
    PICTURE_DESCRIPTION_LENGTH_MAX,
)
from linnet.features.accounts.signup import SignupMode, SignupRules
from linnet.features.media.models import DESCRIPTION_LENGTH_MAX, PER_STATUS_MAX, SUPPORTED_TYPES, MediaRules
from linnet.features.statuses.models import PINS_MAX, TEXT_LENGTH_MAX
from linnet.features.statuses.polls.models import DURATION_MAX_S, DURATION_MIN_S, OPTION_LENGTH_MAX, OPTIONS_MAX
from linnet.features.statuses.text import URL_LENGTH_COUNTED
from linnet.features.timelines import census
from linnet.mastodon.entities import instance as entities
from linnet.mastodon.entities.account import Account
from linnet.mastodon.presenters.accounts import present_accounts
from linnet.platform.engines import Engines
from linnet.platform.site import Site
from linnet.platform.vapid import VapidKey

VERSION: Final = f"4.7.0+linnet-{__version__}"
"""The version of Mastodon whose API this is, in the form that clients take apart, and our own."""

API_VERSION: Final = 7
"""Mastodon 4.5's number, the first with quotes. Clients show what this promises: raise it with what is built."""

SOURCE_URL: Final = "https://pypi.org/project/linnet/"
LOGO_SIZES: Final = (192, 512)

_INVITED: Final = "Members of this server can invite you. With their invitation you can join on the website."
_CLOSED: Final = "This server does not take new members."

_POLLS: Final = entities.PollLimits(
    max_options=OPTIONS_MAX,
    max_characters_per_option=OPTION_LENGTH_MAX,
    min_expiration=DURATION_MIN_S,
    max_expiration=DURATION_MAX_S,
)
_STATUSES: Final = entities.StatusLimits(
    max_characters=TEXT_LENGTH_MAX, max_media_attachments=PER_STATUS_MAX, characters_reserved_per_url=URL_LENGTH_COUNTED
)
_ACCOUNTS: Final = entities.AccountLimits(
    max_featured_tags=0,
    max_pinned_statuses=PINS_MAX,
    max_profile_fields=FIELDS_MAX,
    profile_field_name_limit=FIELD_NAME_LENGTH_MAX,
    profile_field_value_limit=FIELD_VALUE_LENGTH_MAX,
    max_display_name_length=DISPLAY_NAME_LENGTH_MAX,
    max_note_length=NOTE_LENGTH_MAX,
    max_avatar_description_length=PICTURE_DESCRIPTION_LENGTH_MAX,
    max_header_description_length=PICTURE_DESCRIPTION_LENGTH_MAX,
)


async def present_instance(engines: Engines) -> entities.Instance:
    """The server, as version 2 of the API tells it."""
    site, signups = engines.config(Site), engines.config(SignupRules)
    numbers = await census.census(engines)
    is_closed, is_approved = signups.mode is SignupMode.CLOSED, signups.mode is SignupMode.APPROVAL
    return entities.Instance(
        domain=site.domain,
        title=site.title,
        version=VERSION,
        source_url=SOURCE_URL,
        description=site.description,
        usage=entities.Usage(entities.MonthlyUsers(numbers.active_month)),
        thumbnail=entities.Picture(_logo(site, 512), entities.Thumbnail(_logo(site, 512), _logo(site, 1024))),
        icon=[entities.Icon(_logo(site, size), f"{size}x{size}") for size in LOGO_SIZES],
        languages=list(site.languages),
        configuration=entities.Configuration(
            urls=entities.Urls(streaming=site.streaming_url, about=f"{site.public_url}/"),
            accounts=_ACCOUNTS,
            statuses=_STATUSES,
            media_attachments=_media(engines),
            polls=_POLLS,
            vapid=entities.Vapid(engines.config(VapidKey).public_text),
        ),
        registrations=entities.Registrations(
            enabled=signups.mode in {SignupMode.OPEN, SignupMode.APPROVAL},
            approval_required=is_approved,
            reason_required=is_approved,
            message=_message(signups),
            min_age=signups.age_minimum or None,
            url=None if is_closed else f"{site.public_url}/signup",
        ),
        contact=entities.Contact(site.contact_email, await _contact(engines)),
        rules=present_rules(site),
        api_versions=entities.ApiVersions(API_VERSION),
    )


async def present_v1_instance(engines: Engines) -> entities.V1Instance:
    """The server, as version 1 of the API tells it."""
    site, mode = engines.config(Site), engines.config(SignupRules).mode
    numbers = await census.census(engines)
    return entities.V1Instance(
        uri=site.domain,
        title=site.title,
        short_description=site.description,
        description=site.description,
        email=site.contact_email,
        version=VERSION,
        urls=entities.V1Urls(site.streaming_url),
        stats=entities.V1Stats(user_count=numbers.members, status_count=numbers.statuses, domain_count=1),
        thumbnail=_logo(site, 512),
        languages=list(site.languages),
        registrations=mode in {SignupMode.OPEN, SignupMode.APPROVAL},
        approval_required=mode is SignupMode.APPROVAL,
        invites_enabled=mode is not SignupMode.CLOSED,
        configuration=entities.V1Configuration(_ACCOUNTS, _STATUSES, _media(engines), _POLLS),
        contact_account=await _contact(engines),
        rules=present_rules(site),
    )


def _media(engines: Engines) -> entities.MediaLimits:
    rules = engines.config(MediaRules)
    return entities.MediaLimits(
        supported_mime_types=list(SUPPORTED_TYPES),
        description_limit=DESCRIPTION_LENGTH_MAX,
        image_size_limit=rules.image_bytes_max,
        image_matrix_limit=rules.image_pixels_max,
        video_size_limit=rules.video_bytes_max,
        video_frame_rate_limit=rules.video_frame_rate_max,
        video_matrix_limit=rules.video_pixels_max,
    )


def _message(signups: SignupRules) -> str | None:
    """What whoever cannot join by themselves reads, as HTML; None while everybody can."""
    if signups.mode in {SignupMode.OPEN, SignupMode.APPROVAL}:
        return None
    own = _INVITED if signups.mode is SignupMode.INVITE else _CLOSED
    return f"<p>{html.escape(signups.message or own)}</p>"


def present_rules(site: Site) -> list[entities.Rule]:
    """The server's rules in their order."""
    return [entities.Rule(str(number), text) for number, text in enumerate(site.rules, 1)]


async def present_activity(engines: Engines) -> list[entities.WeekActivity]:
    """The last weeks in numbers, the present one first."""
    return [
        entities.WeekActivity(
            week=str(int(week.starts_at.timestamp())),
            statuses=str(week.statuses),
            logins=str(week.logins),
            registrations=str(week.registrations),
        )
        for week in await census.weeks(engines)
    ]


async def _contact(engines: Engines) -> Account | None:
    account_id = await accounts.contact_id(engines.db)
    return None if account_id is None else (await present_accounts(engines, [account_id])).get(account_id)


def _logo(site: Site, size: int) -> str:
    return f"{site.public_url}/pictures/logos/{size}.png"
