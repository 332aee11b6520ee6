"""Nodeinfo 2.0 and 2.1 (https://nodeinfo.diaspora.software/schema.html), and the links that lead there."""

import msgspec


class Link(msgspec.Struct):
    """A link of a JSON resource descriptor (RFC 7033); absent parts are left out."""

    rel: str
    href: str | msgspec.UnsetType = msgspec.UNSET
    type: str | msgspec.UnsetType = msgspec.UNSET
    template: str | msgspec.UnsetType = msgspec.UNSET


class Links(msgspec.Struct):
    """Where to find what."""

    links: list[Link]


class Software(msgspec.Struct):
    """What runs here; version 2.1 says also where it comes from."""

    name: str
    version: str
    repository: str | msgspec.UnsetType = msgspec.UNSET


class Services(msgspec.Struct):
    """Other networks this server speaks with: none."""

    inbound: list[str] = msgspec.field(default_factory=list[str])
    outbound: list[str] = msgspec.field(default_factory=list[str])


class UserCounts(msgspec.Struct, rename={"active_month": "activeMonth", "active_half_year": "activeHalfyear"}):
    """How many people are here."""

    total: int
    active_month: int
    active_half_year: int


class NodeUsage(msgspec.Struct, rename={"local_posts": "localPosts"}):
    """How much goes on."""

    users: UserCounts
    local_posts: int


class Metadata(msgspec.Struct, rename={"name": "nodeName", "description": "nodeDescription"}):
    """What people call this server."""

    name: str
    description: str


class NodeInfo(msgspec.Struct, rename={"open_registrations": "openRegistrations"}):
    """This server for statisticians and for clients that choose their features by its name."""

    version: str
    software: Software
    services: Services
    usage: NodeUsage
    open_registrations: bool
    metadata: Metadata
    protocols: list[str] = msgspec.field(default_factory=list[str])
