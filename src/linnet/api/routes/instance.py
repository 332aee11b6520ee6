"""`/api/v1/instance` and `/api/v2/instance`: the server itself."""

import html
from datetime import UTC, date, datetime

from linnet.api.endpoint import Call, endpoint
from linnet.features.announcements import texts
from linnet.features.announcements.models import SiteTextName
from linnet.mastodon import dates
from linnet.mastodon.entities.instance import Instance, Rule, TermsOfService, Text, V1Instance, WeekActivity
from linnet.mastodon.presenters.instance import (
    present_activity,
    present_instance,
    present_rules,
    present_v1_instance,
)
from linnet.mastodon.presenters.texts import present_terms, present_text
from linnet.platform.errors import NotFound
from linnet.platform.site import Site

_STARTED_AT = dates.moment(datetime.now(UTC))
"""The short description comes from settings, which are read when a process starts: it is as old as that."""


@endpoint("GET", "/api/v2/instance", viewer="none")
async def show_instance(call: Call) -> Instance:
    """Show what this server is, what it allows, and who runs it."""
    return await present_instance(call.engines)


@endpoint("GET", "/api/v1/instance", viewer="none")
async def show_v1_instance(call: Call) -> V1Instance:
    """Show what this server is, as older clients ask for it."""
    return await present_v1_instance(call.engines)


@endpoint("GET", "/api/v1/instance/rules", viewer="none")
async def list_rules(call: Call) -> list[Rule]:
    """List the rules of this server."""
    return present_rules(call.engines.config(Site))


@endpoint("GET", "/api/v1/instance/activity", viewer="none")
async def list_activity(call: Call) -> list[WeekActivity]:
    """List the last twelve weeks in numbers, the present one first."""
    return await present_activity(call.engines)


@endpoint("GET", "/api/v1/instance/peers", viewer="none")
async def list_peers(call: Call) -> list[str]:  # noqa: ARG001 -- a handler's shape
    """List servers this one talks to: none."""
    return []


@endpoint("GET", "/api/v1/instance/domain_blocks", viewer="none")
async def list_domain_blocks(call: Call) -> list[str]:  # noqa: ARG001
    """List servers this one refuses to talk to: none."""
    return []


@endpoint("GET", "/api/v1/instance/extended_description", viewer="none")
async def show_extended_description(call: Call) -> Text:
    """Show what this server is for, at length; while nobody has written that, its short description."""
    try:
        return present_text(await texts.in_force(call.engines, SiteTextName.EXTENDED_DESCRIPTION))
    except NotFound:
        site = call.engines.config(Site)
        content = f"<p>{html.escape(site.description)}</p>" if site.description else ""
        return Text(_STARTED_AT, content)


@endpoint("GET", "/api/v1/instance/privacy_policy", viewer="none")
async def show_privacy_policy(call: Call) -> Text:
    """Show the privacy policy; "Record not found" while none was written."""
    return present_text(await texts.in_force(call.engines, SiteTextName.PRIVACY_POLICY))


@endpoint("GET", "/api/v1/instance/terms_of_service", viewer="none")
async def show_terms_of_service(call: Call) -> TermsOfService:
    """Show the terms of service that hold today; "Record not found" while none were written."""
    found = await texts.in_force(call.engines, SiteTextName.TERMS_OF_SERVICE)
    return present_terms(found, call.engines.clock.now().date())


@endpoint("GET", "/api/v1/instance/terms_of_service/{day}", viewer="none")
async def show_terms_from(call: Call, day: str) -> TermsOfService:
    """Show the terms of service that hold from a day on, such as 2026-05-01."""
    try:
        effective_on = date.fromisoformat(day)
    except ValueError:
        raise NotFound from None
    found = await texts.wording_of(call.engines, SiteTextName.TERMS_OF_SERVICE, effective_on)
    return present_terms(found, call.engines.clock.now().date())


@endpoint("GET", "/api/v1/instance/translation_languages", viewer="none")
async def show_translation_languages(call: Call) -> dict[str, list[str]]:  # noqa: ARG001
    """Show which languages can be translated into which: this server translates none."""
    return {}
