"""`/nodeinfo`: this server for statisticians, and for clients that choose their features by its name."""

from linnet import __version__
from linnet.api.endpoint import Call, endpoint
from linnet.features.accounts.signup import SignupMode, SignupRules
from linnet.features.timelines.census import census
from linnet.mastodon.entities.nodeinfo import Link, Links, Metadata, NodeInfo, NodeUsage, Services, Software, UserCounts
from linnet.mastodon.presenters.instance import SOURCE_URL, VERSION
from linnet.platform.site import Site

_REL = "http://nodeinfo.diaspora.software/ns/schema/"


@endpoint("GET", "/.well-known/nodeinfo", viewer="none")
async def list_versions(call: Call) -> Links:
    """List the versions of nodeinfo there are."""
    return Links([Link(_REL + number, call.address_of(f"/nodeinfo/{number}")) for number in ("2.0", "2.1")])


@endpoint("GET", "/nodeinfo/2.0", viewer="none")
async def show(call: Call) -> NodeInfo:
    """Show what runs here and how much goes on."""
    return await _nodeinfo(call, "2.0")


@endpoint("GET", "/nodeinfo/2.1", viewer="none")
async def show_newer(call: Call) -> NodeInfo:
    """Show the same in version 2.1."""
    return await _nodeinfo(call, "2.1")


async def _nodeinfo(call: Call, version: str) -> NodeInfo:
    site = call.engines.config(Site)
    numbers = await census(call.engines)
    ours = site.software_name == "linnet"
    software = Software(site.software_name, __version__ if ours else VERSION)
    if version == "2.1":
        software.repository = SOURCE_URL
    return NodeInfo(
        version=version,
        software=software,
        services=Services(),
        usage=NodeUsage(UserCounts(numbers.members, numbers.active_month, numbers.active_half_year), numbers.statuses),
        open_registrations=call.engines.config(SignupRules).mode is SignupMode.OPEN,
        metadata=Metadata(site.title, site.description),
    )
