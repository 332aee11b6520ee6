"""`/.well-known`: who is meant by `acct:name@domain`, and where to ask for it."""

import mimetypes
from xml.sax.saxutils import quoteattr

import msgspec

from linnet.api.answers import Answer
from linnet.api.endpoint import Call, endpoint
from linnet.api.forms import Form
from linnet.features.accounts import reads as accounts
from linnet.features.accounts.handles import local_name
from linnet.mastodon.entities.nodeinfo import Link
from linnet.mastodon.entities.webfinger import Descriptor
from linnet.mastodon.presenters.accounts import drawn_urls, portrait_urls
from linnet.platform.errors import Malformed, NotFound
from linnet.platform.site import Site

JRD = "application/jrd+json; charset=utf-8"
XRD = "application/xrd+xml; charset=utf-8"
_PROFILE_PAGE = "http://webfinger.net/rel/profile-page"
_AVATAR = "http://webfinger.net/rel/avatar"
_CACHED = (("Cache-Control", "public, max-age=300"),)


class WebfingerForm(Form):
    """Who is asked for: `acct:name@domain`, or the address of a profile."""

    resource: str = ""


@endpoint("GET", "/.well-known/webfinger", viewer="none")
async def show_webfinger(call: Call, form: WebfingerForm) -> Answer:
    """Say who is meant and where their page is (RFC 7033)."""
    site = call.engines.config(Site)
    if not form.resource:
        raise Malformed("Say whom you mean: ?resource=acct:name@domain")
    name = _name_of(site, form.resource)
    found = await accounts.by_usernames(call.engines.db, [name]) if name else {}
    if not found:
        raise NotFound
    (account,) = found.values()
    page = site.account_url(account.username)
    avatar = (portrait_urls(site, account.avatar) or drawn_urls(site, "avatars", account))[0]
    avatar_type = mimetypes.guess_type(avatar)[0] or "image/png"
    described = Descriptor(
        subject=f"acct:{account.username}@{site.domain}",
        aliases=[page],
        links=[Link(_PROFILE_PAGE, page, "text/html"), Link(_AVATAR, avatar, avatar_type)],
    )
    return Answer(200, msgspec.json.encode(described), JRD, _CACHED)


def _name_of(site: Site, resource: str) -> str | None:
    if resource.startswith(f"{site.public_url}/@"):
        return resource.removeprefix(f"{site.public_url}/@").rstrip("/")
    return local_name(resource.removeprefix("acct:"), site.domain) if resource.startswith("acct:") else None


@endpoint("GET", "/.well-known/host-meta", viewer="none")
async def show_host_meta(call: Call) -> Answer:
    """Say where webfinger is (RFC 6415)."""
    template = quoteattr(_template(call))
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n'
        f'  <Link rel="lrdd" template={template}/>\n'
        "</XRD>\n"
    )
    return Answer(200, text.encode(), XRD, _CACHED)


@endpoint("GET", "/.well-known/host-meta.json", viewer="none")
async def show_host_meta_json(call: Call) -> Answer:
    """Say the same in JSON."""
    links = {"links": [Link("lrdd", type=JRD.partition(";")[0], template=_template(call))]}
    return Answer(200, msgspec.json.encode(links), JRD, _CACHED)


def _template(call: Call) -> str:
    return call.address_of("/.well-known/webfinger?resource={uri}")
