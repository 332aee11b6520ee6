"""`/api/v1/instance` and `/api/v2/instance`: the server itself."""

import html
from datetime import UTC, datetime

from linnet.api.endpoint import Call, endpoint
from linnet.mastodon import dates
from linnet.mastodon.entities.instance import Instance, Rule, Text, V1Instance, WeekActivity
from linnet.mastodon.presenters.instance import (
    present_activity,
    present_instance,
    present_rules,
    present_v1_instance,
)
from linnet.platform.errors import NotFound
from linnet.platform.site import Site

_STARTED_AT = dates.moment(datetime.now(UTC))
"""Texts come from settings, which are read when a process starts: they are as old as that."""


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
    """Show what this server is for, at length."""
    site = call.engines.config(Site)
    content = f"<p>{html.escape(site.description)}</p>" if site.description else ""
    return Text(_STARTED_AT, content)


@endpoint("GET", "/api/v1/instance/privacy_policy", viewer="none")
async def show_privacy_policy(call: Call) -> Text:  # noqa: ARG001
    """Show the privacy policy; "Record not found" while none was written."""
    raise NotFound


@endpoint("GET", "/api/v1/instance/terms_of_service", viewer="none")
async def show_terms_of_service(call: Call) -> Text:  # noqa: ARG001
    """Show the terms of service; "Record not found" while none were written."""
    raise NotFound


@endpoint("GET", "/api/v1/instance/translation_languages", viewer="none")
async def show_translation_languages(call: Call) -> dict[str, list[str]]:  # noqa: ARG001
    """Show which languages can be translated into which: this server translates none."""
    return {}
