"""`/api/v1/domain_blocks`: other servers one has blocked, of which there are none."""

import re
from typing import Final

from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.platform.errors import Invalid, Problem
from linnet.platform.site import Site

_DOMAIN: Final = re.compile(r"(?=.{1,253}\Z)[\w-]{1,63}(?:\.[\w-]{1,63})+\.?(?::\d{1,5})?")


class DomainForm(Form):
    """Which domain."""

    domain: str = ""


@endpoint("GET", "/api/v1/domain_blocks", scope="read:blocks")
async def list_domain_blocks(call: Call) -> list[str]:  # noqa: ARG001 -- every handler takes the call
    """Domains one has blocked: this server talks to no other, so always none."""
    return []


@endpoint("POST", "/api/v1/domain_blocks", scope="write:blocks")
async def block_domain(call: Call, form: DomainForm) -> None:
    """Block a domain: nothing comes from any other, so nothing is kept. This server's own cannot be blocked."""
    _check(call, form.domain)


@endpoint("DELETE", "/api/v1/domain_blocks", scope="write:blocks")
async def unblock_domain(call: Call, form: DomainForm) -> None:
    """Unblock a domain: none is blocked."""
    _check(call, form.domain)


def _check(call: Call, domain: str) -> None:
    domain = domain.strip().lower()
    if not domain:
        raise Invalid.of({"domain": [Problem("ERR_BLANK", "can't be blank")]})
    if not _DOMAIN.fullmatch(domain):
        raise Invalid.of({"domain": [Problem("ERR_INVALID", "is not a valid domain name")]})
    if domain.rstrip(".") == call.engines.config(Site).domain.lower():
        raise Invalid.of({"domain": [Problem("ERR_INVALID", "is this server's own")]})
